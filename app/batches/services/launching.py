"""A batch at work: launched, closed, given up. Each concerns all of its parts, or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from app.audit.services import record
from app.kernel.errors import RuleError
from app.projects.constants import ProjectStatus
from app.projects.models import Project, Step
from app.projects.services.working import validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.written import workshop_rows

from ..constants import BatchState, Posting
from ..locks import lock_batch, lock_projects
from ..models import Batch, BatchItem
from ..selectors import get_batch_settings, list_holding_project, list_items, list_undone_parts
from .batching import remove_parts, told_by_the_database
from .consuming import post_batch, reverse_batch


@dataclass(frozen=True)
class Checked:
    """What was answered once for the batch: by item of the checklists, the answer and the note."""

    answers: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""


def launch_batch(*, workshop: Workshop, actor: Actor, batch: Batch, lot: str = "") -> Batch:
    """Start to lay the powder: every project says so. Launching twice changes nothing.

    RuleError when the batch is empty, when a project is not at the step that lays the powder (all are named), or when
    the workshop wants one lot and it is not said.
    """
    with transaction.atomic():
        held, projects = hold_batch(batch)
        if held.is_launched:
            return held
        if held.state != BatchState.OPEN:
            raise RuleError(_("This batch is over."))
        if not projects:
            raise RuleError(_("Put a part in the batch first."))
        _require_ready(projects.values())
        held.lot = " ".join(lot.split()) or held.lot
        if held.same_lot and not held.lot:
            raise RuleError(_("Write the lot of the powder: one for the whole batch."), field="lot")
        held.state, held.launched_at = BatchState.LAUNCHED, timezone.now()
        held.launched_by_id, held.launched_by_name = actor.user_id, actor.label
        with told_by_the_database():
            held.save()
        changes = {"state": [BatchState.OPEN, BatchState.LAUNCHED], "lot": held.lot}
        record(workshop=workshop, actor=actor, action="batch.launched", subject=held, changes=changes)
        for project in projects.values():
            _say(workshop, actor, project, held, "project.batch_launched")
        if get_batch_settings(workshop).posting == Posting.LAUNCH:
            post_batch(workshop=workshop, actor=actor, batch=held)
    return held


def close_batch(*, workshop: Workshop, actor: Actor, batch: Batch, checked: Checked | None = None) -> Batch:
    """The powder is laid: projects without another part to powder go on to their next step. Twice changes nothing.

    A project whose other parts wait stays at its step, and the parts that are done are remembered. RuleError when the
    batch is not launched, or when a step of one project cannot be validated: then nothing moves.
    """
    said = checked or Checked()
    with transaction.atomic():
        held, projects = hold_batch(batch)
        if held.state == BatchState.CLOSED:
            return held
        if not held.is_launched:
            raise RuleError(_("Launch the batch first."))
        # Nothing when the launch posted it; the workshop may have chosen the other moment since then.
        post_batch(workshop=workshop, actor=actor, batch=held)
        _end(held, actor, BatchState.CLOSED)
        BatchItem.objects.filter(batch=held).update(done_at=held.ended_at)
        record(workshop=workshop, actor=actor, action="batch.closed", subject=held,
               changes={"state": [BatchState.LAUNCHED, BatchState.CLOSED]})  # fmt: skip
        for project in projects.values():
            _say(workshop, actor, project, held, "project.batch_closed")
            _move_on(workshop, actor, project, held, said)
    return held


def cancel_batch(*, workshop: Workshop, actor: Actor, batch: Batch, reason: str) -> Batch:
    """Give a batch up: its parts wait again, and what it took from the stock is given back. RuleError once closed."""
    if not reason.strip():
        raise RuleError(_("Say why the batch is cancelled."), field="reason")
    with transaction.atomic():
        held, projects = hold_batch(batch)
        if not held.is_holding:
            raise RuleError(_("This batch is over."))
        before = held.state
        reverse_batch(workshop=workshop, actor=actor, batch=held, reason=reason.strip())
        _end(held, actor, BatchState.CANCELLED)
        changes = {"state": [before, BatchState.CANCELLED], "reason": reason.strip()}
        record(workshop=workshop, actor=actor, action="batch.cancelled", subject=held, changes=changes)
        for project in projects.values() if before == BatchState.LAUNCHED else ():
            _say(workshop, actor, project, held, "project.batch_cancelled")
    return held


def hold_batch(batch: Batch) -> tuple[Batch, dict[int, Project]]:
    """The batch and all its projects, held; RuleError when a part has come or gone in between."""
    pks = {item.part.project_id for item in list_items(batch)}
    projects = lock_projects(pks)
    held = lock_batch(batch.pk)
    if {item.part.project_id for item in list_items(held)} != pks:
        raise RuleError(_("The batch has changed meanwhile: look at it again."))
    return held, projects


def take_out_unready(*, workshop: Workshop, actor: Actor, batch: Batch) -> Batch:
    """Take out of an open batch the parts of the projects that are not at the step that lays the powder."""
    items = list_items(batch)
    projects = {item.part.project_id: item.part.project for item in items}
    late = {project.pk for project in list_unready(projects.values())}
    parts = [item.part_id for item in items if item.part.project_id in late]
    return remove_parts(workshop=workshop, actor=actor, batch=batch, part_pks=parts, reason=_("not ready"))


def list_unready(projects: Iterable[Project]) -> list[Project]:
    """The projects that are not at the step that lays the powder."""
    rows = list(projects)
    at_step = powder_steps([project.pk for project in rows])
    return [project for project in rows if not project.is_running or project.pk not in at_step]


_STEPS = Step._meta.db_table
_FIRST_LEFT = f"""AND project_id = ANY(%s) AND done_at IS NULL AND NOT EXISTS (
    SELECT FROM {_STEPS} AS before WHERE before.workshop_id = {_STEPS}.workshop_id
    AND before.project_id = {_STEPS}.project_id AND before.done_at IS NULL AND before.position < {_STEPS}.position
)"""


def powder_steps(project_pks: Sequence[int]) -> dict[int, Step]:
    """The step that lays the powder of each project that is at it now."""
    first = workshop_rows(Step, _FIRST_LEFT, [list(project_pks)])
    return {step.project_id: step for step in first if step.lays_powder}


def asked_at_closing(items: Sequence[BatchItem]) -> dict[str, Any]:
    """What the steps of the projects of a batch ask for: each check once, and whether one wants a photo."""
    return asked_by_steps(powder_steps([item.part.project_id for item in items]).values())


def asked_by_steps(steps: Iterable[Step]) -> dict[str, Any]:
    """What these steps ask for: each check once, and whether one wants a photo."""
    steps = list(steps)
    checks = dict.fromkeys(item for step in steps for item in step.checklist)
    return {"checklist": list(checks), "needs_photo": any(step.needs_photo for step in steps)}


def _require_ready(projects: Iterable[Project]) -> None:
    if late := list_unready(projects):
        names = ", ".join(
            f"{project.number} ({project.current_step or project.get_status_display()})" for project in late
        )
        message = ngettext(
            "This project is not ready for the powder: %(projects)s.",
            "These projects are not ready for the powder: %(projects)s.",
            len(late),
        )
        raise RuleError(message % {"projects": names}, field="unready")


def _say(workshop: Workshop, actor: Actor, project: Project, batch: Batch, action: str) -> None:
    """Write on a held project which launched batch it is in, if any, and tell its history."""
    launched = [one.number for one in list_holding_project(project) if one.is_launched]
    project.batch_number = launched[-1] if launched else ""
    if launched and project.status == ProjectStatus.OPEN:
        project.status = ProjectStatus.IN_PROGRESS
    project.save(update_fields=["batch_number", "status"])
    record(workshop=workshop, actor=actor, action=action, subject=project, changes={"batch": batch.number})


def _end(batch: Batch, actor: Actor, state: BatchState) -> None:
    batch.state, batch.ended_at, batch.ended_by_name = state, timezone.now(), actor.label
    batch.save()


def _move_on(workshop: Workshop, actor: Actor, project: Project, batch: Batch, said: Checked) -> None:
    """Validate the powder step of a project once all its parts have their powder; one that was stopped stays."""
    if not project.is_running or list_undone_parts(project):
        return
    step = powder_steps([project.pk]).get(project.pk)
    if step is None:
        return
    try:
        validate_step(
            workshop=workshop, actor=actor, step=step,
            comment=said.comment or _("Batch %(number)s") % {"number": batch.number},
            answers=[said.answers.get(item, "") for item in step.checklist],
            remarks=[said.remarks.get(item, "") for item in step.checklist],
        )  # fmt: skip
    except RuleError as error:
        raise RuleError(f"{project.number} : {error.message}", error.field) from error
