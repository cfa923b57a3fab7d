"""Parallel batch machines with incompatible families and arrivals, by the published recipe, and the rule to beat.

Mönch, Balasubramanian, Fowler and Pfund (2005), taken up by Chiang, Cheng and Fu (2010): weighted tardiness, batches of
at most four or eight jobs. The recipe is followed with chance of our own. The rule is the apparent tardiness cost of a
batch with its fill (BATC-II): whenever a machine is free, the batch of highest index among those of each family that
are there or soon will be; its look-ahead parameter is the best of a grid.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp

#: Hours that a family takes, and how often.
TIMES, SHARES = (2, 4, 10, 16, 20), (0.2, 0.2, 0.3, 0.2, 0.1)
SPREADS = (0.25, 0.5, 0.75)
#: Minutes in the unit of the recipe: dates are whole minutes.
MINUTES = 60
LOOK_AHEADS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)
#: The jobs of highest index of a family, among which batches are formed.
FRONT = 8


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


def lateness_by_rule(plant: Plant) -> float:
    """Weighted tardiness of the rule, with its best look-ahead."""
    return min(_run(plant, look_ahead) for look_ahead in LOOK_AHEADS)


def _run(plant: Plant, look_ahead: float) -> float:
    mean = sum(task.takes for task in plant.tasks) / len(plant.tasks)
    waiting, free, late = list(plant.tasks), [0] * plant.machines, 0.0
    while waiting:
        machine = free.index(min(free))
        now = max(free[machine], min(task.release for task in waiting))
        _index, batch = max(_candidates(plant, waiting, now, mean, look_ahead), key=lambda pair: pair[0])
        start = max(now, max(task.release for task in batch))
        end = free[machine] = start + batch[0].takes
        late += sum(task.weight * max(0, end - task.due) for task in batch)
        for task in batch:
            waiting.remove(task)
    return late


def _candidates(
    plant: Plant, waiting: Sequence[Task], now: int, mean: float, look_ahead: float
) -> Iterator[tuple[float, tuple[Task, ...]]]:
    """Batches with their index; jobs that arrive within a quarter of the mean time are waited for."""
    for family in {task.family for task in waiting}:
        soon = [task for task in waiting if task.family == family and task.release <= now + mean / 4]
        soon.sort(key=lambda task: -_urgency(task, now, mean, look_ahead, task.release))
        front = soon[: max(FRONT, plant.batch)]
        for batch in combinations(front, min(plant.batch, len(front))) if front else ():
            ready = max(now, max(task.release for task in batch))
            index = sum(_urgency(task, now, mean, look_ahead, ready) for task in batch)
            yield index * len(batch) / plant.batch, batch
        there = tuple(task for task in front if task.release <= now)
        if there:
            some = there[: plant.batch]
            yield sum(_urgency(task, now, mean, look_ahead, now) for task in some) * len(some) / plant.batch, some


def _urgency(task: Task, now: int, mean: float, look_ahead: float, ready: int) -> float:
    """The apparent tardiness cost of a job in a batch that is ready then."""
    slack = max(0.0, task.due - task.takes - now + max(0, ready - now))
    return task.weight / task.takes * exp(-slack / (look_ahead * mean))
