"""What the floor writes on a project that is under way: its note, and a validation that is corrected."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from app.audit.services import difference, record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import CheckAnswer, ProjectStatus
from ..locks import lock_project
from ..models import Project, Step
from .finishing import ask_report

EDITED = "project.edited"


def write_note(*, workshop: Workshop, actor: Actor, project: Project, note: str) -> Project:
    """Write the note to the workshop; RuleError once the project is closed."""
    with transaction.atomic():
        held = lock_project(project.pk)
        _require_open(held)
        changes = difference({"note": held.note}, {"note": note})
        if changes:
            held.note = note
            held.save(update_fields=["note"])
            record(workshop=workshop, actor=actor, action=EDITED, subject=held, changes=changes)
    return held


def amend_step(*, workshop: Workshop, actor: Actor, step: Step, comment: str, answers: Sequence[str]) -> Step:
    """Replace what a validated step says, without taking it back; who validated it stays.

    RuleError when it is not validated, once the project is closed, or when work that is over would hold a failure.
    """
    with transaction.atomic():
        project = lock_project(step.project_id)
        held = Step.objects.get(pk=step.pk)
        _require_open(project)
        if not held.is_done:
            raise RuleError(_("This step is not validated any more."))
        _require_answers(project, held, answers)
        before = {"comment": held.comment, "answers": held.answers}
        held.comment = comment
        if answers:
            pairs = zip(held.checklist, answers, strict=True)
            held.answers = [{"item": item, "answer": answer} for item, answer in pairs]
        held.save()
        after = {"comment": held.comment, "answers": held.answers}
        changes = {"step": held.name, **difference(before, after)}
        record(workshop=workshop, actor=actor, action="step.amended", subject=project, changes=changes)
        if after != before:
            ask_report(workshop=workshop, held=project)
    return held


def _require_answers(project: Project, step: Step, answers: Sequence[str]) -> None:
    if answers and len(answers) != len(step.checklist):
        raise RuleError(_("Answer every item of the checklist."), field="answers")
    is_last = not Step.objects.filter(project=project, position__gt=step.position).exists()
    is_over = project.status == ProjectStatus.READY and step.failure_blocks
    if (is_last or is_over) and CheckAnswer.FAIL in answers:
        raise RuleError(_("An item has failed: rework the parts before the last step is validated."), field="answers")


def _require_open(project: Project) -> None:
    if project.status in (ProjectStatus.DELIVERED, ProjectStatus.CANCELLED):
        raise RuleError(_("This project is closed."))
