"""What a course that was done in several passes looks like."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .models import Nonconformity, Step


@dataclass(frozen=True)
class Event:
    """A step or a non-conformity of the story of a project; `begins` is the number of the pass that starts here."""

    step: Step | None = None
    nonconformity: Nonconformity | None = None
    begins: int | None = None


def latest_steps(steps: Sequence[Step]) -> list[Step]:
    """The steps without those that were done again later, or will be: one curve, whatever the passes."""
    last = {(step.rank, step.is_rework): step.position for step in steps}
    return [step for step in steps if last[step.rank, step.is_rework] == step.position]


def tell_course(steps: Sequence[Step], nonconformities: Sequence[Nonconformity]) -> list[Event]:
    """The story in order: each non-conformity stands before the steps that were done after it."""
    return list(_events(steps, nonconformities))


def _events(steps: Sequence[Step], nonconformities: Sequence[Nonconformity]) -> Iterator[Event]:
    waiting = list(nonconformities)
    several = any(step.pass_number > 1 for step in steps)
    number = 0
    for step in steps:
        while waiting and (step.done_at is None or waiting[0].declared_at <= step.done_at) and _left(step, waiting[0]):
            yield Event(nonconformity=waiting.pop(0))
        begins = step.pass_number if several and step.pass_number != number else None
        number = step.pass_number
        yield Event(step=step, begins=begins)
    yield from (Event(nonconformity=one) for one in waiting)


def _left(step: Step, found: Nonconformity) -> bool:
    """Whether the step comes after the non-conformity: one that was done at the very moment it was found does not."""
    return step.done_at is None or found.declared_at < step.done_at or step.pass_number > found.pass_number
