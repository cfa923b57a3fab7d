"""`python -m tests.benchmarks.packing SET [--seconds 10] [--ranks 10] [--every 1] [--workers 1]`: the planner measured.

Sets, each beside what is published:

- `boxes`: the 320 instances of Martello, Pisinger and Vigo. The best heuristic (BRKGA, Goncalves and Resende, 2013): 9,772.
- `flat` and `turned`: 500 two-dimensional instances, as given and with quarter turns. Best known: 7,225 and 6,976.
- `batches`: batches of incompatible families with dates, as a ratio of the weighted tardiness of the BATC-II rule.
  The best methods: 0.70 to 0.72 of theirs.
- `workshops`: plans like a workshop's, beside packing each powder first and putting the loads in order afterwards.

A search uses two threads. `--every 5` takes one instance in five. `--clock cpu` counts the processor's time of each
thread instead of the time that passes: 10 s are then 10 s of two cores, whatever else the machine does.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from threading import current_thread, local, main_thread
from time import perf_counter, thread_time
from typing import NamedTuple

from app.batches.planner.bounds import lower_bound
from app.batches.planner.instance import Costs, Family, Instance, Line, Oven
from app.batches.planner.packing import Seconds
from app.batches.planner.plan import cost_of, problems_of, tardiness_of
from app.batches.planner.prepare import shapes_of
from app.batches.planner.solve import plan_oven, warm_up

from .batch_instances import LOOK_AHEADS, Plant, every_plant, lateness_by_rule
from .flat_instances import every_flat_instance, flat_instance
from .packing_instances import every_instance, standard_instance
from .workshop_instances import every_workshop, late_projects, packed_then_sequenced, workshop_instance

PUBLISHED = {"boxes": 9_772, "flat": 7_225, "turned": 6_976}


class Task(NamedTuple):
    """One instance of a set."""

    group: str
    key: tuple[int, int, int]
    seconds: float
    by_processor: bool
    look_aheads: tuple[float, ...]


class Result(NamedTuple):
    """What the planner reached and what it is compared with: the bound, or the other way."""

    kind: int
    ours: float
    theirs: float
    late: int = 0
    late_theirs: int = 0


class ProcessorClock:
    """Seconds that each thread has worked, counted on from what was reached when it came in.

    The main thread does not work while it waits for the searches: when it reads again, it goes on from the last of them.
    """

    def __init__(self) -> None:
        self.reached = 0.0
        self._own = local()

    def __call__(self) -> float:
        worked = thread_time()
        if not hasattr(self._own, "since"):
            self._own.since = worked - self.reached
        if current_thread() is main_thread():
            self._own.since = min(self._own.since, worked - self.reached)
        now = worked - self._own.since
        self.reached = max(self.reached, now)
        return float(now)


def main() -> None:
    """Plan every instance that was asked for and print the totals of each class."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "group", nargs="?", choices=("boxes", "flat", "turned", "batches", "workshops"), default="boxes"
    )
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--ranks", type=int, default=10, help="how many of the ten instances of each size")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--look-ahead", type=float, help="that of the rule for batches; else the best of fifty")
    parser.add_argument("--each", action="store_true", help="print the result of each instance too")
    asked = parser.parse_args()
    warm_up()
    look_aheads = (asked.look_ahead,) if asked.look_ahead else LOOK_AHEADS
    keys = sorted(_keys(asked.group, asked.ranks), key=lambda key: key[2])  # stopped early, every class was seen
    tasks = [Task(asked.group, key, asked.seconds, asked.clock == "cpu", look_aheads) for key in keys[:: asked.every]]
    found: dict[int, list[Result]] = defaultdict(list)
    with ProcessPoolExecutor(asked.workers) as pool:
        for task, result in zip(tasks, pool.map(_solve, tasks), strict=True):
            found[result.kind].append(result)
            if asked.each:
                sys.stdout.write(f"{task.key} {' '.join(f'{held:.0f}' for held in result[1:])}\n")
                sys.stdout.flush()
    for kind, results in sorted(found.items()):
        _print(f"class {kind}", results, asked.group)
    _print("all", [held for results in found.values() for held in results], asked.group)
    if asked.group in PUBLISHED:
        sys.stdout.write(f"published for the whole set: {PUBLISHED[asked.group]}\n")


