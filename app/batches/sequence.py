"""When loads run once their order is decided. Pure: no Django."""

from collections.abc import Sequence
from dataclasses import replace

from .planner.instance import Instance
from .planner.plan import Load, Plan, PlanError


def earliest_start(instance: Instance, *, before: Load | None, family: str, release: int) -> int | None:
    """The first minute at which a load of this family may start after another one in its oven, or None."""
    cycle = cycle_of(instance, family)
    start = release
    if before is not None:
        pause = instance.changeover_min if before.family != family else 0
        start = max(start, before.end + pause)
    if instance.calendar is None:
        return start
    for opens, closes in instance.calendar:
        if closes - max(opens, start) >= cycle:
            return max(opens, start)
    return None


def cycle_of(instance: Instance, family: str) -> int:
    """How long a load of a family occupies the oven, in minutes."""
    return next(held.cycle_min for held in instance.families if held.id == family)


def release_of(instance: Instance, load: Load) -> int:
    """When all the parts of a load are there."""
    releases = {line.id: line.release for line in instance.lines}
    return max((releases[item.part] for item in load.items), default=0)


def in_order(instance: Instance, plan: Plan, order: Sequence[Sequence[int]]) -> Plan:
    """The plan with its loads run as early as possible in this order: for each oven, places in `plan.loads`.

    PlanError when the order does not hold every load once, or when the opening hours are too short.
    """
    if sorted(rank for ranks in order for rank in ranks) != list(range(len(plan.loads))):
        raise PlanError("every load is wanted once")
    timed: dict[int, Load] = {}
    for oven, ranks in enumerate(order):
        before: Load | None = None
        for rank in ranks:
            held = plan.loads[rank]
            release = release_of(instance, held)
            start = earliest_start(instance, before=before, family=held.family, release=release)
            if start is None:
                raise PlanError("the opening hours are too short")
            before = replace(held, oven=oven, start=start, end=start + cycle_of(instance, held.family))
            timed[rank] = before
    return Plan(tuple(timed[rank] for ranks in order for rank in ranks), plan.unplaced)


def order_of(instance: Instance, plan: Plan) -> list[list[int]]:
    """For each oven, the places in `plan.loads` of its loads, in time."""
    ranks = sorted(range(len(plan.loads)), key=lambda rank: (plan.loads[rank].start, rank))
    return [[rank for rank in ranks if plan.loads[rank].oven == oven] for oven in range(instance.oven.count)]
