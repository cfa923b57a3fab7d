"""Loads in time: what is in each, in which oven and when, for the least cost.

Simulated annealing over the whole plan. A step moves a load, exchanges two, or empties a few loads of one family and
fills them again by urgency or by size; the full cost, lateness included, decides. So packing and dates are weighed
against each other in every step rather than one after the other. Times are minutes from the start of the plan.
"""

from typing import NamedTuple

import numpy as np

from .kernel import ORDERS, Array, Bench, Shapes, compiled, draw_manner, place_all, sort_by_key, sort_by_ranks

MOST_REFILLED = 4


class Work(NamedTuple):
    """What must be done and what it costs."""

    piece_family: Array
    release: Array
    project: Array
    urgency: Array  # from 0, the most urgent piece
    due: Array  # of each project
    weight: Array
    cycle: Array  # of each family
    windows: Array  # opening hours, rows of (opens, closes); empty when always open
    costs: Array  # of a load, an oven minute, a change of family, a weighted minute of lateness
    changeover: int


class State(NamedTuple):
    """A plan: `order[o, p]` is the load at place p of oven o; a load whose family is -1 is free."""

    load: Array
    spot: Array
    order: Array
    lengths: Array
    family: Array


class Clock(NamedTuple):
    """Times worked out from a plan: earliest and real start of each load, completion of each project."""

    released: Array
    start: Array
    completion: Array


class Hand(NamedTuple):
    """What a step holds: the loads it refills, and what it puts back when it is refused."""

    picked: Array
    slot: Array  # place of a load among the picked ones, -1 for the others
    used: Array
    old_load: Array
    old_spot: Array
    old_order: Array
    old_lengths: Array


def copy_state(state: State) -> State:
    """The same plan in other arrays."""
    return State(*(array.copy() for array in state))


def make_clock(work: Work, state: State) -> Clock:
    """Room for the times of a plan."""
    return Clock(np.zeros_like(state.family), np.zeros_like(state.family), np.zeros_like(work.due))


def make_hand(state: State) -> Hand:
    """Room for a step."""
    loads = state.family.shape[0]
    return Hand(
        np.zeros(MOST_REFILLED + 1, np.int64), np.full(loads, -1, np.int64), np.zeros(loads, np.bool_),
        state.load.copy(), state.spot.copy(), state.order.copy(), state.lengths.copy(),
    )  # fmt: skip


@compiled
def _time_loads(work: Work, state: State, clock: Clock) -> int:
    """Start each load as early as its place allows; the changes of family, -1 when the opening hours run out."""
    changes, windows = 0, work.windows
    for o in range(state.order.shape[0]):
        free, before, w = 0, -1, 0
        for p in range(state.lengths[o]):
            held = state.order[o, p]
            family = state.family[held]
            at = free
            if before >= 0 and before != family:
                at += work.changeover
                changes += 1
            at = max(at, clock.released[held])
            if windows.shape[0] > 0:
                while w < windows.shape[0] and max(at, windows[w, 0]) + work.cycle[family] > windows[w, 1]:
                    w += 1
                if w == windows.shape[0]:
                    return -1
                at = max(at, windows[w, 0])
            clock.start[held] = at
            free, before = at + work.cycle[family], family
    return changes


@compiled
def cost_of(work: Work, state: State, clock: Clock) -> float:
    """The cost of a plan, its times in `clock`; infinite when it does not fit in the opening hours."""
    clock.released[:] = 0
    for i in range(state.load.shape[0]):
        held = state.load[i]
        clock.released[held] = max(clock.released[held], work.release[i])
    changes = _time_loads(work, state, clock)
    if changes < 0:
        return np.inf
    total = work.costs[2] * changes
    for o in range(state.order.shape[0]):
        for p in range(state.lengths[o]):
            total += work.costs[0] + work.costs[1] * work.cycle[state.family[state.order[o, p]]]
    return float(total + _lateness(work, state, clock) if work.costs[3] > 0.0 else total)


