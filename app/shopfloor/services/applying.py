"""What each kind of action does. Nothing here knows about sending again: the ledger does.

The rules of what happens when something changed in between: notes and captions, the last write wins; a step or a
part recorded differently on both sides waits for a person.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from app.audit.models import AuditEntry
from app.kernel.errors import RuleError
from app.projects.constants import CAPTION_LONGEST, PhotoMoment, TermKind
from app.projects.models import Nonconformity, Part, Photo, Project, QualityTerm, Step
from app.projects.photo_selectors import get_photo
from app.projects.selectors import get_nonconformity, get_part, get_step
from app.projects.services.amending import write_note
from app.projects.services.course import find_gone_step
from app.projects.services.photos import add_photo, edit_caption
from app.projects.services.quality import add_defect_photo, declare_nonconformity
from app.projects.services.working import record_part, validate_step

from ..constants import ActionKind, Outcome
from ..models import DeviceAction
from ..payloads import COMMENT_LONGEST, PartValues, as_key, part_values, step_values, text_of, whole
from ..selectors import later_writer
from .batches import apply_batch
from .cases import Case, Verdict
from .uploading import Sender, take_upload

NOTE_LONGEST = 4000


def _validate(case: Case) -> Verdict:
    values = step_values(case.row.payload)
    step = _step(case, values.step)
    if step.is_done:
        return _done_before(case, step, values.comment, values.answers)
    validate_step(
        workshop=case.workshop,
        actor=case.actor,
        step=step,
        comment=values.comment,
        answers=values.answers,
        at=case.row.at,
    )
    return Verdict(Outcome.APPLIED)


def _done_before(case: Case, step: Step, comment: str, answers: tuple[str, ...]) -> Verdict:
    """Somebody has validated it in between: the same words change nothing, others are for a person to choose."""
    theirs = {
        "by": step.done_by_name,
        "at": step.done_at.isoformat() if step.done_at else "",
        "step": step.name,
        "step_pk": step.pk,
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
    later = later_writer(case.row, entries=AuditEntry.objects.filter(action="project.edited", changes__has_key="note"))
    if later:
        return Verdict(Outcome.OVERTAKEN, _("%(who)s wrote it again later.") % {"who": later})
    write_note(workshop=case.workshop, actor=case.actor, project=case.project, note=text)
    return Verdict(Outcome.APPLIED)


def _declare(case: Case) -> Verdict:
    payload = case.row.payload
    back_to = payload.get("return_to")
    noted = declare_nonconformity(
        workshop=case.workshop,
        actor=case.actor,
        project=case.project,
        step=_found_at(case),
        defect=_defect(payload.get("defect")),
        comment=text_of(payload.get("comment"), COMMENT_LONGEST),
        return_to=_step(case, back_to) if back_to is not None else None,
        at=case.row.at,
    )
    return Verdict(Outcome.APPLIED, result={"nonconformity": noted.pk})


def _found_at(case: Case) -> Step:
    """The step where it was found, which may have left the project since: its name is enough then."""
    said = case.row.payload.get("step")
    if isinstance(said, str):
        return _added_step(case, said)
    try:
        return get_step(case.project, whole(case.row.payload.get("step")) or 0)
    except Step.DoesNotExist:
        name = text_of(case.row.payload.get("stepName"), 60)
        return Step(workshop=case.workshop, project=case.project, name=name or case.project.current_step)


def _defect(pk: object) -> QualityTerm:
    """A word for a defect; one that was put away meanwhile still says what was seen."""
    found = QualityTerm.objects.filter(pk=whole(pk) or 0, kind=TermKind.DEFECT).first()
    if found is None:
        raise RuleError(_("Say what is wrong."))
    return found


def _keep_photo(case: Case) -> Verdict:
    """Add the photo whose bytes have arrived; a defect's goes to its non-conformity, when that was accepted."""
    payload, row = case.row.payload, case.row
    sender = Sender(None, row.tablet) if row.tablet else Sender(row.user_id)
    content = take_upload(sender=sender, key=row.key, sha256=str(payload.get("sha256")))
    noted = _nonconformity_of(case)
    if noted:
        photo = add_defect_photo(
            workshop=case.workshop, actor=case.actor, nonconformity=noted, content=content, name="", taken_at=row.at
        )
    else:
        asked = str(payload.get("moment"))
        photo = add_photo(
            workshop=case.workshop,
            actor=case.actor,
            project=case.project,
            content=content,
            name="",
            moment=PhotoMoment(asked) if asked in PhotoMoment.values else PhotoMoment.STEP,
            step=_step_of_photo(case),
            caption=text_of(payload.get("caption"), CAPTION_LONGEST),
            taken_at=row.at,
        )
    return Verdict(Outcome.APPLIED, result={"photo": photo.pk})


