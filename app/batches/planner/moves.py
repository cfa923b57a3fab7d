"""The search over whole plans: simulated annealing judged by the full cost.

A step moves a load, exchanges two, trades a piece between two loads of a family, or empties a few loads of one family
and fills them again by urgency or by size. So packing and dates are weighed against each other in every step rather
than one after the other.
"""

from typing import NamedTuple

import numpy as np

from .kernel import (
    FULL,
    ORDERS,
    Array,
    Bench,
    Shapes,
    compiled,
    draw_manner,
    inlined,
    place_all,
    sort_by_key,
    sort_by_ranks,
)
from .timetable import Clock, State, Work, cost_after, cost_of, link, take_back, unlink, wait_for_pieces

MOST_REFILLED = 4
#: How often the first load with room takes a piece, rather than the best of all.
FIRST_FIT = 0.7


class Hand(NamedTuple):
    """What a step holds: the loads it changes, and what it puts back when it is refused."""

    picked: Array
    slot: Array  # place of a load among the picked ones, -1 for the others
    used: Array
    old_released: Array
    old_load: Array
    old_spot: Array
    old_order: Array
    old_lengths: Array


def make_hand(state: State) -> Hand:
    """Room for a step."""
    loads = state.family.shape[0]
    return Hand(
        np.zeros(MOST_REFILLED + 1, np.int64), np.full(loads, -1, np.int64), np.zeros(loads, np.bool_),
        np.zeros(MOST_REFILLED + 1, np.int64), state.load.copy(), state.spot.copy(), state.order.copy(),
        state.lengths.copy(),
    )  # fmt: skip


@inlined
def _pick(state: State) -> tuple[int, int]:
    """A load of the plan at random: its oven and place."""
    rank = np.random.randint(0, state.lengths.sum())
    oven = 0
    while rank >= state.lengths[oven]:
        rank -= state.lengths[oven]
        oven += 1
    return oven, rank


@inlined
def _near(state: State, place: int, oven: int) -> int:
    """A place of an oven, mostly about as far down its list as another load stands in its own."""
    length = state.lengths[oven]
    if np.random.random() < 0.25:
        return int(np.random.randint(0, length))
    reach = 1 << np.random.randint(0, 4)
    return int(min(max(place + np.random.randint(-reach, reach + 1), 0), length - 1))


@inlined
def _insert(state: State, held: int, oven: int, at: int) -> None:
    """Put a load at a place of an oven."""
    for q in range(state.lengths[oven], at, -1):
        state.order[oven, q] = state.order[oven, q - 1]
    state.order[oven, at] = held
    state.lengths[oven] += 1


@inlined
def _move_load(state: State) -> None:
    """Put a load elsewhere."""
    o, p = _pick(state)
    held = state.order[o, p]
    for q in range(p, state.lengths[o] - 1):
        state.order[o, q] = state.order[o, q + 1]
    state.lengths[o] -= 1
    u = np.random.randint(0, state.order.shape[0])
    state.lengths[u] += 1  # it may stand after the last one
    at = _near(state, p, u)
    state.lengths[u] -= 1
    _insert(state, held, u, at)


@inlined
def _exchange_loads(state: State) -> None:
    """Two loads take each other's place."""
    o, p = _pick(state)
    u = np.random.randint(0, state.order.shape[0])
    if state.lengths[u] > 0:
        q = _near(state, p, u)
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
        u = np.random.randint(0, state.order.shape[0])
        _insert(state, fresh, u, np.random.randint(0, state.lengths[u] + 1))
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


@inlined
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
    for k in range(loads):
        many = _pieces_of(clock, hand.picked[k], bench, many)
        hand.slot[hand.picked[k]] = -1
    _sort_in_hand(shapes, work, bench, many)
    if place_all(shapes, bench, many, loads, draw_manner(FIRST_FIT), 0.0) != 0:
        if fresh >= 0:
            state.family[fresh] = -1
        return 0, -1, -1
    _settle(work, state, clock, bench, hand, loads, many)
    return loads, many, fresh


@inlined
def _pieces_of(clock: Clock, held: int, bench: Bench, at: int) -> int:
    """The pieces of a load, in hand from place `at`; where they end."""
    piece = clock.head[held]
    while piece >= 0:
        bench.order[at] = piece
        piece = clock.after[piece]
        at += 1
    return at


@compiled
def _are_alike(shapes: Shapes, one: int, other: int) -> bool:
    """Whether two pieces can stand in each other's spot."""
    if shapes.options[one] != shapes.options[other] or shapes.flat[one] != shapes.flat[other]:
        return False
    if np.isfinite(shapes.limit) and shapes.mass[one] != shapes.mass[other]:
        return False
    for o in range(shapes.options[one]):
        for axis in range(3):
            if shapes.sizes[one, o, axis] != shapes.sizes[other, o, axis]:
                return False
    return True


@compiled
def _pick_partner(state: State, place: int, first: int) -> int:
    """Another load of the same family, mostly about as early; -1 when none is met."""
    for _try in range(24):
        u = np.random.randint(0, state.order.shape[0])
        if state.lengths[u] == 0:
            continue
        held = state.order[u, _near(state, place, u)]
        if held != first and state.family[held] == state.family[first]:
            return int(held)
    return -1


