"""Non-conformities: where they send the project, what stays visible, what is refused."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext

from app.audit.models import AuditEntry
from app.kernel.errors import RuleError
from app.notify.models import WorkshopEmail
from app.projects.constants import Handover, TermKind
from app.projects.figures import Period, read_figures
from app.projects.models import Nonconformity, Project, QualityTerm, Step
from app.projects.selectors import list_nonconformities, list_steps, list_terms
from app.projects.services.finishing import cancel_project, deliver_project
from app.projects.services.quality import close_nonconformity, declare_nonconformity, edit_nonconformity
from app.projects.services.reporting import issue_report
from app.projects.services.terms import archive_term, save_term, supply_terms
from app.projects.services.workflows import StepData, save_workflow
from app.projects.services.working import undo_step, validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from tests import factories


@pytest.fixture
def project(in_scope: Workshop) -> Project:
    return factories.project(in_scope)


@pytest.fixture
def defect(in_scope: Workshop) -> QualityTerm:
    supply_terms(workshop=in_scope)
    return list_terms(TermKind.DEFECT)[0]


def work(workshop: Workshop, actor: Actor, project: Project, steps: int = 99) -> None:
    """Validate that many of the steps that wait, the checklists with "pass"."""
    for step in [step for step in list_steps(project) if not step.is_done][:steps]:
        validate_step(workshop=workshop, actor=actor, step=step, answers=["pass"] * len(step.checklist))
    project.refresh_from_db()


def course(project: Project) -> list[tuple[str, int, bool]]:
    return [(step.name, step.pass_number, step.is_done) for step in list_steps(project)]


def named(project: Project, name: str) -> Step:
    """The latest step of this name."""
    return [step for step in list_steps(project) if step.name == name][-1]


@pytest.mark.spec("QUA-02", "QUA-03", "PRJ-09")
def test_a_return_to_a_step_does_the_following_ones_again_and_keeps_both_passes(
    in_scope: Workshop, project: Project, actor: Actor, defect: QualityTerm
) -> None:
    work(in_scope, actor, project, 5)
    names = [step.name for step in list_steps(project)]
    noted = declare_nonconformity(
        workshop=in_scope, actor=actor, project=project, step=named(project, names[5]), defect=defect,
        comment=" Coulure en bas ", return_to=named(project, names[3]),
    )  # fmt: skip
    assert course(project) == [
        *((name, 1, True) for name in names[:5]),
        *((name, 2, False) for name in names[3:]),
    ]
    assert (noted.step_name, noted.returned_to, noted.comment, noted.pass_number) == (
        names[5], names[3], "Coulure en bas", 1,
    )  # fmt: skip
    assert noted.worked_by_name == named(project, names[2]).done_by_name
    told = AuditEntry.objects.get(action="nonconformity.declared")
    assert (told.subject_pk, told.changes["returned_to"]) == (project.pk, names[3])
    with pytest.raises(RuleError, match=names[3]):
        validate_step(workshop=in_scope, actor=actor, step=named(project, names[5]), answers=["pass"] * 4)
    work(in_scope, actor, project)
    assert project.status == "ready"
    assert [name for name, number, _done in course(project) if number == 2] == names[3:]


@pytest.mark.spec("QUA-03")
def test_rework_is_followed_by_the_steps_after_its_place(
    in_scope: Workshop, project: Project, actor: Actor, defect: QualityTerm
) -> None:
    work(in_scope, actor, project)
    last = list_steps(project)[-1]
    declare_nonconformity(workshop=in_scope, actor=actor, project=project, step=last, defect=defect)
    assert course(project)[-2:] == [(gettext("Rework"), 2, False), (last.name, 2, False)]
    project.refresh_from_db()
    assert (project.status, project.ready_at, project.current_step) == ("in_progress", None, gettext("Rework"))
    work(in_scope, actor, project)
    assert (project.status, project.readiness) == ("ready", 2)


@pytest.mark.spec("QUA-03", "QUA-04")
def test_rework_counts_for_who_had_laid_the_powder_and_for_nobody_before(
    in_scope: Workshop, project: Project, actor: Actor, operator: Membership, defect: QualityTerm
) -> None:
    painter = replace(actor, label="Omar Petit", user_id=operator.user_id)
    steps = list_steps(project)
    early = declare_nonconformity(workshop=in_scope, actor=actor, project=project, step=steps[0], defect=defect)
    assert (early.worked_by_id, early.worked_by_name) == (None, "")
    other = factories.project(in_scope)
    while not any(step.is_done and step.lays_powder for step in list_steps(other)):
        coming = next(step for step in list_steps(other) if not step.is_done)
        work(in_scope, painter if coming.lays_powder else actor, other, 1)
    work(in_scope, actor, other)  # the rest, by somebody else
    last, today = list_steps(other)[-1], timezone.localdate()
    late = declare_nonconformity(workshop=in_scope, actor=actor, project=other, step=last, defect=defect)
    assert (late.worked_by_id, late.worked_by_name) == (painter.user_id, "Omar Petit")
    lines = read_figures(Period(today, today), today).operators
    assert [(line.label, line.count) for line in lines] == [("Omar Petit", 1), ("", 1)]


@pytest.mark.spec("PRJ-06", "QUA-03")
def test_a_ready_project_that_comes_back_tells_its_customer_again(
    in_scope: Workshop, project: Project, actor: Actor, defect: QualityTerm
) -> None:
    work(in_scope, actor, project)
    issue_report(workshop=in_scope, project_pk=project.pk)
    last = list_steps(project)[-1]
    declare_nonconformity(workshop=in_scope, actor=actor, project=project, step=last, defect=defect)
    assert WorkshopEmail.objects.filter(kind="ready_to_collect").count() == 1
    work(in_scope, actor, project)
    issue_report(workshop=in_scope, project_pk=project.pk)
    assert WorkshopEmail.objects.filter(kind="ready_to_collect").count() == 2


@pytest.mark.spec("QUA-03")
def test_two_declarations_at_once_make_one_pass(
    in_scope: Workshop, project: Project, actor: Actor, defect: QualityTerm
) -> None:
    work(in_scope, actor, project, 5)
    steps = list_steps(project)
    for return_to in (steps[4], steps[4], steps[3], None, None):
        declare_nonconformity(
            workshop=in_scope, actor=actor, project=project, step=steps[5], defect=defect, return_to=return_to
        )
    assert len(list_nonconformities(project)) == 5
    waiting = [name for name, number, done in course(project) if not done and number == 2]
    assert waiting == [gettext("Rework"), steps[3].name, steps[4].name, steps[5].name]
    assert max(number for _name, number, _done in course(project)) == 2
    positions = [step.position for step in list_steps(project)]
    assert positions == list(range(1, len(positions) + 1))


@pytest.mark.spec("QUA-03")
def test_a_third_pass_begins_once_the_second_has_started(
    in_scope: Workshop, project: Project, actor: Actor, defect: QualityTerm
) -> None:
    work(in_scope, actor, project, 5)
    names = [step.name for step in list_steps(project)]
    for _ in range(2):
        declare_nonconformity(
            workshop=in_scope, actor=actor, project=project, step=named(project, names[4]), defect=defect,
            return_to=next(step for step in list_steps(project) if step.name == names[3]),
        )  # fmt: skip
        work(in_scope, actor, project, 1)
    assert [entry for entry in course(project) if entry[0] == names[3]] == [
        (names[3], 1, True), (names[3], 2, True), (names[3], 3, True),
    ]  # fmt: skip
    assert [entry for entry in course(project) if entry[0] == names[4]] == [(names[4], 1, True), (names[4], 3, False)]


@pytest.mark.spec("QUA-02")
def test_a_project_that_is_closed_takes_no_declaration(
    in_scope: Workshop, project: Project, actor: Actor, defect: QualityTerm
) -> None:
    step = list_steps(project)[0]
    work(in_scope, actor, project)
    deliver_project(workshop=in_scope, actor=actor, project=project, handover=Handover.COLLECTED)
    other = factories.project(in_scope)
    cancel_project(workshop=in_scope, actor=actor, project=other, reason="Annulé")
    for closed in (project, other):
        with pytest.raises(RuleError):
            declare_nonconformity(workshop=in_scope, actor=actor, project=closed, step=step, defect=defect)
    assert not Nonconformity.objects.exists()


@pytest.mark.spec("QUA-03")
def test_a_step_that_is_not_done_is_no_place_to_go_back_to(
    in_scope: Workshop, project: Project, actor: Actor, defect: QualityTerm
) -> None:
    first, second = list_steps(project)[:2]
    with pytest.raises(RuleError) as refused:
        declare_nonconformity(
            workshop=in_scope, actor=actor, project=project, step=first, defect=defect, return_to=second
        )
    assert refused.value.field == "return_to"
    assert not Nonconformity.objects.exists()


@pytest.mark.spec("QUA-03")
def test_the_step_before_a_non_conformity_is_not_taken_back(
    in_scope: Workshop, project: Project, actor: Actor, defect: QualityTerm
) -> None:
    work(in_scope, actor, project, 4)
    done = list_steps(project)[3]
    declare_nonconformity(workshop=in_scope, actor=actor, project=project, step=done, defect=defect, return_to=done)
    with pytest.raises(RuleError):
        undo_step(workshop=in_scope, actor=actor, step=done, reason="Erreur")
    done.refresh_from_db()
    assert done.is_done


@pytest.mark.spec("QUA-02")
def test_it_is_completed_then_closed_once(
    in_scope: Workshop, project: Project, actor: Actor, defect: QualityTerm
) -> None:
    step = list_steps(project)[0]
    noted = declare_nonconformity(workshop=in_scope, actor=actor, project=project, step=step, defect=defect)
    with pytest.raises(RuleError) as refused:
        close_nonconformity(workshop=in_scope, actor=actor, nonconformity=noted)
    assert refused.value.field == "corrective_action"
    cause = list_terms(TermKind.CAUSE)[0]
    for _ in range(2):
        edit_nonconformity(
            workshop=in_scope, actor=actor, nonconformity=noted, cause=cause, corrective_action="Pistolet réglé",
            rework_minutes=45, cost=None,
        )  # fmt: skip
        close_nonconformity(workshop=in_scope, actor=actor, nonconformity=noted)
    noted.refresh_from_db()
    assert (noted.is_open, noted.closed_by_name, noted.rework_minutes) == (False, actor.label, 45)
    assert AuditEntry.objects.filter(action="nonconformity.closed").count() == 1
    assert AuditEntry.objects.get(action="nonconformity.edited").changes["rework_minutes"] == [None, 45]


@pytest.mark.spec("PRJ-03")
def test_a_wrong_clock_neither_reaches_the_future_nor_upsets_the_order(
    in_scope: Workshop, project: Project, actor: Actor
) -> None:
    first, second, third = list_steps(project)[:3]
    before = timezone.now()
    year = timedelta(days=365)
    validate_step(workshop=in_scope, actor=actor, step=first, at=before + year)
    validate_step(workshop=in_scope, actor=actor, step=second, at=before - year)
    told = timezone.now()
    validate_step(workshop=in_scope, actor=actor, step=third, at=told)
    times: list[datetime] = [step.done_at for step in list_steps(project)[:3] if step.done_at]
    assert before <= times[0] <= timezone.now()
    assert times == sorted(times)
    assert times[2] == told
    kept = [
        entry.changes.get("device_at") for entry in AuditEntry.objects.filter(action="step.validated").order_by("pk")
    ]
    assert kept == [(before + year).isoformat(), (before - year).isoformat(), None]


@pytest.mark.spec("QUA-01")
def test_a_failed_item_holds_back_the_end_until_the_step_is_done_again(
    in_scope: Workshop, actor: Actor, defect: QualityTerm
) -> None:
    steps = [
        StepData("Poudrage", ("Épaisseur",)),
        StepData("Cuisson", ("Adhérence",), failure_blocks=False),
        StepData("Fin"),
    ]
    save_workflow(workshop=in_scope, actor=actor, name="Court", steps=steps, is_default=True)
    project = factories.project(in_scope)
    powdering, curing, end = list_steps(project)
    validate_step(workshop=in_scope, actor=actor, step=powdering, answers=["fail"], remarks=["40 µm"])
    validate_step(workshop=in_scope, actor=actor, step=curing, answers=["fail"])
    with pytest.raises(RuleError, match="Poudrage"):
        validate_step(workshop=in_scope, actor=actor, step=end)
    powdering.refresh_from_db()
    assert powdering.answers == [{"item": "Épaisseur", "answer": "fail", "remark": "40 µm"}]
    declare_nonconformity(workshop=in_scope, actor=actor, project=project, step=end, defect=defect, return_to=powdering)
    for step in [step for step in list_steps(project) if not step.is_done]:
        answer = "fail" if step.name == "Cuisson" else "pass"
        validate_step(workshop=in_scope, actor=actor, step=step, answers=[answer] * len(step.checklist))
    project.refresh_from_db()
    assert project.status == "ready"


@pytest.mark.spec("QUA-02")
def test_the_words_of_a_workshop_are_its_own(in_scope: Workshop, actor: Actor, defect: QualityTerm) -> None:
    before = list_terms(TermKind.DEFECT).count()
    supply_terms(workshop=in_scope)
    assert list_terms(TermKind.DEFECT).count() == before
    added = save_term(workshop=in_scope, actor=actor, kind=TermKind.DEFECT, name="  Voile   blanc ")
    assert (added.name, list_terms(TermKind.DEFECT).last()) == ("Voile blanc", added)
    for name in ("", "voile BLANC"):
        with pytest.raises(RuleError):
            save_term(workshop=in_scope, actor=actor, kind=TermKind.DEFECT, name=name)
    archive_term(workshop=in_scope, actor=actor, term=added)
    assert added not in list_terms(TermKind.DEFECT)
    assert save_term(workshop=in_scope, actor=actor, kind=TermKind.DEFECT, name="Voile blanc").pk == added.pk
    *rest, kept = list_terms(TermKind.DEFECT)
    for term in rest:
        archive_term(workshop=in_scope, actor=actor, term=term)
    with pytest.raises(RuleError):
        archive_term(workshop=in_scope, actor=actor, term=kept)