def _nonconformity_of(case: Case) -> Nonconformity | None:
    key = as_key(case.row.payload.get("nc"))
    if key is None:
        return None
    declared = DeviceAction.objects.filter(key=key, kind=ActionKind.NONCONFORMITY, project=case.project).first()
    pk = declared.result.get("nonconformity") if declared else None
    return get_nonconformity(case.project, pk) if pk else None


def _write_caption(case: Case) -> Verdict:
    payload = case.row.payload
    photo = _photo(case)
    entries = AuditEntry.objects.filter(action="photo.captioned", changes__photo=photo.number)
    later = later_writer(case.row, entries=entries, payload__photo=photo.pk)
    if later:
        return Verdict(Outcome.OVERTAKEN, _("%(who)s wrote it again later.") % {"who": later})
    edit_caption(
        workshop=case.workshop, actor=case.actor, photo=photo, caption=text_of(payload.get("text"), CAPTION_LONGEST)
    )
    return Verdict(Outcome.APPLIED)


def _photo(case: Case) -> Photo:
    try:
        return get_photo(case.project, whole(case.row.payload.get("photo")) or 0)
    except Photo.DoesNotExist as error:
        raise RuleError(_("This photo is not part of the project.")) from error


def _step_of_photo(case: Case) -> Step | None:
    """The step that a photo shows; a photo is kept without it rather than lost."""
    said = case.row.payload.get("step")
    try:
        return _step(case, said) if said else None
    except RuleError:
        return None


def _added_step(case: Case, said: str) -> Step:
    """The step that a declaration made on the device had added there: `key of the action:rank:1 for the rework`."""
    said_key, *place = said.split(":")
    key = as_key(said_key)
    declared = key and DeviceAction.objects.filter(key=key, kind=ActionKind.NONCONFORMITY, project=case.project).first()
    noted = declared.result.get("nonconformity") if declared else None
    if noted is None or len(place) != 2 or not all(part.isdecimal() and len(part) < 6 for part in place):
        raise RuleError(_("The non-conformity that sent the parts back was not accepted: this step is not done again."))
    until = get_nonconformity(case.project, noted).pass_number + 1
    steps = Step.objects.filter(project=case.project, rank=int(place[0]), is_rework=place[1] == "1")
    found = steps.filter(pass_number__lte=until).order_by("-pass_number").first()
    if found is None:
        raise RuleError(_("This step is no longer part of the project."))
    return found


def _step(case: Case, said: object) -> Step:
    if isinstance(said, str):
        return _added_step(case, said)
    step_pk = whole(said) or 0
    try:
        return get_step(case.project, step_pk)
    except Step.DoesNotExist as error:
        lost = RuleError(_("This step is no longer part of the project."))
        raise find_gone_step(case.project, step_pk) or lost from error


def _part(case: Case) -> Part:
    try:
        return get_part(case.project, whole(case.row.payload.get("part")) or 0)
    except Part.DoesNotExist as error:
        raise RuleError(_("This part is no longer part of the project.")) from error


HANDLERS: dict[str, Callable[[Case], Verdict]] = {
    ActionKind.STEP: _validate,
    ActionKind.PART: _record_part,
    ActionKind.NOTE: _write_note,
    ActionKind.NONCONFORMITY: _declare,
    ActionKind.PHOTO: _keep_photo,
    ActionKind.CAPTION: _write_caption,
    ActionKind.BATCH: apply_batch,
}
