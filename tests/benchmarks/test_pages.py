"""What a page costs beside a bare answer of the same process: compare the rows of one run, not the milliseconds.

`make bench` prints the table; `full list` is the yardstick of the others.
"""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.template.base import Template
from django.test import Client
from django.test.utils import _TestState

from app.projects.models import Project
from app.quotes.models import Quote, QuoteLine
from app.quotes.services.drafting import new_draft, save_draft
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark(group="pages")]
ROWS = 2_000


@pytest.fixture(autouse=True)
def as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages as production draws them: without the recorder that tests put into each template, loading out of the way."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)
    gc.collect()
    gc.freeze()


@pytest.fixture
def shop(workshop: Workshop) -> Workshop:
    """A workshop with two thousand quotes of one customer."""
    with workshop_scope(workshop.pk):
        first = factories.quote(workshop)
        rows = [
            Quote(workshop=workshop, customer_id=first.customer_id, title=f"Devis {rank}", total_incl_tax=rank)
            for rank in range(ROWS)
        ]
        Quote.objects.bulk_create(rows, batch_size=500)
        factories.project(workshop)
    return workshop


@pytest.fixture
def desk(shop: Workshop) -> Client:
    member: Membership = factories.member(shop, Role.OWNER, email="olivia@vulcain.test")
    return signed_in(member)


def asked(client: Client, path: str) -> Callable[[], int]:
    """Ask for a page and check that it came."""

    def ask() -> int:
        answer = client.get(path)
        assert answer.status_code == 200, answer.status_code
        return len(answer.content)

    return ask


def test_bare_answer(benchmark: Any, db: None) -> None:
    benchmark(asked(Client(), "/healthz"))


def test_full_list(benchmark: Any, desk: Client) -> None:
    benchmark(asked(desk, "/app/atelier-vulcain/devis/"))


def test_list_searched(benchmark: Any, desk: Client) -> None:
    benchmark(asked(desk, "/app/atelier-vulcain/devis/?q=porta"))


def test_detail(benchmark: Any, desk: Client, shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        quote_pk = Quote.objects.earliest("pk").pk
    benchmark(asked(desk, f"/app/atelier-vulcain/devis/{quote_pk}/"))


def test_project(benchmark: Any, desk: Client, shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        project_pk = Project.objects.get().pk
    benchmark(asked(desk, f"/app/atelier-vulcain/projets/{project_pk}/"))


def test_dashboard(benchmark: Any, desk: Client) -> None:
    benchmark(asked(desk, "/app/atelier-vulcain/"))


@pytest.fixture
def site(db: None) -> Iterator[None]:
    for command in ("load_catalogue", "load_plans", "load_site"):
        call_command(command, verbosity=0)
    yield


def test_public_home(benchmark: Any, site: None) -> None:
    benchmark(asked(Client(), "/"))


def test_create_a_quote(benchmark: Any, shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        customer, powder = factories.customer(shop), factories.powder(shop)

        def create() -> None:
            draft = new_draft(shop, customer)
            draft.title = "Portail"
            line = QuoteLine(designation="Panneaux", surface_m2=factories.Decimal(3), powder=powder)
            save_draft(workshop=shop, actor=factories.ACTOR, quote=draft, lines=[line])

        benchmark(create)
