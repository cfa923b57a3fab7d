"""`python -m tests.benchmarks.packing [--seconds 10] [--ranks 10] [--workers 1]`: the planner on standard instances.

Prints the loads found for each class of Martello, Pisinger and Vigo. The best published heuristic (BRKGA, Goncalves and
Resende, 2013) has 9,772 in all. Each search uses two threads: with one worker, 320 instances of 10 s take an hour.
"""

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from app.batches.planner.instance import Costs, Family, Instance, Line, Oven
from app.batches.planner.plan import problems_of
from app.batches.planner.solve import RESERVE_S, plan_oven, warm_up

from .packing_instances import every_instance, standard_instance

PUBLISHED = 9_772


def main() -> None:
    """Plan every instance that was asked for and print the totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--ranks", type=int, default=10, help="how many of the ten instances of each size")
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    warm_up()
    tasks = [(*key, asked.seconds) for key in every_instance(range(1, asked.ranks + 1))]
    totals: Counter[int] = Counter()
    with ProcessPoolExecutor(asked.workers) as pool:
        for kind, loads in pool.map(_solve, tasks):
            totals[kind] += loads
    for kind, loads in sorted(totals.items()):
        sys.stdout.write(f"class {kind}: {loads}\n")
    sys.stdout.write(f"all: {totals.total()} (published: {PUBLISHED} for ten instances of each size)\n")


def _solve(task: tuple[int, int, int, float]) -> tuple[int, int]:
    """Class and loads of one instance; an invalid plan is an error."""
    kind, many, rank, seconds = task
    side, boxes = standard_instance(kind, many, rank)
    lines = tuple(Line(str(number), "F", "P", box, turns=("lwh",)) for number, box in enumerate(boxes))
    instance = Instance("", Oven(side, side, side), (Family("F", 1),), lines, Costs(), schedule=False,
                        time_limit_s=seconds + RESERVE_S)  # fmt: skip
    plan = plan_oven(instance)
    assert problems_of(instance, plan) == []
    return kind, len(plan.loads)


if __name__ == "__main__":
    main()
