"""Real threads, real commits: a quote is sent, signed and turned into a project once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from app.audit.models import AuditEntry
from app.documents.models import Signature
from app.documents.services import SignatureData
from app.entitlements.constants import Dimension
from app.entitlements.services import set_allowance
from app.kernel.errors import RuleError
from app.notify.models import WorkshopEmail
from app.portal.services import sign_quote
from app.projects.models import Project
from app.projects.services.starting import start_project
from app.quotes.constants import LineKind
from app.quotes.models import Quote, QuoteLine
from app.quotes.services.drafting import create_draft, new_draft, new_version
from app.quotes.services.sending import finish_sending, send_quote
from app.quotes.tasks import sweep
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Workshop]:
    yield factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


def together(work: Callable[[int], Any]) -> list[Any]:
    """Run the work in threads that start on the same signal; a refusal is a result."""
    start = Barrier(AT_ONCE)

    def one(rank: int) -> Any:
        start.wait(10)
        try:
            return work(rank)
        except RuleError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.mark.spec("QUO-08")
def test_quotes_sent_at_once_have_numbers_without_gap_nor_double(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        quotes = [factories.quote(shop) for _ in range(AT_ONCE)]

    def send(rank: int) -> None:
        with workshop_scope(shop.pk):
            send_quote(workshop=shop, actor=factories.ACTOR, quote=quotes[rank])
            if rank == 2:
                raise RuleError("rolled back after its number was taken")

    together(send)
    with workshop_scope(shop.pk):
        numbers = sorted(Quote.objects.exclude(number=None).values_list("number", flat=True))
    assert [int(number[-4:]) for number in numbers] == list(range(1, AT_ONCE))


@pytest.mark.spec("QUO-01")
@pytest.mark.parametrize("limit", [None, 1])
def test_a_new_quote_posted_at_once_is_one_draft_even_the_last_of_the_quota(shop: Workshop, limit: int | None) -> None:
    key = uuid4()
    with workshop_scope(shop.pk):
        customer = factories.customer(shop)
        if limit:
            set_allowance(workshop=shop, actor=factories.ACTOR, dimension=Dimension.QUOTES, limit=limit)

    def post(rank: int) -> int:
        with workshop_scope(shop.pk):
            quote = new_draft(shop, customer)
            quote.title = "Portail"
            line = QuoteLine(kind=LineKind.ITEM, designation="Pose", quantity=1, unit_price=Decimal(80))
            return create_draft(workshop=shop, actor=factories.ACTOR, quote=quote, lines=[line], key=key).pk

    assert len(set(together(post))) == 1
    with workshop_scope(shop.pk):
        quote = Quote.objects.get()
        assert QuoteLine.objects.filter(quote=quote).count() == 1
        assert AuditEntry.objects.filter(action="quote.created").count() == 1


@pytest.mark.spec("QUO-10", "NOT-05")
def test_one_quote_sent_by_several_clicks_leaves_once(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        quote = factories.quote(shop)

    def send(rank: int) -> None:
        with workshop_scope(shop.pk):
            send_quote(workshop=shop, actor=factories.ACTOR, quote=quote)

    refused = [result for result in together(send) if isinstance(result, RuleError)]
    assert len(refused) == AT_ONCE - 1
    with workshop_scope(shop.pk):
        assert WorkshopEmail.objects.count() == 1


@pytest.mark.spec("SIG-10", "QUO-09")
def test_a_quote_signed_in_several_tabs_is_signed_once(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        quote = send_quote(workshop=shop, actor=factories.ACTOR, quote=factories.quote(shop))
    data = SignatureData(name="Camille Lefèvre", method="typed", consent="J'accepte")

    def sign(rank: int) -> Project:
        with workshop_scope(shop.pk):
            return sign_quote(workshop=shop, actor=factories.ACTOR, quote=quote, data=data)

    results = together(sign)
    assert sum(isinstance(result, Project) for result in results) == 1

    def start(rank: int) -> Project:
        with workshop_scope(shop.pk):
            return start_project(workshop=shop, actor=factories.ACTOR, quote=quote)

    assert len({project.pk for project in together(start)}) == 1
    with workshop_scope(shop.pk):
        assert (Signature.objects.count(), Project.objects.count()) == (1, 1)
        assert AuditEntry.objects.filter(action="quote.signed").count() == 1
        assert WorkshopEmail.objects.filter(kind="signed_copy").count() == 2


@pytest.mark.spec("SIG-08", "SIG-10")
def test_a_version_sent_while_the_older_one_is_signed_leaves_one_contract(shop: Workshop) -> None:
    """Whichever comes first: the signature keeps the version from leaving, or the version makes the older one void."""
    data = SignatureData(name="Camille Lefèvre", method="typed", consent="J'accepte")
    for _time in range(4):
        with workshop_scope(shop.pk):
            older = send_quote(workshop=shop, actor=factories.ACTOR, quote=factories.quote(shop))
        with workshop_scope(shop.pk):
            finish_sending(workshop=shop, quote_pk=older.pk)
            version = new_version(workshop=shop, actor=factories.ACTOR, quote=older)

        def race(rank: int, older: Quote = older, version: Quote = version) -> Any:
            with workshop_scope(shop.pk):
                if rank % 2:
                    return send_quote(workshop=shop, actor=factories.ACTOR, quote=version)
                return sign_quote(workshop=shop, actor=factories.ACTOR, quote=older, data=data)

        done = [result for result in together(race) if not isinstance(result, RuleError)]
        assert len(done) == 1


@pytest.mark.spec("OPS-04", "NOT-05")
def test_a_lost_task_is_found_again(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis was down when the quote was sent: the sweep makes its PDF and its mail, once."""
    monkeypatch.setattr("app.kernel.jobs._send", lambda task, kwargs: None)
    with workshop_scope(shop.pk):
        quote = send_quote(workshop=shop, actor=factories.ACTOR, quote=factories.quote(shop))
        Quote.objects.update(sent_at="2026-01-01T00:00Z")
    monkeypatch.undo()
    sweep()
    sweep()
    with workshop_scope(shop.pk):
        quote.refresh_from_db()
        assert quote.mailed_at
        assert quote.pdf_sha256
        assert WorkshopEmail.objects.count() == 1
        finish_sending(workshop=shop, quote_pk=quote.pk)
        assert WorkshopEmail.objects.count() == 1
