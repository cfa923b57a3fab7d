"""Parallel batch machines with incompatible families and arrivals, by the published recipe, and the rule to beat.

Mönch, Balasubramanian, Fowler and Pfund (2005), taken up by Chiang, Cheng and Fu (2010): weighted tardiness, batches of
at most four or eight jobs. The recipe is followed with chance of our own. The rule is the apparent tardiness cost of a
batch with its fill (BATC-II): whenever a machine is free, the batch of highest index of all that can be made of the ten
most urgent jobs of a family that are there, or will be within half a mean job.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp

#: Hours that a family takes, and how often.
TIMES, SHARES = (2, 4, 10, 16, 20), (0.2, 0.2, 0.3, 0.2, 0.1)
SPREADS = (0.25, 0.5, 0.75)
#: Minutes in the unit of the recipe: dates are whole minutes.
MINUTES = 60
#: The look-aheads of which the rule takes the best.
LOOK_AHEADS = tuple(rank / 10 for rank in range(1, 51))
#: The jobs of highest index of a family, of which batches are made, and the share of a mean job that is waited.
FRONT, WAIT = 10, 0.5


@dataclass(frozen=True)
class Task:
    """A job; minutes."""

    family: int
    takes: int
    release: int
    due: int
    weight: float


@dataclass(frozen=True)
class Plant:
    """An instance."""

    machines: int
    batch: int
    tasks: tuple[Task, ...]


def every_plant(ranks: range = range(1, 2)) -> Iterator[Plant]:
    """One instance for each combination of the recipe and each rank."""
    for families, many in ((3, 180), (6, 240), (12, 300)):
        for machines, batch in ((3, 4), (4, 4), (5, 4), (3, 8), (4, 8), (5, 8)):
            for arrivals in SPREADS:
                for slack in SPREADS:
                    for rank in ranks:
                        yield make_plant(families, many, machines, batch, arrivals, slack, rank)


def make_plant(families: int, many: int, machines: int, batch: int, arrivals: float, slack: float, rank: int) -> Plant:
    """One instance: arrivals and slacks are shares of the least time that the work takes."""
    chance = random.Random(f"{families}/{many}/{machines}/{batch}/{arrivals}/{slack}/{rank}")
    takes = [chance.choices(TIMES, SHARES)[0] * MINUTES for _family in range(families)]
    own = [rank % families for rank in range(many)]
    least = sum(takes[family] for family in own) / (machines * batch)
    tasks = []
    for family in own:
        release = round(chance.uniform(0, arrivals * least))
        due = release + round(chance.uniform(0, slack * least))
        tasks.append(Task(family, takes[family], release, due, round(chance.uniform(0, 1), 3)))
    return Plant(machines, batch, tuple(tasks))


def lateness_by_rule(plant: Plant, look_aheads: Sequence[float] = LOOK_AHEADS) -> float:
    """Weighted tardiness of the rule, with the best of these look-aheads."""
    return min(_run(plant, look_ahead) for look_ahead in look_aheads)


def _run(plant: Plant, look_ahead: float) -> float:
    waiting, free, late = list(plant.tasks), [0] * plant.machines, 0.0
    while waiting:
        mean = sum(task.takes for task in waiting) / len(waiting)
        machine = free.index(min(free))
        now = free[machine]
        if all(task.release > now + WAIT * mean for task in waiting):
            now = min(task.release for task in waiting)
        unit = look_ahead * mean
        _index, batch = max(_candidates(plant, waiting, now, WAIT * mean, unit), key=lambda pair: pair[0])
        end = free[machine] = max(now, max(task.release for task in batch)) + batch[0].takes
        late += sum(task.weight * max(0, end - task.due) for task in batch)
        for task in batch:
            waiting.remove(task)
    return late


def _candidates(
    plant: Plant, waiting: Sequence[Task], now: int, wait: float, unit: float
) -> Iterator[tuple[float, list[Task]]]:
    """Of each family, the best batch for each moment at which it may be ready: so the best of all its batches."""
    families: dict[int, list[Task]] = {}
    for task in waiting:
        if task.release <= now + wait:
            families.setdefault(task.family, []).append(task)
    for own in families.values():
        front = sorted(own, key=lambda task: -_urgency(task, now, unit, task.release))[:FRONT]
        for ready in sorted({max(now, task.release) for task in front}):
            there = [task for task in front if task.release <= ready]
            batch = sorted(there, key=lambda task: -_urgency(task, now, unit, ready))[: plant.batch]
            yield sum(_urgency(task, now, unit, ready) for task in batch) * len(batch) / plant.batch, batch


def _urgency(task: Task, now: int, unit: float, ready: int) -> float:
    """The apparent tardiness cost of a job in a batch that is ready then; `unit` is the look-ahead in minutes."""
    slack = max(0, task.due - task.takes - now + max(0, ready - now))
    return task.weight / task.takes * exp(-slack / unit)
