"""The arrays of a scheduling problem, a first plan, its improvement, and the loads that come out of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from time import perf_counter

import numpy as np

from .instance import Instance, Line
from .kernel import Array, make_bench, seed
from .moves import MOST_REFILLED, anneal, make_hand
from .packing import Packing, Seconds, first_packing, next_steps
from .plan import Item, Load, ShortHoursError
from .prepare import items_of, of_families, part_of, shapes_of
from .timetable import State, Work, copy_state, cost_of, make_clock

#: Steps before the first look at the clock, and the most oven places that a search keeps.
STEPS, MOST_PLACES = 4, 4_000_000
#: Later than any time: a project without a due date is never late; the hours after the last opening do not end.
NO_DUE, NO_END = 1 << 50, 1 << 60


Heard = Callable[[float, float, Callable[[], list[Load]]], None]


@dataclass
class Job:
    """How the work goes on: told to `progress` (share of the time, cost, the loads on demand), ended by `cancelled`."""

    until: float
    cancelled: Event
    progress: Heard | None = None
    clock: Seconds = perf_counter
    #: Rings in the compiled search when the time is over.
    alarm: Array = field(default_factory=lambda: np.zeros(1, np.int64))

    @property
    def is_over(self) -> bool:
        return self.cancelled.is_set() or self.clock() >= self.until


class Schedule:
    """One problem as the kernel sees it. Pieces stand in the order of the lines."""

    def __init__(self, instance: Instance, lines: list[Line]) -> None:
        self.instance, self.lines = instance, lines
        self.shapes = shapes_of(instance, lines)
        self.names = list(dict.fromkeys(line.family for line in lines))
        self.work = _work_of(instance, lines, self.names)

    @property
    def count(self) -> int:
        return int(self.shapes.options.shape[0])

    def first(self, *, by_date: bool, until: float, clock: Seconds = perf_counter) -> State:
        """A plan at once: each family packed by date or by size, loads by their earliest due date, ovens by turns."""
        n, work = self.count, self.work
        ovens = max(1, min(self.instance.oven.count, n, MOST_PLACES // n))
        state = State(
            np.full(n, -1, np.int64), np.zeros((n, 4), np.int64), np.zeros((ovens, n + MOST_REFILLED), np.int64),
            np.zeros(ovens, np.int64), np.full(n + MOST_REFILLED, -1, np.int64),
        )  # fmt: skip
        made = 0
        for rank in range(len(self.names)):
            own = np.flatnonzero(work.piece_family == rank)
            shapes = part_of(self.shapes, own)
            if by_date:  # whatever the key, the most urgent come first
                shapes = shapes._replace(keys=np.repeat((2.0 - work.urgency[own])[None, :], len(shapes.keys), axis=0))
            packing = first_packing(shapes, until, clock)
            state.load[own], state.spot[own] = packing.load + made, packing.spot
            state.family[made : made + packing.loads] = rank
            made += packing.loads
        due = np.array([work.due[work.project[state.load == held]].min() for held in range(made)])
        for rank, held in enumerate(np.argsort(due, kind="stable")):
            oven = rank % ovens
            state.order[oven, state.lengths[oven]] = held
            state.lengths[oven] += 1
        return state

    def improve(self, start: State, job: Job, number: int) -> tuple[float, State]:
        """Anneal until the job is over, with the chance of this number; the best cost and plan."""
        seed(number)
        state, best = copy_state(start), copy_state(start)
        bench, hand = make_bench(self.shapes, MOST_REFILLED + 1, job.alarm), make_hand(state)
        clock, costs = make_clock(self.work, state), self.work.costs
        cost = float(cost_of(self.work, state, clock))
        unit = float(costs[0] + costs[1] * self.work.cycle.mean() + costs[2]) + 1e-9
        begun, steps = job.clock(), STEPS
        while not (job.is_over or job.alarm[0]):
            now = job.clock()
            share = (now - begun) / max(job.until - begun, 1e-9)
            within = cost % self.work.beyond_cost  # what there are no hours for is never worth its cost
            each = unit + within / max(1, int(state.lengths.sum()))  # where only lateness costs, its share of a load
            warmth = each * (0.25 * (1 - share) ** 3 + 0.001)
            found = anneal(steps, warmth, self.shapes, self.work, state, clock, bench, hand, best, cost)
            steps = next_steps(steps, job.clock() - now)
            if job.progress and found < min(cost, self.work.beyond_cost):
                job.progress(share, float(found), partial(self.loads, copy_state(best)))
            cost = float(found)
        return cost, best

    def loads(self, state: State) -> list[Load]:
        """The plan as loads with their times; ShortHoursError when the opening hours do not hold them all."""
        clock = make_clock(self.work, state)
        cost_of(self.work, state, clock)
        outside = np.flatnonzero(clock.window[state.load] == self.work.beyond)
        if outside.size:
            owners = np.repeat([line.id for line in self.lines], [line.quantity for line in self.lines])
            raise ShortHoursError(self.lines, Counter(map(str, owners[outside])))
        items = self.items(state)
        found = []
        for oven in range(state.order.shape[0]):
            for held in map(int, state.order[oven, : state.lengths[oven]]):
                start, family = int(clock.start[held]), int(state.family[held])
                end = start + int(self.work.cycle[family])
                found.append(Load(self.names[family], items[held], oven, start, end))
        return found

    def items(self, state: State) -> dict[int, tuple[Item, ...]]:
        """What is in each load of a plan."""
        loads = np.unique(state.load)
        packing = Packing(np.searchsorted(loads, state.load), state.spot, len(loads))
        held = items_of(self.instance, self.lines, packing)
        return {int(load): tuple(items) for load, items in zip(loads, held, strict=True)}


def _work_of(instance: Instance, lines: list[Line], names: list[str]) -> Work:
    cycles = {family.id: family.cycle_min for family in instance.families}
    ranks = {name: rank for rank, name in enumerate(names)}
    projects = {name: rank for rank, name in enumerate(dict.fromkeys(line.project for line in instance.lines))}
    due, weight = np.full(len(projects), NO_DUE, np.int64), np.zeros(len(projects))
    for line in instance.lines:
        rank = projects[line.project]
        weight[rank] = max(weight[rank], line.weight)
        due[rank] = min(due[rank], NO_DUE if line.due is None else line.due)
    owners = [line for line in lines for _piece in range(line.quantity)]
    project = np.array([projects[line.project] for line in owners], np.int64)
    costs = instance.costs
    alone = np.bincount(project, minlength=len(projects))[project] == 1
    windows, beyond_cost = _windows_of(instance, due, weight)
    return Work(
        piece_family=np.array([ranks[line.family] for line in owners], np.int64),
        release=np.array([line.release for line in owners], np.int64),
        project=project,
        own_pieces=np.empty(0, np.int64) if alone.all() else np.argsort(project, kind="stable"),
        own_first=np.searchsorted(np.sort(project), np.arange(len(projects) + 1)),
        urgency=_urgency(due, weight)[project],
        due=due,
        weight=weight,
        alone=alone,
        piece_due=due[project],
        piece_weight=np.where(alone, weight[project], 0.0),
        cycle=np.array([cycles[name] for name in names], np.int64),
        windows=windows,
        costs=np.array([costs.load, costs.oven_minute, costs.changeover, costs.tardiness], np.float64),
        changeover=instance.changeover_min,
        beyond=len(windows) - 1,
        beyond_cost=beyond_cost,
        alike=_alike(lines),
    )


def _windows_of(instance: Instance, due: Array, weight: Array) -> tuple[Array, float]:
    """The opening hours and what follows them without end, and what a load there costs.

    It is more than all loads within the hours may cost together, so that the search fits in the hours first.
    """
    if not instance.calendar:
        return np.empty((0, 2), np.int64), np.inf
    last = max(closes for _opens, closes in instance.calendar)
    costs, longest = instance.costs, max(family.cycle_min for family in instance.families)
    loads = sum(line.quantity for line in instance.lines)
    late = float((weight * np.maximum(0, last - due)).sum())
    most = loads * (costs.load + costs.oven_minute * longest + costs.changeover) + costs.tardiness * late
    return np.array([*instance.calendar, (last, NO_END)], np.int64), 1.0 + most


def _alike(lines: list[Line]) -> float:
    """The share of the pieces that have the commonest size of their family."""
    common = 0
    for own in of_families(lines).values():
        sizes: Counter[tuple[int, int, int]] = Counter()
        for line in own:
            sizes[line.size] += line.quantity
        common += max(sizes.values())
    return common / sum(line.quantity for line in lines)


def _urgency(due: Array, weight: Array) -> Array:
    """Due dates brought between 0 and 1, the heavier projects a little before; no date is the last date."""
    last = due[due < NO_DUE].max() if (due < NO_DUE).any() else 0
    dues = np.minimum(due, last)
    span = max(1, int(dues.max() - dues.min()))
    return np.asarray((dues - dues.min()) / span - 0.05 * weight / max(1.0, float(weight.max())), np.float64)
