"""What a plan is worth: loads, hours, euros, late projects, fill. Pure: no Django."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from itertools import groupby, pairwise
from typing import Any

from .planner.instance import TURNS, Instance, Line
from .planner.plan import Item, Load, Plan
from .sequence import cycle_of

MINUTES_PER_HOUR = 60
Box = tuple[int, int, int, int, int, int]


@dataclass(frozen=True)
class Measures:
    """A plan in figures. `cost` is in euros: loads, oven hours and changes of powder; lateness is counted apart."""

    loads: int
    minutes: int
    changes: int
    cost: float
    late_projects: int
    late_minutes: int
    fill: float

    @property
    def hours(self) -> float:
        return self.minutes / MINUTES_PER_HOUR

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def measure(instance: Instance, plan: Plan) -> Measures:
    """The figures of a valid plan; `fill` is the average of its loads, from 0 to 1."""
    minutes = sum(cycle_of(instance, load.family) for load in plan.loads)
    changes = sum(before.family != after.family for loads in loads_by_oven(plan) for before, after in pairwise(loads))
    costs = instance.costs
    late = late_by_project(instance, plan)
    fills = [fill_of(instance, load) for load in plan.loads]
    return Measures(
        loads=len(plan.loads),
        minutes=minutes,
        changes=changes,
        cost=costs.load * len(plan.loads) + costs.oven_minute * minutes + costs.changeover * changes,
        late_projects=len(late),
        late_minutes=sum(late.values()),
        fill=sum(fills) / len(fills) if fills else 0.0,
    )


def late_by_project(instance: Instance, plan: Plan) -> dict[str, int]:
    """The projects whose last load ends after their due time, with the minutes by which it does."""
    lines = {line.id: line for line in instance.lines}
    ends: dict[str, int] = defaultdict(int)
    for load in plan.loads:
        for item in load.items:
            project = lines[item.part].project
            ends[project] = max(ends[project], load.end)
    late: dict[str, int] = {}
    for line in instance.lines:
        over = ends.get(line.project, 0) - line.due if line.due is not None else 0
        if over > 0:
            late[line.project] = max(over, late.get(line.project, 0))
    return late


def fill_of(instance: Instance, load: Load) -> float:
    """Share of the oven that a load takes: of its floor when parts hang on one level, else of its volume.

    Parts count with their hook; what gaps and walls take is not filled.
    """
    lines = {line.id: line for line in instance.lines}
    boxes = [box_of(instance, lines[item.part], item) for item in load.items]
    oven = instance.oven
    if oven.one_level:
        return sum((box[3] - box[0]) * (box[4] - box[1]) for box in boxes) / (oven.length * oven.width)
    volume = sum((box[3] - box[0]) * (box[4] - box[1]) * (box[5] - box[2]) for box in boxes)
    return volume / (oven.length * oven.width * oven.height)


def kg_of(instance: Instance, load: Load) -> float:
    """Mass of a load, of the parts whose mass is known."""
    kilograms = {line.id: line.kg for line in instance.lines}
    return sum(kilograms[item.part] for item in load.items)


def length_left(instance: Instance, load: Load) -> int:
    """Length of the oven, in mm, that stays free over its whole width: room for one more long part."""
    lines = {line.id: line for line in instance.lines}
    spans = sorted((item.x, item.x + lines[item.part].size[TURNS[item.turn][0]]) for item in load.items)
    reached, widest = instance.oven.wall - instance.oven.gap, 0
    for start, end in spans:
        widest = max(widest, start - reached - 2 * instance.oven.gap)
        reached = max(reached, end)
    return max(widest, instance.oven.length - instance.oven.wall - reached - instance.oven.gap, 0)


def box_of(instance: Instance, line: Line, item: Item) -> Box:
    """The room that a piece takes, hook included: least corner, then greatest."""
    dx, dy, dz = (line.size[axis] for axis in TURNS[item.turn])
    hook = 0 if line.flat else instance.oven.hook
    return item.x, item.y, item.z, item.x + dx, item.y + dy, item.z + dz + hook


def in_time(plan: Plan) -> Plan:
    """The plan with its loads in the order of their start: their place is then their number."""
    return Plan(tuple(sorted(plan.loads, key=lambda load: (load.start, load.oven))), plan.unplaced)


def loads_by_oven(plan: Plan) -> list[list[Load]]:
    """The loads of each oven that has some, in time."""
    ordered = sorted(plan.loads, key=lambda load: (load.oven, load.start))
    return [list(held) for _oven, held in groupby(ordered, key=lambda load: load.oven)]
