"""The plan of a workshop that takes parts in the order in which they came: what a planned day is compared with.

The oldest part that waits gives the powder; every part of the same powder that is there joins, oldest first, in rows
along the oven, while there is room. Nothing is put off to fill a load or to keep a promise. Pure: no Django.
"""

from dataclasses import dataclass, field

from .planner.instance import TURNS, Instance, Line
from .planner.plan import Item, Load, Plan, PlanError, fits_alone
from .sequence import cycle_of, earliest_start


def plan_first_come(instance: Instance) -> Plan:
    """Loads in the order of `instance.lines`, which is the order of arrival; PlanError when the hours run out."""
    wanted = [line for line in instance.lines if line.quantity]
    possible = [line for line in wanted if fits_alone(instance, line)]
    known = {line.id for line in possible}
    left = {line.id: line.quantity for line in possible}
    ovens: list[Load | None] = [None] * instance.oven.count
    loads: list[Load] = []
    while any(left.values()):
        oven = min(range(len(ovens)), key=lambda rank: _end(ovens[rank]))
        ovens[oven] = _next_load(instance, possible, left, ovens[oven], oven)
        loads.append(ovens[oven])  # type: ignore[arg-type]  # just made
    return Plan(tuple(loads), tuple(line.id for line in wanted if line.id not in known))


def _end(load: Load | None) -> int:
    return load.end if load else 0


def _next_load(instance: Instance, lines: list[Line], left: dict[str, int], before: Load | None, oven: int) -> Load:
    waiting = [line for line in lines if left[line.id]]
    now = max(_end(before), min(line.release for line in waiting))
    oldest = next(line for line in waiting if line.release <= now)
    start = earliest_start(instance, before=before, family=oldest.family, release=now)
    if start is None:
        raise PlanError("the opening hours are too short")
    rows = Rows(instance)
    items: list[Item] = []
    for line in waiting:
        if line.family != oldest.family or line.release > start:
            continue
        while left[line.id] and (item := rows.place(line)):
            items.append(item)
            left[line.id] -= 1
    if not items:
        raise PlanError("a part finds no place in the order of arrival")
    return Load(oldest.family, tuple(items), oven, start, start + cycle_of(instance, oldest.family))


@dataclass
class _Row:
    """Parts side by side along the oven, under one rail or anywhere."""

    y: int
    depth: int
    x: int
    rail: int | None


@dataclass
class _Level:
    """Rows at one height."""

    z: int
    height: int = 0
    rows: list[_Row] = field(default_factory=list)


class Rows:
    """A load filled by hand: rows from the back to the front, then the next level where levels are allowed."""

    def __init__(self, instance: Instance) -> None:
        self.oven = instance.oven
        self.levels = [_Level(self.oven.floor)]
        self.kg = 0.0

    def place(self, line: Line) -> Item | None:
        """Where the next piece of a line goes, or None when this load has no room for it."""
        if self.oven.max_load_kg is not None and self.kg + line.kg > self.oven.max_load_kg + 1e-9:
            return None
        item = self._find(line)
        if item is not None:
            self.kg += line.kg
        return item

    def _find(self, line: Line) -> Item | None:
        for level in list(self.levels):
            for turn in line.turns:
                item = self._on(level, line, turn)
                if item:
                    return item
        top = self.levels[-1]
        if self.oven.one_level or line.flat or not top.rows:
            return None
        level = _Level(top.z + top.height + self.oven.gap)
        for turn in line.turns:
            item = self._on(level, line, turn)
            if item:
                self.levels.append(level)
                return item
        return None

    def _on(self, level: _Level, line: Line, turn: str) -> Item | None:
        if line.flat and level.z != self.oven.floor:
            return None
        dx, dy, dz = (line.size[axis] for axis in TURNS[turn])
        high = dz + (0 if line.flat else self.oven.hook)
        is_top = level is self.levels[-1] or level not in self.levels
        if level.z + high > self.oven.height or not (is_top or high <= level.height):
            return None
        row = self._row(level, dx, dy, hung=not line.flat)
        if row is None:
            return None
        y = row.y if row.rail is None or dy == row.depth else row.rail - dy // 2
        item = Item(line.id, row.x, y, level.z, turn)
        row.x += dx + self.oven.gap
        level.height = max(level.height, high)
        return item

    def _row(self, level: _Level, dx: int, dy: int, *, hung: bool) -> _Row | None:
        """A row with room for a footprint, made when none has; None when there is no room."""
        under_rail = hung and self.oven.rails_y is not None
        for row in level.rows:
            fits = row.x + dx <= self.oven.length - self.oven.wall and dy <= row.depth
            if fits and (row.rail is not None) == under_rail:
                return row
        if dx > self.oven.length - 2 * self.oven.wall:
            return None
        least = level.rows[-1].y + level.rows[-1].depth + self.oven.gap if level.rows else self.oven.wall
        rail, y = None, least
        if under_rail:
            rails = [rail for rail in self.oven.rails_y or () if rail - dy // 2 >= least]
            if not rails:
                return None
            rail, y = rails[0], rails[0] - dy // 2
            if dy % 2 and y - 1 >= least and y + dy == self.oven.width - self.oven.wall + 1:
                y -= 1  # an odd width hangs half a millimetre off its rail, on either side
        if y + dy > self.oven.width - self.oven.wall:
            return None
        row = _Row(y, dy, self.oven.wall, rail)
        level.rows.append(row)
        return row
