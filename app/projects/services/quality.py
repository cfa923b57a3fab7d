"""Non-conformities: declared, sent back to a step or to rework, told in full, closed."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import difference, record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import PhotoMoment
from ..locks import lock_nonconformity, lock_project
from ..models import Nonconformity, Part, Photo, Project, QualityTerm, ReworkStep, Step
from ..watching import watchers
from .course import advance, insert_steps, moment_of, require_open, rules_of, step_gone, times
from .finishing import ask_report
from .photos import add_photo


def declare_nonconformity(
    *,
    workshop: Workshop,
    actor: Actor,
    project: Project,
    step: Step,
    defect: QualityTerm,
    comment: str = "",
    cause: QualityTerm | None = None,
    corrective_action: str = "",
    return_to: Step | None = None,
    part: Part | None = None,
    at: datetime | None = None,
) -> Nonconformity:
    """Note what is wrong and send the project back to `return_to`, a step already done, or to rework without one.

    The steps from there on are done again as the next pass; those of the earlier passes stay. Two declarations at
    once make one pass. A project that was ready goes back to work. RuleError when it is closed, or when the step
    to return to has left it or is not done; the step where it was found may have left it.
    """
    with transaction.atomic():
        held = lock_project(project.pk)
        require_open(held)
        for watcher in watchers():
            watcher.course_changes(workshop=workshop, actor=actor, project=held)
        course = list(Step.objects.filter(project=held))
        found = next((one for one in course if one.pk == step.pk), None)
        target = _target(held, course, return_to)
        noted = Nonconformity(
            workshop=workshop, project=held, part=part, step=found, step_name=(found or step).name,
            pass_number=max((one.pass_number for one in course), default=1),
            defect=defect, cause=cause or None, comment=comment.strip(), corrective_action=corrective_action.strip(),
            returned_to=target.name if target else "",
            declared_at=moment_of(held, at), declared_by_id=actor.user_id, declared_by_name=actor.label,
        )  # fmt: skip
        added = _again(held, course, target)
        noted.returned_to = noted.returned_to or _rework_name(course, added)
        noted.lays_powder = any(one.lays_powder for one in (*added, *course) if not one.is_done)
        redone = target or (_latest_laying(course) if noted.lays_powder else None)
        if redone:
            noted.worked_by_id, noted.worked_by_name = redone.done_by_id, redone.done_by_name
        noted.save()
        insert_steps(held, course, added)
        changes = {
            "defect": defect.name, "step": noted.step_name, "returned_to": noted.returned_to,
            "comment": noted.comment, **times(noted.declared_at, at),
        }  # fmt: skip
        record(workshop=workshop, actor=actor, action="nonconformity.declared", subject=held, changes=changes)
        advance(workshop, actor, held)
    return noted


def edit_nonconformity(
    *,
    workshop: Workshop,
    actor: Actor,
    nonconformity: Nonconformity,
    cause: QualityTerm | None,
    corrective_action: str,
    rework_minutes: int | None,
    cost: Decimal | None,
) -> Nonconformity:
    """Complete what is known: the cause, what was done, the minutes of rework and what it cost (EUR before tax)."""
    after = {"cause": cause, "corrective_action": corrective_action.strip(), "rework_minutes": rework_minutes,
             "cost": cost}  # fmt: skip
    with transaction.atomic():
        project = lock_project(nonconformity.project_id)
        held = lock_nonconformity(nonconformity.pk)
        before = {field: getattr(held, field) for field in after}
        changed = difference(before, after)
        if changed:
            for field, value in after.items():
                setattr(held, field, value)
            held.save()
            changes: dict[str, Any] = {"defect": held.defect.name, **changed}
            record(workshop=workshop, actor=actor, action="nonconformity.edited", subject=project, changes=changes)
            ask_report(workshop=workshop, held=project)
    return held


def close_nonconformity(*, workshop: Workshop, actor: Actor, nonconformity: Nonconformity) -> Nonconformity:
    """Say that it is dealt with; RuleError without a corrective action. Closing twice changes nothing."""
    with transaction.atomic():
        project = lock_project(nonconformity.project_id)
        held = lock_nonconformity(nonconformity.pk)
        if not held.is_open:
            return held
        if not held.corrective_action:
            raise RuleError(_("Write the corrective action first."), field="corrective_action")
        held.closed_at, held.closed_by_name = timezone.now(), actor.label
        held.save(update_fields=["closed_at", "closed_by_name"])
        changes = {"defect": held.defect.name, "corrective_action": held.corrective_action}
        record(workshop=workshop, actor=actor, action="nonconformity.closed", subject=project, changes=changes)
        ask_report(workshop=workshop, held=project)
    return held


def add_defect_photo(
    *,
    workshop: Workshop,
    actor: Actor,
    nonconformity: Nonconformity,
    content: bytes,
    name: str,
    taken_at: datetime | None = None,
) -> Photo:
    """Keep a photo of the defect with its non-conformity; RuleError when the photo cannot be taken."""
    with transaction.atomic():
        photo = add_photo(
            workshop=workshop, actor=actor, project=nonconformity.project, content=content, name=name,
            moment=PhotoMoment.DEFECT, part=nonconformity.part, step=nonconformity.step, taken_at=taken_at,
        )  # fmt: skip
        photo.nonconformity = nonconformity
        photo.save(update_fields=["nonconformity"])
    return photo


def _target(project: Project, course: Sequence[Step], return_to: Step | None) -> Step | None:
    """The step to go back to, as it stands now; None for rework."""
    if return_to is None:
        return None
    held = next((one for one in course if one.pk == return_to.pk), None)
    if held is None:
        raise step_gone(project, return_to.name)
    if not held.is_done or held.is_rework:
        raise RuleError(_("Choose a step that has already been done, or the rework."), field="return_to")
    return held


def _latest_laying(course: Sequence[Step]) -> Step | None:
    """What a rework that lays the powder does again; None when it was not laid yet."""
    return max((one for one in course if one.is_done and one.lays_powder), key=lambda one: one.position, default=None)


def _again(project: Project, course: Sequence[Step], target: Step | None) -> list[Step]:
    """The steps that the return adds before those that wait, unsaved; none when the course goes there anyway."""
    waiting = [one for one in course if not one.is_done]
    until = min((one.rank for one in waiting if not one.is_rework), default=None)
    latest = {one.rank: one for one in course if one.is_done and not one.is_rework}
    models: list[Step | ReworkStep] = []
    if target is None:
        if any(one.is_rework for one in waiting):
            return []
        rework = rework_of(project, course, ReworkStep.objects.filter(project=project).first())
        models.append(rework)
        first = rework.rank + 1
    else:
        first = target.rank
    models += [latest[rank] for rank in sorted(latest) if first <= rank and (until is None or rank < until)]
    number = _next_pass(course)
    return [
        Step(
            workshop_id=project.workshop_id, project=project, rank=model.rank, pass_number=number,
            is_rework=isinstance(model, ReworkStep), **rules_of(model),
        )
        for model in models
    ]  # fmt: skip


def _next_pass(course: Sequence[Step]) -> int:
    """The pass that a return begins: the one that has begun counts, one that nobody has started is joined."""
    current = max((one.pass_number for one in course), default=1)
    begun = any(one.is_done and one.pass_number == current for one in course)
    return current + 1 if begun else current


def rework_of(project: Project, course: Sequence[Step], kept: ReworkStep | None) -> ReworkStep:
    """The rework step that was kept for a project, or one that is followed by the last step only."""
    last = max((one.rank for one in course), default=1)
    return kept or ReworkStep(project=project, rank=max(last - 1, 0), name=_("Rework"))


def _rework_name(course: Sequence[Step], added: Sequence[Step]) -> str:
    return next(one.name for one in (*added, *course) if one.is_rework and not one.is_done)
