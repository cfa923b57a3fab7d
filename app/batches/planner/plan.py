"""A plan, its cost and an independent check of its rules, written without the planner's own code."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from .instance import TURNS, Instance, Line

RAIL_TOLERANCE = 0.5


class PlanError(Exception):
    """There is no plan to give; the text says why."""


class ShortHoursError(PlanError):
    """The opening hours do not hold the work; `problems` has a sentence for it and one for each line left over."""

    def __init__(self, lines: Iterable[Line], beyond: Mapping[str, int]) -> None:
        self.problems = ["the opening hours are too short for the work"]
        self.problems += [
            f"parts {line.id}: no hours are left for {beyond[line.id]} of its {line.quantity} pieces"
            for line in lines
            if line.id in beyond
        ]
        super().__init__("; ".join(self.problems[:6]))


@dataclass(frozen=True)
class Item:
    """One piece in a load: the least corner of the part itself, hook not included, and its orientation."""

    part: str
    x: int
    y: int
    z: int
    turn: str


@dataclass(frozen=True)
class Load:
    """What one oven cures at once."""

    family: str
    items: tuple[Item, ...]
    oven: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Plan:
    """Loads, and the lines that no load can take."""

    loads: tuple[Load, ...]
    unplaced: tuple[str, ...] = ()


class Unfit(StrEnum):
    """Why a piece can never be cured, even alone."""

    SIZE = "size"
    MASS = "mass"
    CYCLE = "cycle"  # longer than every opening
    RELEASE = "release"  # there only after the last opening that is long enough


def fits_alone(instance: Instance, line: Line) -> bool:
    """Whether one piece can be cured at all: alone in an empty oven, in one of its orientations."""
    return unfit_of(instance, line) is None


def unfit_of(instance: Instance, line: Line) -> Unfit | None:
    """Why one piece of a line can never be cured, even alone; None when it can."""
    oven = instance.oven
    if all(_place_alone(instance, line, turn) is None for turn in line.turns):
        return Unfit.SIZE
    if oven.max_load_kg is not None and line.kg > oven.max_load_kg:
        return Unfit.MASS
    if instance.calendar is None or not instance.schedule or _has_window(instance, line, line.release):
        return None
    return Unfit.RELEASE if _has_window(instance, line, 0) else Unfit.CYCLE


def cost_of(instance: Instance, plan: Plan) -> float:
    """The cost of a valid plan."""
    costs = instance.costs
    if not instance.schedule:
        return costs.load * len(plan.loads)
    cycles = {family.id: family.cycle_min for family in instance.families}
    minutes = sum(cycles[load.family] for load in plan.loads)
    changes = sum(
        before.family != after.family for loads in _by_oven(plan.loads).values() for before, after in pairwise(loads)
    )
    late = costs.tardiness * tardiness_of(instance, plan)
    return costs.load * len(plan.loads) + costs.oven_minute * minutes + costs.changeover * changes + late


def tardiness_of(instance: Instance, plan: Plan) -> float:
    """The weighted minutes by which projects are late."""
    lines = {line.id: line for line in instance.lines}
    completion: dict[str, int] = defaultdict(int)
    for load in plan.loads:
        for item in load.items:
            project = lines[item.part].project
            completion[project] = max(completion[project], load.end)
    own: dict[str, list[Line]] = defaultdict(list)
    for line in instance.lines:
        own[line.project].append(line)
    total = 0.0
    for project, end in completion.items():
        dues = [line.due for line in own[project] if line.due is not None]
        if dues:
            total += max(line.weight for line in own[project]) * max(0, end - min(dues))
    return total


def problems_of(instance: Instance, plan: Plan) -> list[str]:
    """Every rule that a plan breaks; empty when it may be carried out."""
    lines = {line.id: line for line in instance.lines}
    return [
        *_wrong_pieces(instance, plan),
        *(problem for rank, load in enumerate(plan.loads, start=1)
          for problem in _wrong_load(instance, lines, rank, load)),
        *(_wrong_times(instance, plan) if instance.schedule else ()),
    ]  # fmt: skip


def _wrong_pieces(instance: Instance, plan: Plan) -> Iterator[str]:
    placed = Counter(item.part for load in plan.loads for item in load.items)
    unplaced = Counter(plan.unplaced)
    for line in instance.lines:
        alone = fits_alone(instance, line)
        wanted = line.quantity if alone else 0
        if placed.pop(line.id, 0) != wanted:
            yield f"{line.id}: {wanted} pieces expected in the loads"
        if unplaced.pop(line.id, 0) != (0 if alone or not line.quantity else 1):
            yield f"{line.id}: wrongly said to fit or not to fit"
    yield from (f"{part}: unknown part" for part in [*placed, *unplaced])


def _wrong_load(instance: Instance, lines: Mapping[str, Line], rank: int, load: Load) -> Iterator[str]:
    oven = instance.oven
    boxes = []
    for item in load.items:
        line = lines.get(item.part)
        if line is None or item.turn not in line.turns:
            yield f"load {rank}: {item.part} is unknown or wrongly turned"
            continue
        if line.family != load.family:
            yield f"load {rank}: {item.part} is of another family"
        size = [line.size[axis] for axis in TURNS[item.turn]]
        hook = 0 if line.flat else oven.hook
        box = (item.x, item.y, item.z, item.x + size[0], item.y + size[1], item.z + size[2] + hook)
        boxes.append(box)
        yield from (f"load {rank}: {item.part} {problem}" for problem in _wrong_place(instance, line, box))
    for one, other in _too_close(np.array(boxes).reshape(-1, 6), oven.gap, axes=2 if oven.one_level else 3):
        yield f"load {rank}: two parts are too close at {boxes[one][:3]} and {boxes[other][:3]}"
    if oven.max_load_kg is not None:
        mass = sum(lines[item.part].kg for item in load.items if item.part in lines)
        if mass > oven.max_load_kg + 1e-6:
            yield f"load {rank}: {mass:g} kg is too heavy"


def _too_close(boxes: np.ndarray, gap: int, *, axes: int) -> Iterator[tuple[int, int]]:
    """The pairs of boxes (rows of least and greatest corner) that are nearer than the gap along every axis.

    Along the axis on which the fewest of them meet, each is compared only with those that begin before it ends:
    comparing each with all of a load of thousands would take longer than the search.
    """
    if len(boxes) < 2:
        return
    lower, upper = boxes[:, :axes], boxes[:, 3 : 3 + axes] + gap
    orders = [np.argsort(lower[:, axis], kind="stable") for axis in range(axes)]
    ends = [np.searchsorted(lower[order, axis], upper[order, axis]) for axis, order in enumerate(orders)]
    axis = min(range(axes), key=lambda axis: int(ends[axis].sum()))
    order, end = orders[axis], ends[axis].tolist()
    lower, upper = lower[order], upper[order]
    for rank in range(len(boxes) - 1):
        rest = slice(rank + 1, end[rank])
        if rest.start < rest.stop:
            near = ((lower[rank] < upper[rest]) & (lower[rest] < upper[rank])).all(axis=1)
            yield from ((int(order[rank]), int(order[rest.start + other])) for other in np.flatnonzero(near))


def _wrong_place(instance: Instance, line: Line, box: tuple[int, ...]) -> Iterator[str]:
    oven = instance.oven
    inside = (oven.wall <= box[0] and box[3] <= oven.length - oven.wall and oven.wall <= box[1]
              and box[4] <= oven.width - oven.wall and oven.floor <= box[2] and box[5] <= oven.height)  # fmt: skip
    if not inside:
        yield "is not inside the oven"
    if line.flat and box[2] != oven.floor:
        yield "does not lie on the trolley"
    if not line.flat and oven.rails_y is not None:
        centre = (box[1] + box[4]) / 2
        if all(abs(centre - rail) > RAIL_TOLERANCE for rail in oven.rails_y):
            yield "does not hang under a rail"


def _wrong_times(instance: Instance, plan: Plan) -> Iterator[str]:
    cycles = {family.id: family.cycle_min for family in instance.families}
    lines = {line.id: line for line in instance.lines}
    for rank, load in enumerate(plan.loads, start=1):
        if load.end - load.start != cycles.get(load.family):
            yield f"load {rank}: does not last its cycle"
        if any(load.start < lines[item.part].release for item in load.items if item.part in lines):
            yield f"load {rank}: starts before one of its parts is there"
        if load.start < 0 or not 0 <= load.oven < instance.oven.count:
            yield f"load {rank}: unknown oven or negative time"
        windows = instance.calendar
        if windows is not None and not any(opens <= load.start and load.end <= closes for opens, closes in windows):
            yield f"load {rank}: runs outside the opening hours"
    for oven, loads in _by_oven(plan.loads).items():
        for before, after in pairwise(loads):
            pause = instance.changeover_min if before.family != after.family else 0
            if after.start < before.end + pause:
                yield f"oven {oven}: loads follow each other too closely at {after.start}"


def _by_oven(loads: Iterable[Load]) -> dict[int, list[Load]]:
    held: dict[int, list[Load]] = defaultdict(list)
    for load in sorted(loads, key=lambda load: (load.start, load.end)):
        held[load.oven].append(load)
    return held


def _place_alone(instance: Instance, line: Line, turn: str) -> tuple[int, int, int] | None:
    """Where a piece stands alone in an empty oven, or None."""
    oven = instance.oven
    dx, dy, dz = (line.size[axis] for axis in TURNS[turn])
    hook = 0 if line.flat else oven.hook
    too_large = (dx > oven.length - 2 * oven.wall or dy > oven.width - 2 * oven.wall
                 or oven.floor + dz + hook > oven.height)  # fmt: skip
    if too_large:
        return None
    if line.flat or oven.rails_y is None:
        return oven.wall, oven.wall, oven.floor
    for rail in oven.rails_y:
        y = rail - dy // 2
        if oven.wall <= y and y + dy <= oven.width - oven.wall:
            return oven.wall, y, oven.floor
        if dy % 2 and oven.wall <= y - 1 and y - 1 + dy <= oven.width - oven.wall:
            return oven.wall, y - 1, oven.floor
    return None


def _has_window(instance: Instance, line: Line, release: int) -> bool:
    """Whether one opening after `release` holds the cycle of a line."""
    cycle = next(family.cycle_min for family in instance.families if family.id == line.family)
    return any(closes - max(opens, release) >= cycle for opens, closes in instance.calendar or ())