def _print(name: str, results: list[Result], group: str) -> None:
    _kinds, ours, theirs, late, late_theirs = (sum(column) for column in zip(*results, strict=True))
    said = f"{ours:.0f} loads (bound {theirs:.0f})"
    if group in ("batches", "workshops"):
        each = sum(held.ours / max(held.theirs, 1e-9) for held in results) / len(results)
        said = f"{ours / theirs:.3f} of the other in sum, {each:.3f} on average"
    if group == "workshops":
        said += f", {late:.0f} late projects where there were {late_theirs:.0f}"
    sys.stdout.write(f"{name}, {len(results)} instances: {said}\n")
    sys.stdout.flush()


def _keys(group: str, ranks: int) -> Iterator[tuple[int, int, int]]:
    if group == "boxes":
        return every_instance(range(1, ranks + 1))
    if group == "batches":
        return ((0, number, 0) for number in range(len(list(every_plant()))))
    if group == "workshops":
        return every_workshop(range(1, min(ranks, 3) + 1))
    return every_flat_instance(range(1, ranks + 1))


def _solve(task: Task) -> Result:
    limit = task.seconds
    if task.group == "workshops":
        return _workshop(task, limit)
    if task.group == "batches":
        plant = list(every_plant())[task.key[1]]
        instance = _plant_instance(plant, limit)
        plan = plan_oven(instance, clock=_clock(task))
        assert problems_of(instance, plan) == []
        return Result(
            plant.machines * 10 + plant.batch, tardiness_of(instance, plan), lateness_by_rule(plant, task.look_aheads)
        )
    side, boxes = _boxes(task)
    turns = ("lwh", "wlh") if task.group == "turned" else ("lwh",)
    lines = tuple(Line(str(number), "F", "P", box, turns=turns) for number, box in enumerate(boxes))
    tall = side if task.group == "boxes" else 1
    instance = Instance("", Oven(side, side, tall), (Family("F", 1),), lines, Costs(), schedule=False,
                        time_limit_s=limit)  # fmt: skip
    plan = plan_oven(instance, clock=_clock(task))
    assert problems_of(instance, plan) == []
    return Result(task.key[0], len(plan.loads), lower_bound(shapes_of(instance, lines)))


def _workshop(task: Task, limit: float) -> Result:
    instance = workshop_instance(*task.key, limit)
    plan = plan_oven(instance, clock=_clock(task))
    assert problems_of(instance, plan) == []
    usual = packed_then_sequenced(instance, _clock(task))
    return Result(task.key[0], cost_of(instance, plan), cost_of(instance, usual),
                  late_projects(instance, plan), late_projects(instance, usual))  # fmt: skip


def _clock(task: Task) -> Seconds:
    return ProcessorClock() if task.by_processor else perf_counter


def _boxes(task: Task) -> tuple[int, list[tuple[int, int, int]]]:
    if task.group == "boxes":
        return standard_instance(*task.key)
    side, rectangles = flat_instance(*task.key)
    return side, [(length, width, 1) for length, width in rectangles]


def _plant_instance(plant: Plant, limit: float) -> Instance:
    """Each job is a box as wide as a place of the batch, each its own project."""
    lines = tuple(
        Line(str(rank), str(job.family), str(rank), (1, 1, 1), turns=("lwh",), release=job.release, due=job.due,
             weight=job.weight)
        for rank, job in enumerate(plant.tasks)
    )  # fmt: skip
    families = tuple(Family(str(family), takes) for family, takes in sorted({(t.family, t.takes) for t in plant.tasks}))
    oven = Oven(plant.batch, 1, 1, count=plant.machines)
    return Instance("", oven, families, lines, Costs(load=0, tardiness=1.0), time_limit_s=limit)


if __name__ == "__main__":
    main()
