"""What each kind of action does. Nothing here knows about sending again: the ledger does.

The rules of what happens when something changed in between: notes and captions, the last write wins; a step or a
part recorded differently on both sides waits for a person.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from app.audit.models import AuditEntry
from app.kernel.errors import RuleError
from app.projects.models import Part, Project, Step
from app.projects.selectors import get_part, get_step
from app.projects.services.amending import write_note
from app.projects.services.working import record_part, validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import ActionKind, Outcome
from ..models import DeviceAction
from ..payloads import PartValues, part_values, step_values, text_of, whole

NOTE_LONGEST = 4000


@dataclass(frozen=True)
class Case:
    """An action being applied: where, by whom, and its row in the ledger."""

    workshop: Workshop
    actor: Actor
    project: Project
    row: DeviceAction


@dataclass(frozen=True)
class Verdict:
    """What became of it; `theirs` is the other side of a conflict, `result` what the device may need."""

    outcome: str
    reason: str = ""
    theirs: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)


def _validate(case: Case) -> Verdict:
    values = step_values(case.row.payload)
    step = _step(case, values.step_pk)
    if step.is_done:
        return _done_before(case, step, values.comment, values.answers)
    validate_step(
        workshop=case.workshop, actor=case.actor, step=step, comment=values.comment, answers=values.answers,
    )  # fmt: skip
    return Verdict(Outcome.APPLIED)


def _done_before(case: Case, step: Step, comment: str, answers: tuple[str, ...]) -> Verdict:
    """Somebody has validated it in between: the same words change nothing, others are for a person to choose."""
    theirs = {
        "by": step.done_by_name,
        "at": step.done_at.isoformat() if step.done_at else "",
        "step": step.name,
        "comment": step.comment,
        "answers": [answer["answer"] for answer in step.answers],
        "checklist": step.checklist,
    }
    same = (not comment or comment == step.comment) and list(answers) in ([], theirs["answers"])
    if same:
        said = _("%(who)s had already validated it.") % {"who": step.done_by_name}
        return Verdict(Outcome.APPLIED, said, result={"already": True})
    return Verdict(Outcome.CONFLICT, _("%(who)s has validated it differently.") % {"who": step.done_by_name}, theirs)


def _record_part(case: Case) -> Verdict:
    part = _part(case)
    mine = part_values(case.row.payload)
    differing = _changed_on_both_sides(mine, PartValues.of(part), part_values(case.row.base))
    if differing:
        who, at = _last_recorded(case.project, part, differing)
        theirs = {"part": part.designation, "by": who, "at": at, "values": differing}
        return Verdict(Outcome.CONFLICT, _("%(who)s has recorded something else.") % {"who": who}, theirs)
    merged = mine.over(PartValues.of(part), base=part_values(case.row.base))
    record_part(workshop=case.workshop, actor=case.actor, part=part, **merged.arguments())
    return Verdict(Outcome.APPLIED)


def _changed_on_both_sides(mine: PartValues, now: PartValues, base: PartValues) -> dict[str, list[Any]]:
    """The fields that the device and somebody else both changed, to different values: {field: [mine, theirs]}."""
    before, here, there = base.shown(), mine.shown(), now.shown()
    return {
        name: [here[name], there[name]]
        for name in here
        if here[name] != before[name] and there[name] != before[name] and here[name] != there[name]
    }


def _last_recorded(project: Project, part: Part, fields: dict[str, Any]) -> tuple[str, str]:
    """Who recorded these fields last, and when, as the trail knows it."""
    entries = AuditEntry.objects.filter(
        subject_kind="project",
        subject_pk=project.pk,
        action="part.recorded",
        changes__part=part.designation,
        changes__has_any_keys=list(fields),
    )
    latest = entries.order_by("-at", "-pk").first()
    return (latest.actor, latest.at.isoformat()) if latest else (_("Somebody"), "")


def _write_note(case: Case) -> Verdict:
    text = text_of(case.row.payload.get("text"), NOTE_LONGEST)
    later = _later_write(case)
    if later:
        return Verdict(Outcome.OVERTAKEN, _("%(who)s wrote it again later.") % {"who": later})
    write_note(workshop=case.workshop, actor=case.actor, project=case.project, note=text)
    return Verdict(Outcome.APPLIED)


def _later_write(case: Case) -> str:
    """Who wrote the note of this project after this action was made, or ""."""
    entries = AuditEntry.objects.filter(
        subject_kind="project", subject_pk=case.project.pk, action="project.edited", changes__has_key="note"
    )
    others = DeviceAction.objects.filter(
        project=case.project, kind=ActionKind.NOTE, outcome=Outcome.APPLIED, at__gt=case.row.at
    ).exclude(pk=case.row.pk)
    device = others.order_by("-at").first()
    if device:
        return device.user_name
    sent = DeviceAction.objects.filter(project=case.project, kind=ActionKind.NOTE, outcome=Outcome.APPLIED)
    latest = entries.filter(at__gt=case.row.at).order_by("-at").first()
    # A note of a device is in the trail at the moment it arrived, which says nothing of when it was written.
    if latest is None or sent.filter(received_at__gt=case.row.at, user_name=latest.actor).exists():
        return ""
    return latest.actor


def _step(case: Case, step_pk: int) -> Step:
    try:
        return get_step(case.project, step_pk)
    except Step.DoesNotExist as error:
        raise RuleError(_("This step is no longer part of the project.")) from error


def _part(case: Case) -> Part:
    try:
        return get_part(case.project, whole(case.row.payload.get("part")) or 0)
    except Part.DoesNotExist as error:
        raise RuleError(_("This part is no longer part of the project.")) from error


HANDLERS: dict[str, Callable[[Case], Verdict]] = {
    ActionKind.STEP: _validate,
    ActionKind.PART: _record_part,
    ActionKind.NOTE: _write_note,
}
