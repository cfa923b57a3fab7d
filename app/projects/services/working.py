"""The work itself: steps validated and undone, what was really laid and cured."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from app.audit.editing import require_seen
from app.audit.services import difference, record
from app.kernel.errors import RuleError
from app.powders.models import Powder
from app.tenancy.actor import Actor
from app.tenancy.models import Site, Workshop

from ..constants import RUNNING, CheckAnswer, Priority, ProjectStatus
from ..locks import lock_project
from ..models import Part, Photo, Project, Step
from ..watching import watchers
from .amending import EDITED
from .course import advance, moment_of, require_open, step_gone, times
from .finishing import ask_report
from .starting import require_dates


def validate_step(
    *,
    workshop: Workshop,
    actor: Actor,
    step: Step,
    comment: str = "",
    answers: Sequence[str] = (),
    remarks: Sequence[str] = (),
    at: datetime | None = None,
) -> Project:
    """Note that a step is done, by whom and when; the last one makes the project ready.

    `at` is the moment on the device, when it was done without network. `remarks` go with `answers`. Validating a
    step that is already done changes nothing. RuleError when an earlier step waits, when the step has left the
    project, when the checklist is not complete or the photo missing, or when a failed item holds the project back.
    """
    with transaction.atomic():
        project = lock_project(step.project_id)
        course = list(Step.objects.filter(project=project))
        held = next((one for one in course if one.pk == step.pk), None)
        if held is None:
            raise step_gone(project, step.name)
        if held.is_done:
            return project
        _require_turn(project, held, course)
        held.answers = _require_checklist(held, answers, remarks)
        _require_no_failure(held, course)
        _require_photo(held)
        if held.lays_powder:
            for watcher in watchers():
                watcher.powder_laid(workshop=workshop, actor=actor, project=project, step=held)
        held.comment, held.done_at = comment.strip(), moment_of(project, at)
        held.done_by_id, held.done_by_name = actor.user_id, actor.label
        held.save()
        changes = {"step": held.name, "comment": held.comment, "answers": held.answers, **times(held.done_at, at)}
        record(workshop=workshop, actor=actor, action="step.validated", subject=project, changes=changes)
        advance(workshop, actor, project)
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
        if Step.objects.filter(project=project, done_at=None, pass_number__gt=held.pass_number).exists():
            raise RuleError(_("A non-conformity followed this step: it will be done again, and stays as it was."))
        for watcher in watchers():
            watcher.course_changes(workshop=workshop, actor=actor, project=project)
        changes = {"step": held.name, "done_by": [held.done_by_name, None], "reason": reason.strip()}
        held.done_at, held.done_by, held.done_by_name, held.answers = None, None, "", []
        held.save()
        for watcher in watchers() if held.lays_powder else ():
            watcher.powder_undone(workshop=workshop, actor=actor, project=project, step=held, reason=reason.strip())
        record(workshop=workshop, actor=actor, action="step.undone", subject=project, changes=changes)
        advance(workshop, actor, project)
    return project


def edit_project(
    *, workshop: Workshop, actor: Actor, project: Project, dropped_on: date | None, promised_on: date | None,
    priority: Priority, final_use: str, note: str, site: Site | None = None, seen: str | None = None,
) -> Project:  # fmt: skip
    """Change the dates, the priority, the notes and the site, when one is named.

    `seen` is what the page showed (`seen_of`): ChangedMeanwhileError when somebody saved since. RuleError once it is
    delivered or when the dates cross.
    """
    require_dates(dropped_on, promised_on)
    after = {"dropped_on": dropped_on, "promised_on": promised_on, "priority": priority, "final_use": final_use,
             "note": note, **({"site": site} if site else {})}  # fmt: skip
    with transaction.atomic():
        held = lock_project(project.pk)
        require_open(held)
        require_seen(held, EDITED, seen)
        before = {field: getattr(held, field) for field in after}
        for watcher in watchers() if site and site != held.site else ():
            watcher.site_changes(workshop=workshop, actor=actor, project=held)
        _set(held, after)
        held.save()
        changes = difference(before, after)
        if changes:
            record(workshop=workshop, actor=actor, action=EDITED, subject=held, changes=changes)
            ask_report(workshop=workshop, held=held)
    return held


def record_part(
    *, workshop: Workshop, actor: Actor, part: Part, powder: Powder | None, coats: int, primer: bool, varnish: bool,
    curing_celsius: int | None, curing_minutes: int | None, leave_batch: bool = False, **size: Any,
) -> Part:  # fmt: skip
    """Note the powder really used, its layers and its curing, and its size (as `measure_part`) when it is given.

    RuleError once the project is delivered. A part in an open batch leaves it, when `leave_batch` says so; otherwise
    RuleError, as in a launched one.
    """
    work = {"powder": powder, "coats": coats, "primer": primer, "varnish": varnish,
            "curing_celsius": curing_celsius, "curing_minutes": curing_minutes}  # fmt: skip
    return _record(workshop, actor, part, work, size, leave_batch=leave_batch)


def measure_part(
    *, workshop: Workshop, actor: Actor, part: Part, length_mm: int, width_mm: int, height_mm: int,
    mass_kg: Decimal | None, carry: str, turning: str,
) -> Part:  # fmt: skip
    """Note the room that one piece takes in the oven, whatever its batch; RuleError once the project is delivered."""
    size = {"length_mm": length_mm, "width_mm": width_mm, "height_mm": height_mm, "mass_kg": mass_kg,
            "carry": carry, "turning": turning}  # fmt: skip
    return _record(workshop, actor, part, {}, size)


def _record(
    workshop: Workshop, actor: Actor, part: Part, work: dict[str, Any], size: dict[str, Any], *,
    leave_batch: bool = False,
) -> Part:  # fmt: skip
    """Write what was done and the size; those who watch a part are asked about what was done."""
    with transaction.atomic():
        project = lock_project(part.project_id)
        require_open(project)
        held = Part.objects.select_related("powder").get(pk=part.pk)
        after = {**work, **size}
        before = {field: getattr(held, field) for field in after}
        changes = difference(before, after)
        for watcher in watchers() if changes.keys() & work.keys() else ():
            watcher.part_changes(workshop=workshop, actor=actor, part=held, leave_batch=leave_batch)
        _set(held, after)
        held.save()
        told = {"part": held.designation, **changes}
        record(workshop=workshop, actor=actor, action="part.recorded", subject=project, changes=told)
        if changes.keys() & work.keys():
            ask_report(workshop=workshop, held=project)
    return held


def _require_turn(project: Project, step: Step, course: Sequence[Step]) -> None:
    if project.status not in RUNNING:
        raise RuleError(_("The steps of this project can no longer change."))
    first = next(held for held in course if not held.is_done)
    if first.pk == step.pk:
        return
    if first.pass_number > 1:
        message = _("A non-conformity sent the project back: validate “%(step)s” first.")
        raise RuleError(message % {"step": first.name})
    raise RuleError(_("Validate “%(step)s” first.") % {"step": first.name})


def _require_checklist(step: Step, answers: Sequence[str], remarks: Sequence[str]) -> list[dict[str, str]]:
    """The checklist with its answers; every item must have one."""
    if not step.checklist:
        return []
    if len(answers) != len(step.checklist) or any(answer not in CheckAnswer.values for answer in answers):
        raise RuleError(_("Answer every item of the checklist."), field="answers")
    said = [*(remark.strip() for remark in remarks), *[""] * len(step.checklist)]
    lines = zip(step.checklist, answers, said, strict=False)
    return [
        {"item": item, "answer": answer, **({"remark": remark} if remark else {})} for item, answer, remark in lines
    ]


def _require_photo(step: Step) -> None:
    """A step that asks for a photo has one of its own, of this pass, which nobody has discarded."""
    if step.needs_photo and not Photo.objects.filter(step=step, discarded_at=None).exists():
        raise RuleError(_("Add a photo of “%(step)s” before it is validated.") % {"step": step.name}, field="photos")


def _require_no_failure(step: Step, course: Sequence[Step]) -> None:
    """The last step is not validated while an item has failed in the latest pass of a step that says so."""
    if any(not other.is_done and other.pk != step.pk for other in course):
        return
    latest = {(one.rank, one.is_rework): one for one in course}
    failed = next((one for one in latest.values() if one.failure_blocks and one.has_failure), None)
    if failed is None:
        return
    if failed.pk == step.pk:
        message = _("An item has failed: declare a non-conformity, or rework the parts before validating.")
        raise RuleError(message, field="answers")
    message = _("An item of “%(step)s” has failed: declare a non-conformity before the end of the work.")
    raise RuleError(message % {"step": failed.name})


def _set(row: Project | Part, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        setattr(row, field, value)
