"""The course of a project: its steps in order, and the state that follows from them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from app.audit.models import AuditEntry
from app.audit.selectors import list_entries
from app.audit.services import record
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import ProjectStatus
from ..emails import tell_ready
from ..models import Project, ReworkStep, Step, WorkflowStep

REPORT_TASK = "projects.make_report"
#: How long the customer's message waits for the final report before it leaves without.
READY_MAIL_WAIT = timedelta(minutes=15)
REROUTED = "project.rerouted"
#: In the entry of such a change: the key and the name of each step that left the project.
REMOVED = "steps_removed"


def copy_course(workshop: Workshop, project: Project, steps: Sequence[WorkflowStep]) -> None:
    """Give a new project the steps of its workflow; the rework one is kept aside."""
    course = [step for step in steps if not step.is_rework]
    Step.objects.bulk_create(
        Step(workshop=workshop, project=project, position=position, rank=step.position, **rules_of(step))
        for position, step in enumerate(course, start=1)
    )
    keep_rework(workshop, project, steps)


def keep_rework(workshop: Workshop, project: Project, steps: Sequence[WorkflowStep]) -> None:
    """Keep the rework step of a workflow aside for this project, in place of the one it had."""
    ReworkStep.objects.filter(project=project).delete()
    for step in steps:
        if step.is_rework:
            ReworkStep.objects.create(workshop=workshop, project=project, rank=step.position, **rules_of(step))


def rules_of(step: WorkflowStep | Step | ReworkStep) -> dict[str, Any]:
    """What a copy of a step must have."""
    return {
        "name": step.name,
        "checklist": list(step.checklist),
        "needs_photo": step.needs_photo,
        "failure_blocks": step.failure_blocks,
        "lays_powder": step.lays_powder,
    }


def insert_steps(project: Project, course: Sequence[Step], added: Sequence[Step]) -> None:
    """Put steps between those that are done and those that wait; the latter join their pass."""
    if not added:
        return
    done = [step.position for step in course if step.is_done]
    after = max(done, default=0)
    waiting = Step.objects.filter(project=project, done_at=None)
    waiting.update(position=F("position") + len(added), pass_number=added[0].pass_number)
    for position, step in enumerate(added, start=after + 1):
        step.position = position
    Step.objects.bulk_create(added)


def advance(workshop: Workshop, actor: Actor, project: Project) -> None:
    """Bring the state of a held project in line with its steps; the customer is told once its report is made."""
    steps = list(Step.objects.filter(project=project))
    waiting = [step for step in steps if not step.is_done]
    before = project.status
    project.current_step = waiting[0].name if waiting else ""
    project.report_file_id = project.report_asked_at = project.ready_mail_by = None
    if waiting:
        started = len(waiting) < len(steps)
        project.status = ProjectStatus.IN_PROGRESS if started else ProjectStatus.OPEN
        project.ready_at = None
    else:
        project.status, project.ready_at = ProjectStatus.READY, timezone.now()
        project.readiness += 1
        project.report_asked_at = timezone.now()
        project.ready_mail_by = timezone.now() + READY_MAIL_WAIT if project.customer.email else None
        send_on_commit(REPORT_TASK, workshop_id=workshop.pk, project_pk=project.pk)
    project.save()
    if project.status != before:
        changes = {"status": [before, project.status]}
        record(workshop=workshop, actor=actor, action="project.moved", subject=project, changes=changes)
        if project.status == ProjectStatus.READY:
            tell_ready(workshop=workshop, actor=actor, project=project)


def require_open(project: Project) -> None:
    """RuleError once the project is delivered or cancelled."""
    if project.status in (ProjectStatus.DELIVERED, ProjectStatus.CANCELLED):
        raise RuleError(_("This project is closed."))


def moment_of(project: Project, at: datetime | None) -> datetime:
    """When something was done, by the device's clock: never in the future nor before what was done earlier.

    A clock that is wrong by a year cannot upset the order of the traceability; the trail keeps what it said.
    """
    now = timezone.now()
    if at is None:
        return now
    latest = Step.objects.filter(project=project, done_at__isnull=False).order_by("-done_at").first()
    earliest = latest.done_at if latest and latest.done_at else project.created_at
    return min(max(at, earliest), now)


def times(done_at: datetime, at: datetime | None) -> dict[str, object]:
    """What the trail keeps of a moment told by a device: the time kept, and the device's when it differs."""
    if at is None:
        return {}
    kept: dict[str, object] = {"done_at": done_at.isoformat()}
    return kept if at == done_at else {**kept, "device_at": at.isoformat()}


def step_gone(project: Project, name: str) -> RuleError:
    """The refusal to work on a step that the project no longer has: it says who changed the steps, and when."""
    change = _changes_of_steps(project).first()
    if change is None:
        return RuleError(_("The step “%(step)s” is not part of %(project)s.") % {"step": name, "project": project})
    return _gone(project, name, change)


def find_gone_step(project: Project, step_pk: int) -> RuleError | None:
    """The same refusal for a step of which only the key is known; None when the project never had it."""
    change = _changes_of_steps(project).filter(**{f"changes__{REMOVED}__has_key": str(step_pk)}).first()
    return _gone(project, change.changes[REMOVED][str(step_pk)], change) if change else None


def _changes_of_steps(project: Project) -> "QuerySet[AuditEntry]":
    return list_entries(action=REROUTED, subject_kind="project").filter(subject_pk=project.pk)


def _gone(project: Project, name: str, change: AuditEntry) -> RuleError:
    return RuleError(
        _("The step “%(step)s” is no longer part of %(project)s: %(who)s changed its steps on %(when)s.")
        % {
            "step": name,
            "project": project,
            "who": change.actor,
            "when": formats.date_format(timezone.localtime(change.at), "j F Y, H:i"),
        }
    )
