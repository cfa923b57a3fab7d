"""The work itself: steps validated and undone, what was really laid and cured."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import difference, record
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.powders.models import Powder
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import CheckAnswer, Priority, ProjectStatus
from ..emails import mail_ready
from ..locks import lock_project
from ..models import Part, Project, Step
from .starting import require_dates

REPORT_TASK = "projects.make_report"


def validate_step(
    *, workshop: Workshop, actor: Actor, step: Step, comment: str = "", answers: Sequence[str] = ()
) -> Project:
    """Note that a step is done, by whom and when; the last one makes the project ready.

    Validating a step that is already done changes nothing. RuleError when an earlier step waits, when the
    checklist is not complete, or when an item of the last step failed.
    """
    with transaction.atomic():
        project = lock_project(step.project_id)
        held = Step.objects.get(pk=step.pk)
        if held.is_done:
            return project
        steps = list(Step.objects.filter(project=project))
        _require_turn(project, held, steps)
        held.answers = _require_checklist(held, answers, is_last=held.position == steps[-1].position)
        held.comment, held.done_at = comment.strip(), timezone.now()
        held.done_by_id, held.done_by_name = actor.user_id, actor.label
        held.save()
        changes = {"step": held.name, "comment": held.comment, "answers": held.answers}
        record(workshop=workshop, actor=actor, action="step.validated", subject=project, changes=changes)
        _advance(workshop, actor, project)
    return project


def undo_step(*, workshop: Workshop, actor: Actor, step: Step, reason: str) -> Project:
    """Take back the latest validation; a project that was ready goes back to work. RuleError without a reason."""
    if not reason.strip():
        raise RuleError(_("Say why the step is taken back."), field="reason")
    with transaction.atomic():
        project = lock_project(step.project_id)
        done = [held for held in Step.objects.filter(project=project) if held.is_done]
        if project.status not in (ProjectStatus.IN_PROGRESS, ProjectStatus.READY):
            raise RuleError(_("The steps of this project can no longer change."))
        if not done or done[-1].pk != step.pk:
            raise RuleError(_("Only the latest validated step can be taken back."))
        held = done[-1]
        changes = {"step": held.name, "done_by": [held.done_by_name, None], "reason": reason.strip()}
        held.done_at, held.done_by, held.done_by_name, held.answers = None, None, "", []
        held.save()
        record(workshop=workshop, actor=actor, action="step.undone", subject=project, changes=changes)
        _advance(workshop, actor, project)
    return project


def edit_project(
    *, workshop: Workshop, actor: Actor, project: Project, dropped_on: date | None, promised_on: date | None,
    priority: Priority, final_use: str, note: str,
) -> Project:  # fmt: skip
    """Change the dates, the priority and the notes; RuleError once it is delivered or when the dates cross."""
    require_dates(dropped_on, promised_on)
    after = {"dropped_on": dropped_on, "promised_on": promised_on, "priority": priority, "final_use": final_use,
             "note": note}  # fmt: skip
    with transaction.atomic():
        held = lock_project(project.pk)
        _require_open(held)
        before = {field: getattr(held, field) for field in after}
        _set(held, after)
        held.save()
        changes = difference(before, after)
        record(workshop=workshop, actor=actor, action="project.edited", subject=held, changes=changes)
    return held


def record_part(
    *, workshop: Workshop, actor: Actor, part: Part, powder: Powder | None, coats: int, primer: bool, varnish: bool,
    curing_celsius: int | None, curing_minutes: int | None,
) -> Part:  # fmt: skip
    """Note the powder really used, its layers and its curing; RuleError once the project is delivered."""
    after = {"powder": powder, "coats": coats, "primer": primer, "varnish": varnish,
             "curing_celsius": curing_celsius, "curing_minutes": curing_minutes}  # fmt: skip
    with transaction.atomic():
        project = lock_project(part.project_id)
        _require_open(project)
        held = Part.objects.select_related("powder").get(pk=part.pk)
        before = {field: getattr(held, field) for field in after}
        _set(held, after)
        held.save()
        changes = {"part": held.designation, **difference(before, after)}
        record(workshop=workshop, actor=actor, action="part.recorded", subject=project, changes=changes)
    return held


def _advance(workshop: Workshop, actor: Actor, project: Project) -> None:
    """Bring the project's state in line with its steps."""
    steps = list(Step.objects.filter(project=project))
    waiting = [step for step in steps if not step.is_done]
    before = project.status
    project.current_step = waiting[0].name if waiting else ""
    if not waiting:
        project.status = ProjectStatus.READY
        project.ready_at, project.readiness = timezone.now(), project.readiness + 1
    elif len(waiting) < len(steps):
        project.status, project.ready_at = ProjectStatus.IN_PROGRESS, None
    else:
        project.status, project.ready_at = ProjectStatus.OPEN, None
    project.report_file_id = project.report_asked_at = None
    if project.status == ProjectStatus.READY:
        project.report_asked_at = timezone.now()
        send_on_commit(REPORT_TASK, workshop_id=workshop.pk, project_pk=project.pk)
    project.save()
    if project.status != before:
        changes = {"status": [before, project.status]}
        record(workshop=workshop, actor=actor, action="project.moved", subject=project, changes=changes)
        if project.status == ProjectStatus.READY:
            mail_ready(workshop=workshop, project=project)


def _require_turn(project: Project, step: Step, steps: Sequence[Step]) -> None:
    if project.status not in (ProjectStatus.OPEN, ProjectStatus.IN_PROGRESS):
        raise RuleError(_("The steps of this project can no longer change."))
    first = next(held for held in steps if not held.is_done)
    if first.pk != step.pk:
        raise RuleError(_("Validate “%(step)s” first.") % {"step": first.name})


def _require_checklist(step: Step, answers: Sequence[str], *, is_last: bool) -> list[dict[str, str]]:
    """The checklist with its answers; every item must have one, and the last step accepts no failure."""
    if not step.checklist:
        return []
    if len(answers) != len(step.checklist) or any(answer not in CheckAnswer.values for answer in answers):
        raise RuleError(_("Answer every item of the checklist."), field="answers")
    if is_last and CheckAnswer.FAIL in answers:
        raise RuleError(_("An item has failed: rework the parts before the last step is validated."), field="answers")
    return [{"item": item, "answer": answer} for item, answer in zip(step.checklist, answers, strict=True)]


def _require_open(project: Project) -> None:
    if project.status in (ProjectStatus.DELIVERED, ProjectStatus.CANCELLED):
        raise RuleError(_("This project is closed."))


def _set(row: Project | Part, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        setattr(row, field, value)
