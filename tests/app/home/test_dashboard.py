"""The office's home: to each role its own day, counted from the rows."""

from datetime import date, timedelta

import pytest
from django.test import Client

from app.home.dashboard import build_dashboard
from app.projects.models import Project
from app.quotes.constants import QuoteStatus
from app.quotes.models import Quote
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Permission, Role, permissions_of
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in
from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.spec("SCR-02", "REP-17")]
TODAY = date(2026, 11, 20)


@pytest.fixture
def day(workshop: Workshop) -> Workshop:
    """One project late, one for this week, one ready; one quote sent and one draft."""
    with workshop_scope(workshop.pk):
        for title, promised in (
            ("Portail en retard", TODAY - timedelta(days=2)),
            ("Jantes", TODAY + timedelta(days=3)),
        ):
            factories.project(workshop, title=title, promised_on=promised)
        ready = factories.project(workshop, title="Garde-corps")
        Project.objects.filter(pk=ready.pk).update(status="ready")
        sent = factories.quote(workshop)
        Quote.objects.filter(pk=sent.pk).update(
            status=QuoteStatus.SENT, number="DEV-1", valid_until=TODAY + timedelta(days=20)
        )
        factories.quote(workshop)
    return workshop


def test_the_owner_sees_the_queue_what_is_late_ready_and_awaiting_a_signature(day: Workshop) -> None:
    with workshop_scope(day.pk):
        board = build_dashboard(permissions_of([Role.OWNER]), TODAY)
        sent = Quote.objects.get(number="DEV-1")
    assert board.projects is not None and board.awaiting is not None
    assert (board.projects["late"], board.projects["ready"], board.projects["week"]) == (1, 1, 1)
    assert (board.awaiting.count, board.awaiting.total_incl_tax) == (1, sent.total_incl_tax)
    assert [project.title for project in board.queue][:2] == ["Portail en retard", "Jantes"]
    assert board.low_stock == 0
    assert len(board.quotes) == 2


def test_who_may_not_see_prices_sees_the_work_and_no_amount(day: Workshop) -> None:
    rights = permissions_of([Role.OPERATOR])
    assert Permission.PRICES_SEE not in rights
    with workshop_scope(day.pk):
        board = build_dashboard(rights, TODAY)
    assert board.awaiting is None and board.quotes == []
    assert board.projects is not None and board.queue
    page = signed_in(factories.member(day, Role.OPERATOR)).get("/app/atelier-vulcain/", follow=True)
    assert "€" not in page.content.decode().split("<main")[1].split("</main>")[0]


def test_without_any_right_nothing_is_counted(day: Workshop) -> None:
    with workshop_scope(day.pk):
        board = build_dashboard(frozenset({Permission.HOME_VIEW}), TODAY)
    assert (board.awaiting, board.projects, board.queue, board.quotes, board.low_stock) == (None, None, [], [], None)


def test_the_page_leads_to_each_list(day: Workshop, owner: Membership, owner_client: Client) -> None:
    html = owner_client.get("/app/atelier-vulcain/").content.decode()
    for link in ("devis/?statut=envoy", "projets/?retard=1", "projets/?statut=ready", "Portail en retard"):
        assert link in html


@pytest.mark.spec("PRF-04")
def test_the_page_asks_no_more_for_more_rows(day: Workshop, owner_client: Client) -> None:
    owner_client.get("/app/atelier-vulcain/")
    with workshop_scope(day.pk):
        for _again in range(5):
            factories.project(day, promised_on=TODAY)
            factories.quote(day)
    with at_most(9):
        owner_client.get("/app/atelier-vulcain/")


def test_the_other_workshop_counts_for_nothing(day: Workshop, other_workshop: Workshop) -> None:
    with workshop_scope(other_workshop.pk):
        board = build_dashboard(permissions_of([Role.OWNER]), TODAY)
    assert board.projects == {"running": 0, "late": 0, "week": 0, "ready": 0}
    assert board.is_empty