@inlined
def _trade(shapes: Shapes, work: Work, state: State, clock: Clock, bench: Bench, hand: Hand) -> tuple[int, int]:
    """A piece goes from one load to another of its family, mostly against one of it: how many loads and pieces."""
    o, p = _pick(state)
    first = int(state.order[o, p])
    second = _pick_partner(state, p, first)
    if second < 0:
        return 0, -1
    hand.picked[0], hand.picked[1] = first, second
    middle = _pieces_of(clock, first, bench, 0)
    many = _pieces_of(clock, second, bench, middle)
    given, taken = np.random.randint(0, middle), -1
    if np.random.random() < 0.8:
        taken = np.random.randint(middle, many)
    one, other = bench.order[given], bench.order[taken]
    if taken >= 0 and _are_alike(shapes, one, other):
        bench.order[0], bench.order[1] = one, other
        bench.target[0], bench.target[1] = 1, 0
        bench.spots[0, :], bench.spots[1, :] = state.spot[other], state.spot[one]
        _settle(work, state, clock, bench, hand, 2, 2)
        return 2, 2
    if not _may_hold(shapes, bench, given, taken, middle, many):
        return 0, -1
    for i in range(many):
        bench.only[i] = 0 if (i < middle and i != given) or i == taken else 1
    sort_by_key(shapes, bench, many, np.random.randint(0, ORDERS - 1), np.random.random() ** 2)
    left = place_all(shapes, bench, many, 2, draw_manner(FIRST_FIT), 0.0)
    bench.only[:many] = -1
    if left != 0:
        return 0, -1
    _settle(work, state, clock, bench, hand, 2, many)
    return 2, many


@inlined
def _may_hold(shapes: Shapes, bench: Bench, given: int, taken: int, middle: int, many: int) -> bool:
    """Whether the volumes of two loads allow a trade: most that cannot be are seen at once."""
    in_first, in_second = 0.0, 0.0
    for i in range(many):
        if (i < middle and i != given) or i == taken:
            in_first += shapes.volume[bench.order[i]]
        else:
            in_second += shapes.volume[bench.order[i]]
    return in_first <= FULL and in_second <= FULL


@inlined
def _settle(work: Work, state: State, clock: Clock, bench: Bench, hand: Hand, loads: int, many: int) -> None:
    """Write the new places of the pieces in hand, and keep the old ones; loads left without a piece leave the plan."""
    for i in range(many):
        item = bench.order[i]
        hand.old_load[i] = state.load[item]
        hand.old_spot[i, :] = state.spot[item]
        unlink(clock, item, state.load[item])
    for i in range(many):
        item = bench.order[i]
        state.load[item] = hand.picked[bench.target[i]]
        state.spot[item, :] = bench.spots[i]
        link(clock, item, state.load[item])
    is_one_empty = False
    for k in range(loads):
        held = hand.picked[k]
        hand.old_released[k] = clock.released[held]
        wait_for_pieces(work, clock, held)
        clock.touched[held] = True
        hand.used[held] = clock.head[held] >= 0
        is_one_empty = is_one_empty or not hand.used[held]
    if is_one_empty:
        _drop_unused(state, hand)


@inlined
def _remember(state: State, hand: Hand) -> None:
    for o in range(state.order.shape[0]):
        hand.old_lengths[o] = state.lengths[o]
        hand.old_order[o, : state.lengths[o]] = state.order[o, : state.lengths[o]]


@inlined
def _put_back(state: State, clock: Clock, bench: Bench, hand: Hand, loads: int, many: int, fresh: int) -> None:
    for o in range(state.order.shape[0]):
        state.lengths[o] = hand.old_lengths[o]
        state.order[o, : state.lengths[o]] = hand.old_order[o, : state.lengths[o]]
    for i in range(many):
        unlink(clock, bench.order[i], state.load[bench.order[i]])
    for i in range(many):
        item = bench.order[i]
        state.load[item] = hand.old_load[i]
        state.spot[item, :] = hand.old_spot[i]
        link(clock, item, state.load[item])
    for k in range(loads):
        clock.released[hand.picked[k]] = hand.old_released[k]
    if fresh >= 0:
        state.family[fresh] = -1


@compiled
def _keep(best: State, state: State) -> None:
    best.load[:] = state.load
    best.spot[:] = state.spot
    best.order[:] = state.order
    best.lengths[:] = state.lengths
    best.family[:] = state.family


@inlined
def _change(shapes: Shapes, work: Work, state: State, clock: Clock, bench: Bench, hand: Hand) -> tuple[int, int, int]:
    """One change at random: how many loads and pieces it holds, and the load that it adds, -1 for none.

    Where pieces are alike, packing is easy: more trades and moves, fewer loads filled again.
    """
    kind, loads, many, fresh, alike = np.random.random(), 0, 0, -1, work.alike
    if kind < 0.2 + 0.15 * alike:
        _move_load(state)
    elif kind < 0.3 + 0.15 * alike:
        _exchange_loads(state)
    elif kind < 0.45 + 0.45 * alike:
        loads, many = _trade(shapes, work, state, clock, bench, hand)
    else:
        loads, many, fresh = _refill(shapes, work, state, clock, bench, hand)
    return loads, many, fresh


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
    hand.used[:] = True
    for _step in range(steps):
        if bench.alarm[0] != 0:
            break
        _remember(state, hand)
        late = clock.late[0]
        loads, many, fresh = _change(shapes, work, state, clock, bench, hand)
        if many < 0:  # a piece found no place; a new load may stand in the order
            _put_back(state, clock, bench, hand, 0, 0, -1)
            continue
        then = cost_after(work, state, clock, hand.old_order, hand.old_lengths)
        for k in range(loads):
            clock.touched[hand.picked[k]] = False
        if then <= now or np.random.random() < np.exp((now - then) / warmth):
            now = then
            for k in range(loads):
                if not hand.used[hand.picked[k]]:
                    state.family[hand.picked[k]] = -1
                    hand.used[hand.picked[k]] = True
            if now < best_cost - 1e-9:
                best_cost = now
                _keep(best, state)
            continue
        for k in range(loads):
            hand.used[hand.picked[k]] = True
        take_back(clock, late)
        _put_back(state, clock, bench, hand, loads, many, fresh)
    return best_cost
