"""Drafts, jobs, logs and counters say in which workshop and by which person they were caused."""

from io import BytesIO
from typing import Any

import pytest
import structlog
from django_structlog.celery.receivers import CeleryReceiver
from pytest_django import Settings
from structlog.testing import capture_logs

from app.billing.constants import OrderKind
from app.billing.models import BillingOrder
from app.billing.services.orders import place_order
from app.dataio.models import CustomerExport, CustomerImport
from app.dataio.services import preparing
from app.dataio.services.exporting import ask_export
from app.entitlements.constants import Dimension, Source
from app.entitlements.errors import QuotaReachedError
from app.entitlements.models import UsageDay
from app.entitlements.selectors import list_days
from app.entitlements.services import allow, consume, release
from app.notify.models import WorkshopEmail
from app.powders.models import PowderImport
from app.powders.services import imports
from app.quotes.models import Quote
from app.quotes.services.sending import finish_sending, send_quote
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.spec("TEN-12")]
CUSTOMERS = b"Nom;E-mail\nVasseur;lea@client.test\n"
POWDERS = b"Reference;Nom;RAL\nRAL7016;Gris anthracite;7016\n"


def _actor(member: Membership) -> Actor:
    return Actor(label=str(member.user), origin=Origin.SCREEN, user_id=member.user_id)


def test_drafts_and_jobs_name_the_person_who_caused_them(
    in_scope: Workshop, owner: Membership, settings: Settings
) -> None:
    actor, settings.STRIPE_SECRET_KEY = _actor(owner), "sk_test_none"
    preparing.keep_file(workshop=in_scope, actor=actor, name="clients.csv", file=BytesIO(CUSTOMERS))
    imports.keep_file(workshop=in_scope, actor=actor, name="poudres.csv", file=BytesIO(POWDERS))
    ask_export(workshop=in_scope, actor=actor, filters={})
    place_order(workshop=in_scope, actor=actor, kind=OrderKind.CANCEL)
    for model, field in (
        (CustomerImport, "user_id"),
        (PowderImport, "user_id"),
        (CustomerExport, "user_id"),
        (BillingOrder, "created_by_id"),
    ):
        assert list(model.objects.values_list("workshop_id", field)) == [(in_scope.pk, owner.user_id)], model


def test_a_draft_and_its_message_are_those_of_whoever_wrote_and_sent_them(
    workshop: Workshop, owner: Membership
) -> None:
    with workshop_scope(workshop.pk):
        quote = factories.quote(workshop)
    signed_in(owner).post(f"/app/{workshop.slug}/devis/{quote.pk}/copier/")
    with workshop_scope(workshop.pk):
        copy = Quote.objects.latest("pk")
        assert (copy.pk == quote.pk, copy.created_by_id) == (False, owner.user_id)
        send_quote(workshop=workshop, actor=_actor(owner), quote=quote)
        finish_sending(workshop=workshop, quote_pk=quote.pk)
        assert set(WorkshopEmail.objects.values_list("workshop_id", "user_id")) == {(workshop.pk, owner.user_id)}


def test_the_log_of_use_is_kept_by_person(workshop: Workshop, owner: Membership, operator: Membership) -> None:
    with workshop_scope(workshop.pk):
        allow(workshop=workshop, limits={"quotes": 4}, source=Source.PLAN)
        for actor, amount in ((_actor(owner), 2), (_actor(operator), 1), (None, 1)):
            consume(workshop=workshop, dimension=Dimension.QUOTES, actor=actor, amount=amount)
            consume(workshop=workshop, dimension=Dimension.CONTACTS, actor=actor, amount=amount)
        release(workshop=workshop, dimension=Dimension.CONTACTS, actor=_actor(owner))
    with pytest.raises(QuotaReachedError), workshop_scope(workshop.pk):
        consume(workshop=workshop, dimension=Dimension.QUOTES, actor=_actor(operator))
    with workshop_scope(workshop.pk):
        rows = UsageDay.objects.values_list("dimension", "user_id", "added", "refused")
        assert set(rows) == {
            ("quotes", owner.user_id, 2, 0), ("quotes", operator.user_id, 1, 1), ("quotes", None, 1, 0),
            ("contacts", owner.user_id, 1, 0), ("contacts", operator.user_id, 1, 0), ("contacts", None, 1, 0),
        }  # fmt: skip
        [day] = list_days("quotes", workshop.created_at.date()).values()
        assert (day.added, day.refused) == (4, 1)


def test_what_a_screen_creates_is_counted_for_who_did_it(workshop: Workshop, owner: Membership) -> None:
    answer = signed_in(owner).post(
        f"/app/{workshop.slug}/clients/nouveau/", {"type": "particulier", "last_name": "Vasseur", "country": "FR"}
    )
    assert answer.status_code == 302
    with workshop_scope(workshop.pk):
        counted = UsageDay.objects.filter(dimension="contacts").values_list("user_id", "added")
        assert list(counted) == [(owner.user_id, 1)]


def test_each_line_of_the_log_names_the_workshop_and_the_person_and_so_do_its_tasks(
    workshop: Workshop, owner: Membership
) -> None:
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        assert signed_in(owner).get(f"/app/{workshop.slug}/clients/").status_code == 200
    [ended] = [line for line in lines if line["event"] == "request_finished"]
    assert (ended["workshop_id"], ended["user_id"]) == (workshop.pk, owner.user_id)
    headers: dict[str, Any] = {}
    with structlog.contextvars.bound_contextvars(workshop_id=workshop.pk, user_id=owner.user_id):
        CeleryReceiver().receiver_before_task_publish(headers=headers)
    carried = headers["__django_structlog__"]
    assert (carried["workshop_id"], carried["user_id"]) == (workshop.pk, owner.user_id)
