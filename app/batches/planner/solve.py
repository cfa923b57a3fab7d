"""From an instance to a plan, within its time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from time import perf_counter

import numpy as np

from .instance import Instance, Line
from .kernel import seed
from .packing import Packing, Pieces, first_packing, pack
from .plan import Load, Plan, cost_of, fits_alone, problems_of
from .prepare import items_of, of_families, pieces_of
from .timetable import anneal
from .timetable import cost_of as cost_of_arrays

THREADS = 2
#: Kept from the time given, for the check and the writing.
RESERVE_S = 0.35
STEPS = 400
#: Nobody is asked again for a due date that no line gives.
NO_DUE = 1 << 50


class PlanError(Exception):
    """No plan was found: the opening hours are too short for the work."""


@dataclass
class Job:
    """How the work goes on: told to `progress` (share of the time, cost), stopped by `cancelled`."""

    until: float
    cancelled: Event
    progress: Callable[[float, float], None] | None = None

    @property
    def is_over(self) -> bool:
        return self.cancelled.is_set() or perf_counter() >= self.until


def plan_oven(
    instance: Instance, *, cancelled: Event | None = None, progress: Callable[[float, float], None] | None = None
) -> Plan:
    """The best valid plan found in the time of the instance, checked before it is given; PlanError without one."""
    begun = perf_counter()
    job = Job(begun + max(instance.time_limit_s - RESERVE_S, 0.05), cancelled or Event(), progress)
    possible = [line for line in instance.lines if line.quantity and fits_alone(instance, line)]
    taken = {line.id for line in possible}
    unplaced = tuple(line.id for line in instance.lines if line.quantity and line.id not in taken)
    if not possible:
        return Plan((), unplaced)
    loads = _in_time(instance, possible, job) if instance.schedule else _packed(instance, possible, job)
    plan = Plan(tuple(loads), unplaced)
    problems = problems_of(instance, plan)
    if problems:
        raise PlanError("; ".join(problems[:5]))
    return plan


def _packed(instance: Instance, lines: list[Line], job: Job) -> list[Load]:
    """The fewest loads, family by family: the time is shared by the pieces of each."""
    families = of_families(lines)
    total = sum(line.quantity for line in lines)
    loads = []
    for family, own in families.items():
        share = sum(line.quantity for line in own) / total
        total -= sum(line.quantity for line in own)
        until = perf_counter() + (job.until - perf_counter()) * share
        packing = _pack_twice(pieces_of(instance, own), until)
        loads += [Load(family, tuple(items)) for items in items_of(instance, own, packing)]
    return loads


def _pack_twice(pieces: Pieces, until: float) -> Packing:
    """Two searches side by side; the better one."""
    start = first_packing(pieces)
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda number: pack(pieces, until=until, number=number, start=start), range(THREADS)))
    return min(found, key=lambda packing: packing.loads)


@dataclass
class State:
    """A whole plan as arrays; see timetable.py."""

    load: np.ndarray
    spot: np.ndarray
    order: np.ndarray
    lengths: np.ndarray
    family: np.ndarray

    def copy(self) -> "State":
        return State(*(array.copy() for array in vars(self).values()))


class Timetable:
    """The arrays of one scheduling problem."""

    def __init__(self, instance: Instance, lines: list[Line]) -> None:
        self.instance, self.lines = instance, lines
        self.pieces = pieces_of(instance, lines)
        self.names = list(dict.fromkeys(line.family for line in lines))
        cycles = {family.id: family.cycle_min for family in instance.families}
        self.cycle = np.array([cycles[name] for name in self.names], np.int64)
        owners = [line for line in lines for _piece in range(line.quantity)]
        ranks = {name: rank for rank, name in enumerate(self.names)}
        projects = {name: rank for rank, name in enumerate(dict.fromkeys(line.project for line in instance.lines))}
        self.piece_family = np.array([ranks[line.family] for line in owners], np.int64)
        self.release = np.array([line.release for line in owners], np.int64)
        self.project = np.array([projects[line.project] for line in owners], np.int64)
        self.due, self.weight = np.full(len(projects), NO_DUE, np.int64), np.zeros(len(projects))
        for line in instance.lines:
            rank = projects[line.project]
            self.weight[rank] = max(self.weight[rank], line.weight)
            self.due[rank] = min(self.due[rank], NO_DUE if line.due is None else line.due)
        self.windows = np.array(instance.calendar or [], np.int64).reshape(-1, 2)
        costs = instance.costs
        self.costs = np.array([costs.load, costs.oven_minute, costs.changeover, costs.tardiness])
        self.urgency = self._urgency()

    def _urgency(self) -> np.ndarray:
        """Due dates brought between 0 and 1, the heavier projects a little before."""
        dues = np.minimum(self.due, self.due[self.due < NO_DUE].max() if (self.due < NO_DUE).any() else 0)
        span = max(1, int(dues.max() - dues.min()))
        share = (dues - dues.min()) / span - 0.05 * self.weight / max(1.0, float(self.weight.max()))
        return share[self.project].astype(np.float64)

    def cost(self, state: State) -> float:
        held = np.zeros(state.family.shape[0], np.int64)
        return float(cost_of_arrays(self.pieces.count, state.load, state.order, state.lengths, state.family, self.cycle,
                                    self.instance.changeover_min, self.windows, self.release, self.project, self.due,
                                    self.weight, self.costs, held, held.copy(), np.zeros_like(self.due)))  # fmt: skip

    def first(self, *, by_date: bool) -> State:
        """A plan at once: the loads of each family, the earliest due first, in the ovens by turns."""
        n, ovens = self.pieces.count, self.instance.oven.count
        load, spot = np.full(n, -1, np.int64), np.zeros((n, 4), np.int64)
        family = np.full(n + 8, -1, np.int64)
        made = 0
        for rank in range(len(self.names)):
            own = np.flatnonzero(self.piece_family == rank)
            packing = first_packing(_subset(self.pieces, own, self.urgency if by_date else None))
            load[own], spot[own] = packing.load + made, packing.spot
            family[made : made + packing.loads] = rank
            made += packing.loads
        due = np.array([self.due[self.project[load == held]].min() for held in range(made)])
        order, lengths = np.zeros((ovens, n + 8), np.int64), np.zeros(ovens, np.int64)
        for rank, held in enumerate(np.argsort(due, kind="stable")):
            order[rank % ovens, rank // ovens] = held
            lengths[rank % ovens] += 1
        return State(load, spot, order, lengths, family)

    def improve(self, state: State, job: Job, number: int) -> tuple[float, State]:
        """Anneal until the job is over; the best cost and plan."""
        seed(number)
        pieces, now, best = self.pieces, state.copy(), state.copy()
        cost, begun, least = self.cost(state), perf_counter(), self.pieces.least()
        unit = self.costs[0] + self.costs[1] * float(self.cycle.mean()) + self.costs[2] + 1e-9
        arrays = (pieces.sizes, pieces.options, pieces.flat, pieces.mass, pieces.limit, pieces.rails, pieces.half,
                  pieces.inner, least, pieces.keys, self.urgency)  # fmt: skip
        while not job.is_over:
            share = (perf_counter() - begun) / max(job.until - begun, 1e-9)
            warmth = unit * (0.25 * (1 - share) ** 3 + 0.001)
            found = float(anneal(
                STEPS, warmth, pieces.count, *arrays, now.load, now.spot, now.order, now.lengths, now.family,
                self.piece_family, self.cycle, self.instance.changeover_min, self.windows, self.release, self.project,
                self.due, self.weight, self.costs, best.load, best.spot, best.order, best.lengths, best.family, cost,
            ))  # fmt: skip
            if found < cost and job.progress:
                job.progress(share, found)
            cost = found
        return cost, best

    def loads(self, state: State) -> list[Load]:
        """The plan as loads with their times."""
        held = np.unique(state.load)
        ranks = {int(load): rank for rank, load in enumerate(held)}
        packing = Packing(np.array([ranks[int(load)] for load in state.load]), state.spot, len(held))
        items = items_of(self.instance, self.lines, packing)
        start = self._starts(state)
        ovens = {int(load): oven for oven in range(state.order.shape[0])
                 for load in state.order[oven, : state.lengths[oven]]}  # fmt: skip
        return [
            Load(self.names[state.family[load]], tuple(items[ranks[load]]), ovens[load], int(start[load]),
                 int(start[load] + self.cycle[state.family[load]]))
            for load in sorted(ranks, key=lambda load: (ovens[load], start[load]))
        ]  # fmt: skip

    def _starts(self, state: State) -> np.ndarray:
        released, start = np.zeros_like(state.family), np.zeros_like(state.family)
        cost = cost_of_arrays(self.pieces.count, state.load, state.order, state.lengths, state.family, self.cycle,
                              self.instance.changeover_min, self.windows, self.release, self.project, self.due,
                              self.weight, self.costs, released, start, np.zeros_like(self.due))  # fmt: skip
        if not np.isfinite(cost):
            raise PlanError("the opening hours are too short for the work")
        return start


def _in_time(instance: Instance, lines: list[Line], job: Job) -> list[Load]:
    """The best of two searches, one from loads packed by date, the other from loads packed by size."""
    table = Timetable(instance, lines)
    starts = [table.first(by_date=by_date) for by_date in (True, False)]
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda number: table.improve(starts[number], job, number), range(THREADS)))
    _cost, state = min(found, key=lambda pair: pair[0])
    return table.loads(state)


def _subset(pieces: Pieces, own: np.ndarray, urgency: np.ndarray | None) -> Pieces:
    """The pieces of one family; with `urgency`, whatever the key, the most urgent come first."""
    keys = pieces.keys[:, own]
    if urgency is not None:
        keys = np.repeat((2.0 - urgency[own])[None, :], keys.shape[0], axis=0)
    return Pieces(pieces.sizes[own], pieces.options[own], pieces.flat[own], pieces.mass[own], pieces.half[own],
                  np.ascontiguousarray(keys), pieces.volume[own], pieces.inner, pieces.rails, pieces.limit)  # fmt: skip