@compiled
def _lateness(work: Work, state: State, clock: Clock) -> float:
    """The cost of the projects that end after their due date."""
    clock.completion[:] = 0
    for i in range(state.load.shape[0]):
        end = clock.start[state.load[i]] + work.cycle[work.piece_family[i]]
        clock.completion[work.project[i]] = max(clock.completion[work.project[i]], end)
    total = 0.0
    for j in range(clock.completion.shape[0]):
        if clock.completion[j] > work.due[j]:
            total += work.weight[j] * (clock.completion[j] - work.due[j])
    return float(total * work.costs[3])


@compiled
def _pick(state: State) -> tuple[int, int]:
    """A load of the plan at random: its oven and place."""
    rank = np.random.randint(0, state.lengths.sum())
    oven = 0
    while rank >= state.lengths[oven]:
        rank -= state.lengths[oven]
        oven += 1
    return oven, rank


@compiled
def _insert(state: State, held: int) -> None:
    """Put a load somewhere in the plan."""
    o = np.random.randint(0, state.order.shape[0])
    at = np.random.randint(0, state.lengths[o] + 1)
    for q in range(state.lengths[o], at, -1):
        state.order[o, q] = state.order[o, q - 1]
    state.order[o, at] = held
    state.lengths[o] += 1


@compiled
def _move_load(state: State) -> None:
    """Put a load elsewhere."""
    o, p = _pick(state)
    held = state.order[o, p]
    for q in range(p, state.lengths[o] - 1):
        state.order[o, q] = state.order[o, q + 1]
    state.lengths[o] -= 1
    _insert(state, held)


@compiled
def _exchange_loads(state: State) -> None:
    """Two loads take each other's place."""
    o, p = _pick(state)
    u, q = _pick(state)
    state.order[o, p], state.order[u, q] = state.order[u, q], state.order[o, p]


@compiled
def _pick_to_refill(state: State, clock: Clock, hand: Hand) -> tuple[int, int]:
    """A few loads of one family, mostly in the order of time, one time in seven with a new one: how many, which."""
    o, p = _pick(state)
    family, many = state.family[state.order[o, p]], 1
    hand.picked[0] = state.order[o, p]
    hand.slot[hand.picked[0]] = 0
    wanted = np.random.randint(1, MOST_REFILLED + 1)
    for _try in range(3 * wanted):
        u, q = _pick(state)
        other = state.order[u, q]
        if many < wanted and state.family[other] == family and hand.slot[other] < 0:
            hand.picked[many] = other
            hand.slot[other] = many
            many += 1
    if np.random.random() < 0.8:
        for a in range(1, many):
            held, b = hand.picked[a], a - 1
            while b >= 0 and clock.start[hand.picked[b]] > clock.start[held]:
                hand.picked[b + 1] = hand.picked[b]
                b -= 1
            hand.picked[b + 1] = held
    fresh = -1
    if np.random.random() < 0.15:
        fresh = 0
        while state.family[fresh] >= 0:  # there is always a free one: more loads than pieces
            fresh += 1
        state.family[fresh] = family
        _insert(state, fresh)
        at = np.random.randint(0, many + 1)
        for k in range(many, at, -1):
            hand.picked[k] = hand.picked[k - 1]
        hand.picked[at] = fresh
        many += 1
    for k in range(many):
        hand.slot[hand.picked[k]] = k
    return many, fresh


@compiled
def _sort_in_hand(shapes: Shapes, work: Work, bench: Bench, many: int) -> None:
    """The pieces in hand by urgency or by size, blurred."""
    if np.random.random() < 0.5:
        noise = np.random.random() ** 2
        for i in range(many):
            bench.ranks[i] = work.urgency[bench.order[i]] + noise * (np.random.random() - 0.5)
        sort_by_ranks(bench, many)
    else:
        sort_by_key(shapes, bench, many, np.random.randint(0, ORDERS), np.random.random() ** 2 * 1.5)


