"""The figures of quality: what counts, in which period, for whom."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from app.projects.constants import Priority, TermKind
from app.projects.figures import Period, read_figures
from app.projects.models import Nonconformity, Part, Project
from app.projects.selectors import list_steps, list_terms
from app.projects.services.quality import declare_nonconformity, edit_nonconformity
from app.projects.services.terms import supply_terms
from app.projects.services.working import edit_project, validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.queries import at_most

BASE = "/app/atelier-vulcain/projets/qualite/"


def period() -> Period:
    today = timezone.localdate()
    return Period(today - timedelta(days=30), today)


def worked(workshop: Workshop, actor: Actor, promised_in: int | None = None) -> Project:
    """A project whose first step is done."""
    project = factories.project(workshop)
    if promised_in is not None:
        edit_project(workshop=workshop, actor=actor, project=project, dropped_on=None, final_use="", note="",
                     promised_on=timezone.localdate() + timedelta(days=promised_in),
                     priority=Priority.NORMAL)  # fmt: skip
    validate_step(workshop=workshop, actor=actor, step=list_steps(project)[0])
    return project


def declared(workshop: Workshop, actor: Actor, project: Project, rank: int = 0) -> Nonconformity:
    supply_terms(workshop=workshop)
    first, second = list_steps(project)[:2]
    return declare_nonconformity(
        workshop=workshop, actor=actor, project=project, step=second, defect=list_terms(TermKind.DEFECT)[rank],
        return_to=first,
    )  # fmt: skip


@pytest.mark.spec("QUA-04")
def test_the_rate_counts_what_was_worked_on(in_scope: Workshop, actor: Actor) -> None:
    projects = [worked(in_scope, actor) for _ in range(4)]
    factories.project(in_scope)  # nothing done: not counted
    found = declared(in_scope, actor, projects[0])
    declared(in_scope, actor, projects[1], 1)
    declared(in_scope, actor, projects[2], 1)
    cause = list_terms(TermKind.CAUSE)[2]
    edit_nonconformity(workshop=in_scope, actor=actor, nonconformity=found, cause=cause, corrective_action="Fait",
                       rework_minutes=40, cost=Decimal("12.50"))  # fmt: skip
    with at_most(4):
        figures = read_figures(period(), timezone.localdate())
    assert (figures.count, figures.open, figures.worked, figures.per_hundred) == (3, 3, 4, Decimal("75.0"))
    assert (figures.minutes, figures.cost) == (40, Decimal("12.50"))
    assert [(line.count, line.share) for line in figures.defects] == [(2, Decimal("66.7")), (1, Decimal("33.3"))]
    assert figures.right_first_time == Decimal("25.0")
    assert [(line.label, line.count, line.minutes, line.cost) for line in figures.causes] == [
        (cause.name, 1, 40, Decimal("12.50")), ("", 2, 0, Decimal(0))]  # fmt: skip
    assert [(line.label, line.count) for line in figures.operators] == [(actor.label, 3)]
    assert sum(count for _month, count in figures.months) == 3


@pytest.mark.spec("QUA-04")
def test_powders_and_finishes_have_their_own_rate(in_scope: Workshop, actor: Actor) -> None:
    projects = [worked(in_scope, actor) for _ in range(2)]
    part = projects[1].parts.get()
    part.powder = projects[0].parts.get().powder
    part.save()
    declared(in_scope, actor, projects[0])
    figures = read_figures(period(), timezone.localdate())
    [powder], [finish] = figures.powders, figures.finishes
    assert part.powder
    assert (powder.label, powder.count, powder.per_hundred) == (part.powder.reference, 1, Decimal("50.0"))
    assert (finish.count, finish.per_hundred) == (1, Decimal("50.0"))


@pytest.mark.spec("QUA-04")
def test_a_part_that_is_named_concerns_its_own_powder_and_a_project_all_of_its_powders(
    in_scope: Workshop, actor: Actor
) -> None:
    project = worked(in_scope, actor)
    first, other = project.parts.get(), factories.powder(in_scope)
    Part.objects.create(workshop=in_scope, project=project, code="X1", designation="Panneau", powder=other)
    found = declared(in_scope, actor, project)
    assert first.powder
    both = {first.powder.reference, other.reference}
    assert {line.label for line in read_figures(period(), timezone.localdate()).powders} == both
    Nonconformity.objects.filter(pk=found.pk).update(part=first)
    assert [line.label for line in read_figures(period(), timezone.localdate()).powders] == [first.powder.reference]


@pytest.mark.spec("QUA-04")
def test_only_a_promise_that_was_missed_is_late(in_scope: Workshop, actor: Actor) -> None:
    on_time, late, other_late = (worked(in_scope, actor, promised_in=days) for days in (0, -4, -1))
    for project in (on_time, late):
        declared(in_scope, actor, project)
    delays = read_figures(period(), timezone.localdate()).delays
    assert (delays.with_total, delays.with_late, delays.other_total, delays.other_late) == (2, 1, 1, 1)
    assert delays.days == Decimal("4.0")
    ready = timezone.now() - timedelta(days=2)
    Project.objects.filter(pk__in=[late.pk, other_late.pk]).update(ready_at=ready)
    delays = read_figures(period(), timezone.localdate()).delays
    assert (delays.with_late, delays.other_late, delays.days) == (1, 0, Decimal("2.0"))


@pytest.mark.spec("QUA-04")
def test_delays_are_compared_with_the_projects_without_one(in_scope: Workshop, actor: Actor) -> None:
    wrong = worked(in_scope, actor, promised_in=-3)
    worked(in_scope, actor, promised_in=2)
    worked(in_scope, actor)  # no promise: not counted
    declared(in_scope, actor, wrong)
    delays = read_figures(period(), timezone.localdate()).delays
    assert (delays.with_total, delays.with_late, delays.other_total, delays.other_late) == (1, 1, 1, 0)
    assert (delays.days, delays.with_share, delays.other_share) == (Decimal("3.0"), Decimal("100.0"), Decimal("0.0"))


@pytest.mark.spec("QUA-04")
def test_a_period_is_its_days_and_no_other(in_scope: Workshop, actor: Actor) -> None:
    declared(in_scope, actor, worked(in_scope, actor))
    today = timezone.localdate()
    before = Period(today - timedelta(days=30), today - timedelta(days=1))
    assert read_figures(before, today).count == 0
    assert read_figures(Period(today, today), today).count == 1
    assert Period(date(2025, 11, 20), date(2026, 2, 1)).months() == [
        date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1),
    ]  # fmt: skip


@pytest.mark.spec("QUA-04", "ROL-03")
def test_an_operator_sees_neither_money_nor_colleagues(
    owner_client: Client, operator_client: Client, workshop: Workshop, actor: Actor
) -> None:
    with workshop_scope(workshop.pk):
        found = declared(workshop, actor, worked(workshop, actor))
        edit_nonconformity(workshop=workshop, actor=actor, nonconformity=found, cause=None, corrective_action="Fait",
                           rework_minutes=None, cost=Decimal("87.30"))  # fmt: skip
    with at_most(8):
        page = owner_client.get(BASE).content.decode()
    assert "87,30" in page
    assert "87,30" in owner_client.get(f"{BASE}export/").content.decode()
    for address in (BASE, f"{BASE}export/"):
        answer = operator_client.get(address)
        assert answer.status_code == 200
        assert "87,30" not in answer.content.decode()
        assert actor.label not in answer.content.decode()


@pytest.mark.spec("QUA-04")
def test_days_that_cannot_be_read_give_the_last_year(owner_client: Client, workshop: Workshop) -> None:
    for asked in ({"du": "hier", "au": "2026-99-99"}, {"du": "2026-05-01", "au": "2026-01-01"}, {}):
        assert owner_client.get(BASE, asked).status_code == 200
