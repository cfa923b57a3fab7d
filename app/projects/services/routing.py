"""Moving a running project to another workflow, or to the new version of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import RUNNING
from ..locks import lock_project
from ..models import Photo, Project, Step, Workflow, WorkflowStep
from ..selectors import list_workflow_steps
from ..watching import watchers
from .course import REMOVED, REROUTED, advance, keep_rework, rules_of


class Fate(StrEnum):
    """What a move does with a step."""

    DONE = "done"
    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Line:
    """A step of the project, of the workflow, or of both."""

    fate: Fate
    name: str
    step: Step | None = None
    model: WorkflowStep | None = None


@dataclass(frozen=True)
class Route:
    """What the move would do, in the order of the project after it; the steps that leave come last."""

    lines: tuple[Line, ...]

    @property
    def is_change(self) -> bool:
        return any(line.fate in (Fate.ADDED, Fate.REMOVED) for line in self.lines) or self._is_reordered

    @property
    def finishes(self) -> bool:
        """Whether nothing would be left to do: the project becomes ready."""
        return not any(line.fate in (Fate.KEPT, Fate.ADDED) for line in self.lines)

    @property
    def seal(self) -> str:
        """What the preview showed, so that the move does that and nothing else."""
        shown = "\n".join(
            f"{line.fate} {line.step and line.step.pk} {line.name} {line.model and rules_of(line.model)}"
            for line in self.lines
        )
        return sha256(shown.encode()).hexdigest()[:16]

    @property
    def _is_reordered(self) -> bool:
        kept = [line.step.position for line in self.lines if line.fate == Fate.KEPT and line.step]
        rules = any(
            line.step and line.model and rules_of(line.step) != rules_of(line.model)
            for line in self.lines
            if line.fate == Fate.KEPT
        )
        return rules or kept != sorted(kept)


def plan_route(*, project: Project, workflow: Workflow) -> Route:
    """What moving the project to this workflow, as it is now, would keep, add and remove."""
    return _plan(list(Step.objects.filter(project=project)), list_workflow_steps(workflow))


def reroute_project(*, workshop: Workshop, actor: Actor, project: Project, workflow: Workflow, seal: str) -> Project:
    """Do what the preview showed; RuleError when the project has moved on since, or is no longer running.

    The steps that are done stay as they are and count by their name; those that wait are replaced. A rework that a
    non-conformity asked for stays.
    """
    with transaction.atomic():
        held = lock_project(project.pk)
        if held.status not in RUNNING:
            raise RuleError(_("The steps of this project can no longer change."))
        course = list(Step.objects.filter(project=held))
        steps = list_workflow_steps(workflow)
        route = _plan(course, steps)
        if route.seal != seal:
            raise RuleError(_("The project or the workflow has changed meanwhile: look at the new preview."))
        for watcher in watchers():
            watcher.course_changes(workshop=workshop, actor=actor, project=held)
        before = {"workflow": str(held.workflow or ""), "steps": [step.name for step in course]}
        _write(workshop, held, route, steps)
        held.workflow = workflow
        changes = {
            "workflow": [before["workflow"], workflow.name],
            "steps": [before["steps"], [line.name for line in route.lines if line.fate != Fate.REMOVED]],
            REMOVED: {str(line.step.pk): line.name for line in route.lines if line.fate == Fate.REMOVED and line.step},
        }
        record(workshop=workshop, actor=actor, action=REROUTED, subject=held, changes=changes)
        advance(workshop, actor, held)
    return held


def _plan(course: Sequence[Step], steps: Sequence[WorkflowStep]) -> Route:
    done = [one for one in course if one.is_done]
    waiting = {one.name.casefold(): one for one in course if not one.is_done and not one.is_rework}
    rework = [one for one in course if not one.is_done and one.is_rework]
    finished = {one.name.casefold() for one in done} - set(waiting)
    lines = [Line(Fate.DONE, one.name, one) for one in done]
    lines += [Line(Fate.KEPT, one.name, one) for one in rework]
    for model in steps:
        name = model.name.casefold()
        if model.is_rework or name in finished:
            continue
        held = waiting.pop(name, None)
        lines.append(Line(Fate.KEPT if held else Fate.ADDED, model.name, held, model))
    lines += [Line(Fate.REMOVED, one.name, one) for one in waiting.values()]
    return Route(tuple(lines))


def _write(workshop: Workshop, project: Project, route: Route, steps: Sequence[WorkflowStep]) -> None:
    """Bring the rows in line with the route: positions, rules, ranks; the steps that leave are deleted."""
    gone = [line.step.pk for line in route.lines if line.fate == Fate.REMOVED and line.step]
    Photo.objects.filter(step_id__in=gone).update(step=None)  # taken before its step was validated: the project's
    Step.objects.filter(pk__in=gone).delete()
    ranks = {step.name.casefold(): step.position for step in steps if not step.is_rework}
    number = max((line.step.pass_number for line in route.lines if line.step), default=1)
    kept = [line for line in route.lines if line.fate != Fate.REMOVED]
    for position, line in enumerate(kept, start=1):
        step = line.step or Step(workshop=workshop, project=project, pass_number=number)
        if line.model:
            for field, value in rules_of(line.model).items():
                setattr(step, field, value)
        step.position, step.rank = position, ranks.get(step.name.casefold(), step.rank)
        step.save()
    keep_rework(workshop, project, steps)