@compiled
def _drop_unused(state: State, hand: Hand) -> None:
    """Take the loads that hold no piece any more out of the plan."""
    for o in range(state.order.shape[0]):
        kept = 0
        for p in range(state.lengths[o]):
            if hand.used[state.order[o, p]]:
                state.order[o, kept] = state.order[o, p]
                kept += 1
        state.lengths[o] = kept


@compiled
def _refill(shapes: Shapes, work: Work, state: State, clock: Clock, bench: Bench, hand: Hand) -> tuple[int, int, int]:
    """Empty a few loads and fill them again; how many loads and pieces, -1 pieces when some found no place."""
    loads, fresh = _pick_to_refill(state, clock, hand)
    many = 0
    for i in range(state.load.shape[0]):
        if hand.slot[state.load[i]] >= 0:
            bench.order[many] = i
            many += 1
    for k in range(loads):
        hand.slot[hand.picked[k]] = -1
    _sort_in_hand(shapes, work, bench, many)
    if place_all(shapes, bench, many, loads, draw_manner()) > 0:
        if fresh >= 0:
            state.family[fresh] = -1
        return loads, -1, -1
    hand.used[:] = True
    for k in range(loads):
        hand.used[hand.picked[k]] = False
    for i in range(many):
        item = bench.order[i]
        hand.old_load[i] = state.load[item]
        hand.old_spot[i, :] = state.spot[item]
        state.load[item] = hand.picked[bench.target[i]]
        state.spot[item, :] = bench.spots[i]
        hand.used[state.load[item]] = True
    _drop_unused(state, hand)
    return loads, many, fresh


@compiled
def _remember(state: State, hand: Hand) -> None:
    for o in range(state.order.shape[0]):
        hand.old_lengths[o] = state.lengths[o]
        hand.old_order[o, : state.lengths[o]] = state.order[o, : state.lengths[o]]


@compiled
def _put_back(state: State, bench: Bench, hand: Hand, many: int, fresh: int) -> None:
    for o in range(state.order.shape[0]):
        state.lengths[o] = hand.old_lengths[o]
        state.order[o, : state.lengths[o]] = hand.old_order[o, : state.lengths[o]]
    for i in range(many):
        state.load[bench.order[i]] = hand.old_load[i]
        state.spot[bench.order[i], :] = hand.old_spot[i]
    if fresh >= 0:
        state.family[fresh] = -1


@compiled
def _keep(best: State, state: State) -> None:
    best.load[:] = state.load
    best.spot[:] = state.spot
    best.order[:] = state.order
    best.lengths[:] = state.lengths
    best.family[:] = state.family


@compiled
def anneal(
    steps: int,
    warmth: float,
    shapes: Shapes,
    work: Work,
    state: State,
    clock: Clock,
    bench: Bench,
    hand: Hand,
    best: State,
    best_cost: float,
) -> float:
    """Some steps at one temperature from `state`, which they change; the best cost, its plan in `best`."""
    now = cost_of(work, state, clock)
    for _step in range(steps):
        _remember(state, hand)
        kind, loads, many, fresh = np.random.random(), 0, 0, -1
        if kind < 0.3:
            _move_load(state)
        elif kind < 0.45:
            _exchange_loads(state)
        else:
            loads, many, fresh = _refill(shapes, work, state, clock, bench, hand)
        then = np.inf if many < 0 else cost_of(work, state, clock)
        if many >= 0 and (then <= now or np.random.random() < np.exp((now - then) / warmth)):
            now = then
            for k in range(loads):
                if not hand.used[hand.picked[k]]:
                    state.family[hand.picked[k]] = -1
            if now < best_cost - 1e-9:
                best_cost = now
                _keep(best, state)
            continue
        _put_back(state, bench, hand, many, fresh)
        if many >= 0:
            cost_of(work, state, clock)  # the times of the plan that stays are needed by the next step
    return best_cost
