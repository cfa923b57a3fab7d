"""The board by step and the calendar of promises."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from app.projects.constants import Handover, Priority
from app.projects.models import Project, WorkflowStep
from app.projects.planning_selectors import PER_COLUMN, PER_DAY, Card, build_board, build_month
from app.projects.selectors import list_step_names, list_steps
from app.projects.services.finishing import cancel_project, deliver_project
from app.projects.services.working import validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.queries import at_most

BASE = "/app/atelier-vulcain/projets/"


def finish(workshop: Workshop, actor: Actor, project: Project) -> None:
    for step in list_steps(project):
        validate_step(workshop=workshop, actor=actor, step=step, answers=["pass"] * len(step.checklist))


def cards(column: str) -> list[Card]:
    return [card for held in build_board() if held.name == column for card in held.cards]


@pytest.mark.spec("PRJ-01", "SCR-06")
def test_a_project_stands_at_its_step_then_among_what_is_ready(in_scope: Workshop, actor: Actor) -> None:
    project = factories.project(in_scope)
    first, second, *_others = names = list_step_names()
    assert [held.name for held in build_board()] == [*names, ""]
    assert [card.project for card in cards(first)] == [project]
    validate_step(workshop=in_scope, actor=actor, step=list_steps(project)[0])
    assert cards(first) == []
    [card] = cards(second)
    assert (card.project, card.step.name, card.step.following) == (project, second, names[2])
    finish(in_scope, actor, project)
    assert [(card.project, card.step) for card in cards("")] == [(project, None)]
    deliver_project(workshop=in_scope, actor=actor, project=project, handover=Handover.COLLECTED)
    assert all(not held.cards for held in build_board())


def test_a_column_shows_the_most_urgent_and_counts_the_others(in_scope: Workshop) -> None:
    soon = timezone.localdate() + timedelta(days=3)
    customer = factories.customer(in_scope)
    rest = [factories.project(in_scope, customer=customer) for _ in range(PER_COLUMN)]
    calm = factories.project(in_scope, customer=customer, promised_on=soon)
    pressed = factories.project(in_scope, customer=customer, promised_on=soon, priority=Priority.URGENT)
    column = build_board()[0]
    assert [card.project for card in column.cards][:3] == [pressed, calm, rest[0]]
    assert (len(column.cards), column.total, column.hidden) == (PER_COLUMN, PER_COLUMN + 2, 2)


def test_a_step_of_a_former_workflow_keeps_its_column(in_scope: Workshop) -> None:
    project = factories.project(in_scope)
    WorkflowStep.objects.all().delete()
    assert [held.name for held in build_board()] == [list_steps(project)[0].name, ""]


@pytest.mark.spec("PRJ-03")
def test_a_card_moves_only_when_nothing_must_be_checked(in_scope: Workshop, actor: Actor) -> None:
    project = factories.project(in_scope)
    steps = list_steps(project)
    assert Card(project, steps[0]).can_advance
    assert not Card(project, steps[-1]).can_advance  # it has a checklist
    assert not Card(project, None).can_advance
    steps[0].needs_photo = True
    assert not Card(project, steps[0]).can_advance


@pytest.mark.spec("PRJ-01")
def test_the_calendar_has_whole_weeks_and_what_was_promised(in_scope: Workshop, actor: Actor) -> None:
    customer = factories.customer(in_scope)
    promised = [
        factories.project(in_scope, customer=customer, promised_on=date(2026, 12, 4)) for _ in range(PER_DAY + 2)
    ]
    given_up = factories.project(in_scope, customer=customer, promised_on=date(2026, 12, 5))
    cancel_project(workshop=in_scope, actor=actor, project=given_up, reason="Le client renonce")
    neighbour = factories.project(in_scope, customer=customer, promised_on=date(2027, 1, 1))
    weeks = build_month(date(2026, 12, 1))
    days = {day.day: day for week in weeks for day in week}
    assert (weeks[0][0].day, weeks[-1][-1].day) == (date(2026, 11, 30), date(2027, 1, 3))
    assert list(days[date(2026, 12, 4)].projects) == promised[:PER_DAY]
    assert days[date(2026, 12, 4)].hidden == 2
    assert days[date(2026, 12, 5)].projects == []
    assert list(days[date(2027, 1, 1)].projects) == [neighbour]
    assert not days[date(2027, 1, 1)].in_month


@pytest.fixture
def shown(workshop: Workshop) -> Project:
    with workshop_scope(workshop.pk):
        return factories.project(workshop, promised_on=date(2026, 12, 4))


@pytest.mark.spec("PRJ-03", "ROL-03")
def test_an_operator_validates_from_the_board(operator_client: Client, shown: Project, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        step = list_steps(shown)[0]
    address = f"{BASE}{shown.pk}/etapes/{step.pk}/avancer/"
    assert address in operator_client.get(f"{BASE}tableau/").content.decode()
    answer = operator_client.post(address)
    assert answer["Location"] == f"{BASE}tableau/"
    with workshop_scope(workshop.pk):
        assert list_steps(shown)[0].is_done


@pytest.mark.spec("PRJ-03")
def test_the_board_does_not_jump_a_step(operator_client: Client, shown: Project, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        steps = list_steps(shown)
    for step in steps[1:]:
        page = operator_client.post(f"{BASE}{shown.pk}/etapes/{step.pk}/avancer/", follow=True)
        assert steps[0].name in page.content.decode()
    with workshop_scope(workshop.pk):
        assert not any(step.is_done for step in list_steps(shown))


def test_readers_look_and_move_nothing(viewer_client: Client, shown: Project, workshop: Workshop) -> None:
    page = viewer_client.get(f"{BASE}tableau/").content.decode()
    assert shown.number in page and "data-card" not in page and "/avancer/" not in page
    with workshop_scope(workshop.pk):
        step = list_steps(shown)[0]
    assert viewer_client.post(f"{BASE}{shown.pk}/etapes/{step.pk}/avancer/").status_code == 403


@pytest.mark.parametrize("month", ["", "2026-13", "hier", "0000-01", "99999-01", "9999-12", "2026-12-01", "1900-01"])
def test_any_month_asked_for_gives_a_calendar(owner_client: Client, shown: Project, month: str) -> None:
    assert owner_client.get(f"{BASE}calendrier/", {"mois": month}).status_code == 200


@pytest.mark.spec("PRJ-01")
def test_a_day_of_the_calendar_is_a_list(owner_client: Client, shown: Project, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        other = factories.project(workshop, promised_on=date(2026, 12, 5))
    page = owner_client.get(BASE, {"promis": "2026-12-04"}).content.decode()
    assert shown.number in page and other.number not in page
    assert owner_client.get(BASE, {"promis": "demain"}).status_code == 200


def test_the_board_and_the_calendar_ask_little(owner_client: Client, shown: Project) -> None:
    for address in ("tableau/", "calendrier/?mois=2026-12"):
        owner_client.get(BASE + address)
        with at_most(8):
            owner_client.get(BASE + address)
