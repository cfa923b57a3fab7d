"""The steps that projects go through, as a workshop has set them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import DEFAULT_STEPS
from ..locks import lock_workflows
from ..models import Workflow, WorkflowStep

MOST_STEPS = 200


@dataclass(frozen=True)
class StepData:
    """A step as it is typed: its name, and what must be checked before it is validated."""

    name: str
    checklist: tuple[str, ...] = ()
    needs_photo: bool = False
    failure_blocks: bool = True
    is_rework: bool = False
    lays_powder: bool = False


def default_workflow(*, workshop: Workshop) -> Workflow:
    """The workflow of new projects; the one supplied with the product until the workshop has its own."""
    found = Workflow.objects.filter(is_default=True).first()
    if found:
        return found
    steps = [
        StepData(
            str(step.name), tuple(str(item) for item in step.checklist), is_rework=step.is_rework,
            lays_powder=step.lays_powder,
        )
        for step in DEFAULT_STEPS
    ]  # fmt: skip
    with transaction.atomic():
        workflow = Workflow.objects.create(workshop=workshop, name=_("Standard"), is_default=True)
        _write_steps(workshop, workflow, steps)
    return workflow


def save_workflow(
    *,
    workshop: Workshop,
    actor: Actor,
    name: str,
    steps: Sequence[StepData],
    workflow: Workflow | None = None,
    is_default: bool = False,
) -> Workflow:
    """Create a workflow or change it for the projects to come; RuleError without a step or with two alike."""
    name = " ".join(name.split())
    with transaction.atomic():
        lock_workflows()
        _require(name, steps, workflow)
        before = [_words(step) for step in workflow.steps.all()] if workflow else []
        workflow = workflow or Workflow(workshop=workshop)
        if is_default and not workflow.is_default:
            Workflow.objects.filter(is_default=True).update(is_default=False)
            workflow.is_default = True
        workflow.name = name
        workflow.save()
        _write_steps(workshop, workflow, steps)
        changes = {"steps": [before, [_words(step) for step in steps]]}
        record(workshop=workshop, actor=actor, action="workflow.saved", subject=workflow, changes=changes)
    return workflow


def add_rework(*, workshop: Workshop, actor: Actor, workflow: Workflow) -> Workflow:
    """Give a workflow the rework step that it lacks, before its last step; once it has one nothing changes.

    A step that already bears its name becomes the rework. RuleError as in `save_workflow`.
    """
    with transaction.atomic():
        lock_workflows()
        held = Workflow.objects.get(pk=workflow.pk)
        steps = [data_of(step) for step in held.steps.all()]
        if any(step.is_rework for step in steps):
            return held
        name = str(_("Rework"))
        same = [step for step in steps if step.name.casefold() == name.casefold()]
        if same:
            steps = [replace(step, is_rework=step in same) for step in steps]
        else:
            lays_powder = any(step.lays_powder for step in steps)
            steps.insert(max(0, len(steps) - 1), StepData(name, is_rework=True, lays_powder=lays_powder))
        return save_workflow(workshop=workshop, actor=actor, name=held.name, steps=steps, workflow=held)


def data_of(step: WorkflowStep) -> StepData:
    """A step as the editor holds it."""
    return StepData(
        step.name, tuple(step.checklist), step.needs_photo, step.failure_blocks, step.is_rework, step.lays_powder
    )


def archive_workflow(*, workshop: Workshop, actor: Actor, workflow: Workflow) -> None:
    """Take a workflow out of use; RuleError for the default one. Its projects go on."""
    if workflow.is_default:
        raise RuleError(_("Choose another default workflow first."))
    with transaction.atomic():
        Workflow.objects.filter(pk=workflow.pk).update(archived_at=timezone.now())
        record(workshop=workshop, actor=actor, action="workflow.archived", subject=workflow)


def _require(name: str, steps: Sequence[StepData], workflow: Workflow | None) -> None:
    if not name:
        raise RuleError(_("Give the workflow a name."), field="name")
    same = Workflow.objects.filter(name__iexact=name)
    if workflow:
        same = same.exclude(pk=workflow.pk)
    if same.exists():
        raise RuleError(_("Another workflow has this name."), field="name")
    if not steps or len(steps) > MOST_STEPS:
        raise RuleError(_("A workflow has between 1 and %(most)s steps.") % {"most": MOST_STEPS})
    names = [step.name.casefold() for step in steps]
    if len(set(names)) != len(names):
        raise RuleError(_("Two steps have the same name."))
    reworks = sum(step.is_rework for step in steps)
    if reworks > 1:
        raise RuleError(_("Only one step can be the rework."))
    if reworks == len(steps):
        raise RuleError(_("Add a step besides the rework."))
    if sum(step.lays_powder for step in steps if not step.is_rework) > 1:
        raise RuleError(_("The powder is laid at one step only, besides the rework."))


def _words(step: StepData | WorkflowStep) -> str:
    """A step with its rules, as the trail keeps it."""
    rules = {
        _("rework"): step.is_rework,
        _("photo required"): step.needs_photo,
        _("failures allowed"): bool(step.checklist) and not step.failure_blocks,
        _("powder laid"): step.lays_powder,
    }
    said = [*step.checklist, *(word for word, holds in rules.items() if holds)]
    return f"{step.name} ({'; '.join(said)})" if said else step.name


def _write_steps(workshop: Workshop, workflow: Workflow, steps: Sequence[StepData]) -> None:
    WorkflowStep.objects.filter(workflow=workflow).delete()
    rows = [
        WorkflowStep(workshop=workshop, workflow=workflow, position=position, **asdict(step))
        for position, step in enumerate(steps, start=1)
    ]
    WorkflowStep.objects.bulk_create(rows)
