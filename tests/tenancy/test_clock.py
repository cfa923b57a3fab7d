"""A workshop has one clock, whoever looks at it and wherever they are."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from app.batches.models import OvenDay, OvenPlan
from app.batches.services.curing import record_load
from app.portal.pages import open_page
from app.projects.services import lateness
from app.projects.tasks import tell_late
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches import ovens

SERIES = "/app/atelier-vulcain/series"
#: Monday, 23 November 2026, 22:30 in Paris: 17:30 in Guadeloupe, Tuesday 1:30 in Réunion.
EVENING = datetime(2026, 11, 23, 22, 30, tzinfo=ZoneInfo("Europe/Paris"))


def live_in(member: Membership, zone: str) -> None:
    member.user.time_zone = zone
    member.user.save(update_fields=["time_zone"])


def move(workshop: Workshop, zone: str) -> None:
    with workshop_scope(workshop.pk):
        Workshop.objects.filter(pk=workshop.pk).update(time_zone=zone)


@pytest.mark.spec("BAT-15", "REP-07")
def test_the_day_of_a_load_is_that_of_the_workshop_and_not_of_who_takes_it_out(
    operator_client: Client, operator: Membership, workshop: Workshop
) -> None:
    live_in(operator, "Indian/Reunion")
    with workshop_scope(workshop.pk):
        ovens.open_planning(workshop)
        with time_machine.travel(EVENING, tick=False):
            load = record_load(workshop=workshop, actor=factories.ACTOR, oven=ovens.oven(workshop), note="Grilles")
    with time_machine.travel(EVENING + timedelta(minutes=30), tick=False):
        operator_client.force_login(operator.user)
        assert operator_client.post(f"{SERIES}/fours/fournees/{load.pk}/sortie/").status_code == 302
    with workshop_scope(workshop.pk):
        assert [(day.day.isoformat(), day.used_minutes) for day in OvenDay.objects.all()] == [("2026-11-23", 30)]


@pytest.mark.spec("BAT-14", "REP-07")
@pytest.mark.parametrize(("zone", "opens"), [("Europe/Paris", 630), ("America/Guadeloupe", 930)])
def test_an_oven_opens_on_the_clock_of_its_workshop(
    owner_client: Client, owner: Membership, workshop: Workshop, zone: str, opens: int
) -> None:
    """From 22:30 in Paris (17:30 in Guadeloupe) to 9:00 of the next day; where the person is changes nothing."""
    live_in(owner, "Indian/Reunion")
    move(workshop, zone)
    with workshop_scope(workshop.pk):
        ovens.open_planning(workshop)
        held = ovens.oven(workshop, week=[[[540, 1020]]] * 7)
        waiting = ovens.part(workshop, factories.powder(workshop))
    with time_machine.travel(EVENING, tick=False):
        owner_client.force_login(owner.user)
        answer = owner_client.post(f"{SERIES}/cuisson/nouveau/", {"ovens": str(held.pk), "parts": [str(waiting.pk)]})
    assert answer.status_code == 302
    with workshop_scope(workshop.pk):
        assert OvenPlan.objects.get().problem["calendar"][0][0] == opens


@pytest.mark.spec("PRJ-11", "REP-07")
def test_tasks_count_days_on_the_clock_of_the_workshop(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    move(workshop, "Indian/Reunion")
    asked: list[date] = []
    monkeypatch.setattr(lateness, "tell_late", lambda **given: asked.append(given["today"]))
    with time_machine.travel(EVENING, tick=False):
        tell_late(workshop_id=workshop.pk)
        assert timezone.localdate() == date(2026, 11, 23)
    assert asked == [date(2026, 11, 24)]


@pytest.mark.spec("REP-07")
def test_the_workshop_chooses_its_clock(owner_client: Client, workshop: Workshop) -> None:
    page = "/app/atelier-vulcain/reglages/identite/"
    form = {"name": "Atelier Vulcain", "email": "contact@vulcain.test", "country": "FR"}
    assert owner_client.post(page, {**form, "time_zone": "Mars/Base"}).status_code == 422
    for sent, kept in (("Indian/Reunion", "Indian/Reunion"), ("", "Indian/Reunion"), ("Europe/Paris", "Europe/Paris")):
        assert owner_client.post(page, {**form, "time_zone": sent}).status_code == 302
        with workshop_scope(workshop.pk):
            assert Workshop.objects.get().time_zone == kept


@pytest.mark.spec("REP-07")
def test_a_customer_reads_the_hours_of_the_workshop(workshop: Workshop, rf: RequestFactory) -> None:
    move(workshop, "America/Guadeloupe")
    page = open_page(lambda request: HttpResponse(timezone.get_current_timezone_name()))
    assert page(rf.get("/"), workshop_slug=workshop.slug).content == b"America/Guadeloupe"
    assert timezone.get_current_timezone_name() == "Europe/Paris"
