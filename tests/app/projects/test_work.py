"""The life of a project, in the services."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest

from app.audit.models import AuditEntry
from app.files.services import read_file
from app.kernel.errors import RuleError
from app.projects.constants import Handover, Priority
from app.projects.models import Project, Step, WorkflowStep
from app.projects.selectors import count_running, list_projects, list_steps
from app.projects.services.finishing import cancel_project, deliver_project, make_report
from app.projects.services.starting import start_project
from app.projects.services.workflows import StepData, archive_workflow, default_workflow, save_workflow
from app.projects.services.working import edit_project, record_part, undo_step, validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in


@pytest.fixture
def project(in_scope: Workshop) -> Project:
    return factories.project(in_scope)


def finish(workshop: Workshop, actor: Actor, project: Project) -> Project:
    """Validate every step, the checklist with "pass"."""
    for step in list_steps(project):
        project = validate_step(workshop=workshop, actor=actor, step=step, answers=["pass"] * len(step.checklist))
    return project


@pytest.mark.spec("PRJ-03", "PRJ-09", "AUD-01", "ACC-06")
def test_a_step_says_who_and_when_and_is_validated_once(in_scope: Workshop, project: Project, actor: Actor) -> None:
    first = list_steps(project)[0]
    for _ in range(2):
        moved = validate_step(workshop=in_scope, actor=actor, step=first, comment=" Deux rayures ")
    first.refresh_from_db()
    assert (first.done_by_name, first.done_by_id, first.comment) == ("Olivia Roche", actor.user_id, "Deux rayures")
    assert (moved.status, moved.current_step) == ("in_progress", list_steps(project)[1].name)
    assert AuditEntry.objects.filter(action="step.validated").count() == 1
    change = AuditEntry.objects.get(action="project.moved").changes
    assert change["status"] == ["open", "in_progress"]


@pytest.mark.spec("PRJ-03")
def test_steps_go_in_order_and_the_checklist_is_complete(in_scope: Workshop, project: Project, actor: Actor) -> None:
    steps = list_steps(project)
    with pytest.raises(RuleError):
        validate_step(workshop=in_scope, actor=actor, step=steps[1])
    for step in steps[:-1]:
        validate_step(workshop=in_scope, actor=actor, step=step)
    last = steps[-1]
    for answers in ([], ["pass"], ["pass", "pass", "pass", "maybe"], ["pass", "pass", "fail", "pass"]):
        with pytest.raises(RuleError):
            validate_step(workshop=in_scope, actor=actor, step=last, answers=answers)
    assert not Step.objects.get(pk=last.pk).is_done
    done = validate_step(workshop=in_scope, actor=actor, step=last, answers=["pass", "na", "pass", "pass"])
    assert done.status == "ready"


@pytest.mark.spec("PRJ-07", "PRJ-05")
def test_delivery_closes_and_the_report_tells_everything(in_scope: Workshop, project: Project, actor: Actor) -> None:
    with pytest.raises(RuleError):
        deliver_project(workshop=in_scope, actor=actor, project=project, handover=Handover.COLLECTED)
    finish(in_scope, actor, project)
    for _ in range(2):
        closed = deliver_project(workshop=in_scope, actor=actor, project=project, handover=Handover.COLLECTED)
    assert closed.status == "delivered"
    assert AuditEntry.objects.filter(action="project.delivered").count() == 1
    make_report(workshop=in_scope, project_pk=project.pk)
    project.refresh_from_db()
    report = project.report_file_id
    make_report(workshop=in_scope, project_pk=project.pk)
    project.refresh_from_db()
    assert project.report_file_id == report
    with pikepdf.open(BytesIO(read_file(report))) as pdf:
        assert len(pdf.pages) == 1
    with pytest.raises(RuleError):
        undo_step(workshop=in_scope, actor=actor, step=list_steps(project)[-1], reason="trop tard")


@pytest.mark.spec("PRJ-04", "PRJ-09")
def test_what_was_really_laid_is_recorded_with_old_and_new(in_scope: Workshop, project: Project, actor: Actor) -> None:
    part = project.parts.get()
    other = factories.powder(in_scope)
    record_part(workshop=in_scope, actor=actor, part=part, powder=other, coats=2, primer=True, varnish=False,
                curing_celsius=200, curing_minutes=15)  # fmt: skip
    part.refresh_from_db()
    assert (part.powder, part.coats, part.curing_celsius) == (other, 2, 200)
    changes = AuditEntry.objects.get(action="part.recorded").changes
    assert changes["coats"] == [1, 2]
    assert changes["powder"][1] == str(other)


@pytest.mark.spec("PRJ-02", "TEN-16")
def test_a_new_workflow_leaves_running_projects_alone(in_scope: Workshop, project: Project, actor: Actor) -> None:
    before = [step.name for step in list_steps(project)]
    workflow = default_workflow(workshop=in_scope)
    save_workflow(workshop=in_scope, actor=actor, workflow=workflow, name="Standard", steps=[StepData("Tout")],
                  is_default=True)  # fmt: skip
    assert [step.name for step in list_steps(project)] == before
    assert [step.name for step in list_steps(factories.project(in_scope))] == ["Tout"]
    with pytest.raises(RuleError):
        archive_workflow(workshop=in_scope, actor=actor, workflow=workflow)
    for steps in ([], [StepData("A"), StepData("a")]):
        with pytest.raises(RuleError):
            save_workflow(workshop=in_scope, actor=actor, workflow=workflow, name="Standard", steps=steps)
    assert WorkflowStep.objects.count() == 1


@pytest.mark.spec("PRJ-01", "SCR-06")
def test_projects_are_filtered_by_each_criterion(in_scope: Workshop, project: Project, actor: Actor) -> None:
    late = factories.project(in_scope)
    edit_project(workshop=in_scope, actor=actor, project=late, dropped_on=date(2020, 1, 1), promised_on=date(2020, 1, 9),
                 priority=Priority.URGENT, final_use="", note="")  # fmt: skip
    powder = late.parts.get().powder
    assert powder
    assert list(list_projects(late=True)) == [late]
    assert list(list_projects(priority=str(Priority.URGENT.value))) == [late]
    assert list(list_projects(powder_pk=powder.pk)) == [late]
    assert list(list_projects(customer_pk=project.customer_id)) == [project]
    assert list(list_projects(status="open", step=list_steps(project)[0].name)) == [late, project]
    assert list(list_projects(search=f"{project.number[:6]} jant")) == [late, project]
    assert list(list_projects(search="introuvable")) == []
    assert count_running(date(2020, 1, 10)) == {"running": 2, "late": 1, "week": 0, "ready": 0}
    with pytest.raises(RuleError):
        edit_project(workshop=in_scope, actor=actor, project=late, dropped_on=date(2020, 1, 9),
                     promised_on=date(2020, 1, 1), priority=Priority.LOW, final_use="", note="")  # fmt: skip


def test_a_cancelled_project_says_why(in_scope: Workshop, project: Project, actor: Actor) -> None:
    with pytest.raises(RuleError):
        cancel_project(workshop=in_scope, actor=actor, project=project, reason=" ")
    cancelled = cancel_project(workshop=in_scope, actor=actor, project=project, reason="Client parti")
    assert cancelled.status == "cancelled"
    assert AuditEntry.objects.get(action="project.cancelled").changes["reason"] == "Client parti"


@pytest.mark.spec("QUO-09")
def test_a_quote_that_nobody_accepted_is_not_a_project(in_scope: Workshop, actor: Actor) -> None:
    with pytest.raises(RuleError):
        start_project(workshop=in_scope, actor=actor, quote=factories.quote(in_scope))
    assert not Project.objects.exists()


@pytest.mark.spec("PRJ-03")
def test_somebody_with_the_longest_name_validates_a_step(workshop: Workshop) -> None:
    member = factories.member(workshop, Role.OPERATOR, first_name="A" * 150, last_name="B" * 150)
    with workshop_scope(workshop.pk):
        project = factories.project(workshop)
        step = list_steps(project)[0]
    address = f"/app/{workshop.slug}/projets/{project.pk}/etapes/{step.pk}/valider/"
    assert signed_in(member).post(address, {"comment": "ok"}).status_code == 302
    with workshop_scope(workshop.pk):
        assert list_steps(project)[0].done_by_name == "A" * 150 + " " + "B" * 9
