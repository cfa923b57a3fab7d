"""A person decides between two records; both stay in the trail."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.projects.models import Part, Project, Step
from app.projects.selectors import get_part, get_step
from app.projects.services.amending import amend_step
from app.projects.services.working import record_part
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import ActionKind, Choice
from ..locks import lock_action, lock_projects
from ..models import DeviceAction
from ..payloads import PartValues, part_values, step_values, whole


def resolve_conflict(*, workshop: Workshop, actor: Actor, action: DeviceAction, choice: Choice) -> DeviceAction:
    """Keep one side; deciding the same again changes nothing. RuleError when it was decided otherwise."""
    with transaction.atomic():
        lock_projects([action.project_id or 0])
        held = lock_action(action.pk)
        if held.resolved_at is not None:
            if held.resolution == choice:
                return held
            raise RuleError(_("%(who)s has already decided.") % {"who": held.resolved_by_name})
        if choice == Choice.MINE:
            _apply(workshop, actor, held)
        held.resolved_at, held.resolved_by_name, held.resolution = timezone.now(), actor.label, choice
        held.save()
        changes = {
            "kind": held.get_kind_display(),
            "kept": choice.label,
            "tablet_said": held.payload,
            "was_there": held.theirs,
        }
        subject: Project | DeviceAction = held.project or held
        record(workshop=workshop, actor=actor, action="device.decided", subject=subject, changes=changes)
    return held


def _apply(workshop: Workshop, actor: Actor, action: DeviceAction) -> None:
    project = action.project
    if project is None:
        raise RuleError(_("This project is not in this workshop."))
    try:
        if action.kind == ActionKind.STEP:
            values = step_values(action.payload)
            step = get_step(project, whole(action.theirs.get("step_pk", values.step)) or 0)
            amend_step(
                workshop=workshop,
                actor=actor,
                step=step,
                comment=values.comment or step.comment,
                answers=values.answers,
            )
        else:
            part = get_part(project, action.payload["part"])
            merged = part_values(action.payload).over(PartValues.of(part), base=part_values(action.base))
            record_part(workshop=workshop, actor=actor, part=part, **merged.arguments())
    except (Step.DoesNotExist, Part.DoesNotExist) as error:
        raise RuleError(_("It is no longer part of the project.")) from error
