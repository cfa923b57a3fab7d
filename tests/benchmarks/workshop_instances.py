"""Plans like a workshop's, and the usual way to make them: pack each powder first, put the loads in order afterwards.

Loads are packed in two ways: the fewest, by the planner's own search with the whole time, and one after the other with
the most urgent pieces first. The order is the best of the earliest due date and of the apparent tardiness cost with
every look-ahead. So what is compared is whether dates and room are weighed together.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import exp, inf
from typing import Any

from app.batches.measures import late_by_project
from app.batches.planner.instance import FORMAT, Instance, read_instance
from app.batches.planner.packing import Seconds
from app.batches.planner.plan import Load, Plan, cost_of, problems_of
from app.batches.planner.schedule import Schedule
from app.batches.planner.solve import plan_oven
from app.batches.sequence import cycle_of, earliest_start

LOOK_AHEADS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
#: Pieces, families, ovens and how tight the dates are: shares of the time that the work takes.
SIZES = ((30, 3, 1), (60, 4, 1), (120, 5, 1), (200, 6, 2), (300, 8, 2), (400, 10, 2))
TIGHTNESS = (0.5, 0.8, 1.2)
#: Length, width, height in mm and kg of what a workshop cures, and how many are alike.
KINDS = (
    (1200, 60, 1000, 14, (2, 8)), (2000, 60, 1230, 18, (2, 6)), (3000, 80, 1600, 70, (1, 2)), (1800, 900, 700, 90, (1, 2)),
    (450, 60, 750, 9, (4, 12)), (1100, 350, 800, 16, (1, 4)), (440, 230, 440, 11, (4, 4)), (3000, 82, 160, 40, (2, 6)),
    (450, 500, 880, 6, (2, 8)), (700, 160, 900, 28, (1, 6)), (1000, 60, 1400, 30, (1, 2)), (600, 300, 200, 5, (2, 10)),
)  # fmt: skip
DAY = 1440


def every_workshop(ranks: range = range(1, 4)) -> Iterator[tuple[int, int, int]]:
    """Rank of the size, rank of the tightness, number."""
    return ((size, tight, rank) for size in range(len(SIZES)) for tight in range(len(TIGHTNESS)) for rank in ranks)


def workshop_instance(size: int, tight: int, rank: int, limit: float) -> Instance:
    """One plan to make: an oven of 6 m, parts with sizes of the trade, open from 7:30 to 12:00 and 13:00 to 18:00."""
    chance = random.Random(f"{size}/{tight}/{rank}")
    pieces, families, ovens = SIZES[size]
    cycles = [chance.choice((32, 37, 42, 52)) for _family in range(families)]
    data: dict[str, Any] = {
        "format": FORMAT,
        "oven": {"L": 6000, "W": 1600, "H": 2200, "count": ovens, "max_load_kg": 900},
        "clearance": {"gap": 60, "wall": 100, "floor": 200},
        "hanging": {"hook": 150, "tiers": 1},
        "families": [{"id": f"F{rank}", "cycle_min": cycle} for rank, cycle in enumerate(cycles)],
        "changeover_min": 15,
        "calendar": [[day * DAY + opens, day * DAY + closes] for day in range(60) if day % 7 < 5
                     for opens, closes in ((0, 270), (330, 630))],
        "objective": {"load_cost": 12, "oven_minute_cost": 38 / 60, "changeover_cost": 15, "tardiness_cost": 60 / DAY},
        "time_limit_s": limit,
        "parts": [],
    }  # fmt: skip
    span = _span(pieces, ovens)
    while sum(line["qty"] for line in data["parts"]) < pieces:
        _add_project(data, chance, families, span, TIGHTNESS[tight])
    return read_instance(data)


def _span(pieces: int, ovens: int) -> float:
    """Minutes of the calendar that so many pieces take, roughly: twenty a load, 55 minutes each, 570 open a day."""
    return pieces / 20 * 55 / ovens / 570 * DAY


def _add_project(data: dict[str, Any], chance: random.Random, families: int, span: float, tight: float) -> None:
    project = f"J{len({line['project'] for line in data['parts']})}"
    release = round(chance.uniform(0, 0.3 * span)) if chance.random() < 0.4 else 0
    due = release + round(chance.uniform(0.1, 1.0) * tight * span) + 60
    weight = chance.choices((0.5, 1, 2, 4), (2, 10, 3, 1))[0]
    for _line in range(chance.choice((1, 1, 2, 3))):
        length, width, height, kg, many = chance.choice(KINDS)
        data["parts"].append({
            "id": f"P{len(data['parts'])}", "project": project, "family": f"F{chance.randrange(families)}",
            "l": round(length * chance.uniform(0.6, 1.1)), "w": width, "h": round(height * chance.uniform(0.6, 1.1)),
            "qty": chance.randint(*many), "kg": kg, "release": release, "due": due, "weight": weight,
        })  # fmt: skip


def late_projects(instance: Instance, plan: Plan) -> int:
    """How many projects end after their date."""
    return len(late_by_project(instance, plan))


def packed_then_sequenced(instance: Instance, clock: Seconds) -> Plan:
    """The cheapest of the orders of loads that were packed beforehand."""
    packed = plan_oven(replace(instance, schedule=False), clock=clock)
    schedule = Schedule(instance, list(instance.lines))
    urgent = schedule.loads(schedule.first(by_date=True, until=inf))
    rules: list[Rule] = [_earliest_due, *(_apparent(instance, look_ahead) for look_ahead in LOOK_AHEADS)]
    plans = [Plan(tuple(_in_order(instance, loads, rule))) for loads in (packed.loads, urgent) for rule in rules]
    assert all(problems_of(instance, plan) == [] for plan in plans)
    return min(plans, key=lambda plan: cost_of(instance, plan))


Rule = Callable[[Instance, Load, int, bool], float]


def _in_order(instance: Instance, loads: Sequence[Load], rule: Rule) -> Iterator[Load]:
    """Whenever an oven is free, the load with the highest index among those that may start soonest."""
    releases = {line.id: line.release for line in instance.lines}
    waiting, last = list(loads), [Load("", ()) for _oven in range(instance.oven.count)]
    while waiting:
        oven = min(range(len(last)), key=lambda rank: last[rank].end)
        before = last[oven] if last[oven].items else None
        starts = [
            earliest_start(instance, before=before, family=load.family,
                           release=max(releases[item.part] for item in load.items))
            for load in waiting
        ]  # fmt: skip
        assert all(start is not None for start in starts)
        ranks = range(len(waiting))
        chosen = max(ranks, key=lambda rank: rule(instance, waiting[rank], starts[rank] or 0,
                                                  before is not None and before.family != waiting[rank].family))  # fmt: skip
        start = starts[chosen] or 0
        load = waiting.pop(chosen)
        last[oven] = replace(load, oven=oven, start=start, end=start + cycle_of(instance, load.family))
        yield last[oven]


def _dues(instance: Instance, load: Load) -> dict[str, tuple[int, float]]:
    """Due date and weight of the projects in a load."""
    lines = {line.id: line for line in instance.lines}
    owners = (lines[item.part] for item in load.items)
    return {line.project: (line.due, line.weight) for line in owners if line.due is not None}


def _earliest_due(instance: Instance, load: Load, start: int, is_change: bool) -> float:
    return -min(due for due, _weight in _dues(instance, load).values()) - start


def _apparent(instance: Instance, look_ahead: float) -> Rule:
    mean = sum(family.cycle_min for family in instance.families) / len(instance.families) * 10

    def index(instance: Instance, load: Load, start: int, is_change: bool) -> float:
        takes = cycle_of(instance, load.family) + (instance.changeover_min if is_change else 0)
        return sum(weight / takes * exp(-max(0, due - start - takes) / (look_ahead * mean))
                   for due, weight in _dues(instance, load).values()) / (1 + start / mean)  # fmt: skip

    return index
