"""Placing boxes in empty spaces: the compiled heart of the planner.

A load is described by its maximal empty spaces: every box that is free and that cannot grow. A piece goes into one of
them; the spaces that it cuts leave at most six smaller ones each. Pieces are enlarged by the gap, and the oven with
them, so that two parts at the right distance are two boxes that do not overlap.

Everything here is arrays of whole numbers, in tuples of arrays that the compiler knows by name. A space is
`(x1, y1, z1, x2, y2, z2)`; a spot is `(x, y, z, orientation)`.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

import numpy as np
from numba import njit

#: The files of this folder whose functions are compiled.
SOURCES = ("kernel", "packing", "timetable", "moves")
MOST_SPACES = 300
RULES = 6
MOST_TURNS = 6
#: How pieces may be ordered before they are placed: by a key, or by chance (the last one).
ORDERS = 8
#: A load of a first pass is full once so many sizes found no place in a row: thousands may wait.
MOST_IN_VAIN = 400
#: As many pieces are sorted by insertion.
FEW = 100
#: A whole load, and what sums of shares may be wrong by.
FULL = 1.0 + 1e-9
Array = np.ndarray
Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """The function in machine code, kept on disk, that lets the other threads work meanwhile."""
    return cast(Function, njit(cache=True, nogil=True)(function))


def inlined(function: Function) -> Function:
    """The same for a function called in every step: passing all those arrays would cost more than its work."""
    return cast(Function, njit(cache=True, nogil=True, inline="always")(function))


def forget_stale(folder: Path) -> bool:
    """Remove what was compiled before one of the sources that make machine code changed; whether there was any.

    The compiler looks only at the file that a function stands in, and not at those that it calls.
    """
    changed = max((folder / f"{name}.py").stat().st_mtime for name in SOURCES)
    kept = list((folder / "__pycache__").glob("*.nb[ic]"))
    with suppress(FileNotFoundError):  # another process may be about it
        if kept and min(file.stat().st_mtime for file in kept) < changed:
            for file in kept:
                file.unlink(missing_ok=True)
            return True
    return False


class Shapes(NamedTuple):
    """The pieces and the oven: `sizes[i, o]` are the sides of piece i in its orientation o, gap and hook included."""

    sizes: Array
    options: Array  # how many orientations
    flat: Array  # whether it lies on the trolley
    mass: Array
    wide: Array  # the real width in each orientation, half of which stands on each side of a rail
    line: Array  # pieces of one line are alike
    keys: Array  # keys[k, i]: what pieces may be ordered by
    volume: Array  # share of the oven
    inner: Array  # sides of the oven
    rails: Array  # y of the rails; empty without
    least: Array  # smallest side of each piece along each axis, however it is turned
    limit: float  # greatest mass of a load


class Bench(NamedTuple):
    """Where loads are filled: their spaces, masses and fills, and room to work."""

    spaces: Array
    counts: Array
    loaded: Array
    fills: Array  # share of each load that is taken
    scratch: Array
    refused: Array
    order: Array  # the pieces in hand
    ranks: Array
    only: Array  # the one load that each of them may enter, -1 for any
    target: Array  # the load that each of them found, -1 for none
    spots: Array
    floors: Array  # smallest sides of that piece in hand and those after it
    reach: Array  # share of each load that can still be taken at most, with what is
    alarm: Array  # one number; rung (not 0) when the time is over, whatever is going on


class Manner(NamedTuple):
    """How pieces are placed, drawn anew for each try."""

    rule: int
    scatter: bool  # corners drawn at random
    blink: float  # probability that a place is overlooked
    first_fit: bool
    turn: int  # the orientation that is preferred where others are as good


def make_bench(shapes: Shapes, bins: int, alarm: Array | None = None) -> Bench:
    """Room for filling so many loads at once, given up when the alarm rings."""
    n, lines = shapes.options.shape[0], int(shapes.line.max()) + 1
    return Bench(
        np.zeros((bins, MOST_SPACES + 1, 6), np.int64), np.zeros(bins, np.int64), np.zeros(bins), np.zeros(bins),
        np.zeros((MOST_SPACES + 1, 6), np.int64), np.zeros(lines, np.bool_), np.zeros(n, np.int64), np.zeros(n),
        np.full(n, -1, np.int64), np.zeros(n, np.int64), np.zeros((n, 4), np.int64),
        np.zeros((n, 3), np.int64), np.zeros(bins), np.zeros(1, np.int64) if alarm is None else alarm,
    )  # fmt: skip


@compiled
def seed(number: int) -> None:
    """Start the chance of this thread."""
    np.random.seed(number)


@compiled
def draw_manner(first_fit: float) -> Manner:
    """A manner at random; `first_fit` says how often the first load with room is taken."""
    blink = 0.03 if np.random.random() < 0.3 else 0.0
    turn = np.random.randint(0, MOST_TURNS)
    return Manner(np.random.randint(0, RULES), np.random.random() < 0.25, blink, np.random.random() < first_fit, turn)


@inlined
def _copy_space(source: Array, k: int, target: Array, m: int) -> None:
    """Copy row k to row m, number by number: copying a slice costs more."""
    target[m, 0], target[m, 1], target[m, 2] = source[k, 0], source[k, 1], source[k, 2]
    target[m, 3], target[m, 4], target[m, 5] = source[k, 3], source[k, 4], source[k, 5]


@inlined
def _holds(outer: Array, k: int, inner: Array, m: int) -> bool:
    return bool(
        outer[k, 0] <= inner[m, 0] and outer[k, 1] <= inner[m, 1] and outer[k, 2] <= inner[m, 2]
        and inner[m, 3] <= outer[k, 3] and inner[m, 4] <= outer[k, 4] and inner[m, 5] <= outer[k, 5]
    )  # fmt: skip


@inlined
def _split(spaces: Array, count: int, box: Array, least: Array, scratch: Array) -> tuple[int, int]:
    """Take the spaces that a box cuts away; how many stay, and how many new ones stand in `scratch`."""
    kept = made = 0
    for k in range(count):
        if (spaces[k, 3] - spaces[k, 0] < least[0] or spaces[k, 4] - spaces[k, 1] < least[1]
                or spaces[k, 5] - spaces[k, 2] < least[2]):  # fmt: skip
            continue
        if (box[0] >= spaces[k, 3] or box[3] <= spaces[k, 0] or box[1] >= spaces[k, 4] or box[4] <= spaces[k, 1]
                or box[2] >= spaces[k, 5] or box[5] <= spaces[k, 2]):  # fmt: skip
            if kept != k:
                _copy_space(spaces, k, spaces, kept)
            kept += 1
            continue
        for axis in range(3):
            if box[axis] - spaces[k, axis] >= least[axis] and made < MOST_SPACES:
                _copy_space(spaces, k, scratch, made)
                scratch[made, axis + 3] = box[axis]
                made += 1
            if spaces[k, axis + 3] - box[axis + 3] >= least[axis] and made < MOST_SPACES:
                _copy_space(spaces, k, scratch, made)
                scratch[made, axis] = box[axis + 3]
                made += 1
    return kept, made


@compiled
def cut_spaces(spaces: Array, count: int, box: Array, least: Array, scratch: Array) -> int:
    """Take a box out of the spaces; how many there are then. A space too small for any piece is dropped."""
    kept, made = _split(spaces, count, box, least, scratch)
    first_new = kept
    for m in range(made):
        is_held = False
        for k in range(kept):
            if _holds(spaces, k, scratch, m):
                is_held = True
                break
        if is_held:
            continue
        k = first_new
        while k < kept:  # it may hold an earlier new one
            if _holds(scratch, m, spaces, k):
                kept -= 1
                _copy_space(spaces, kept, spaces, k)
            else:
                k += 1
        if kept < MOST_SPACES:
            _copy_space(scratch, m, spaces, kept)
            kept += 1
    return kept


@compiled
def _score(rule: int, x: int, y: int, z: int, dx: int, dy: int, dz: int, space: Array, inner: Array) -> float:
    """How good a place is by one rule; the least is the best."""
    if rule == 0:  # as far as possible from the far corner
        a, b, c = inner[0] - x - dx, inner[1] - y - dy, inner[2] - z - dz
        return float(-(float(a) * a + float(b) * b + float(c) * c))
    if rule == 1:
        return float((float(z) * inner[1] + y) * inner[0] + x)
    if rule == 2:
        return float((float(x) * inner[1] + y) * inner[2] + z)
    if rule == 3:
        return float((float(y) * inner[0] + x) * inner[2] + z)
    a, b, c = space[3] - space[0] - dx, space[4] - space[1] - dy, space[5] - space[2] - dz
    if rule == 4:  # the tightest side
        least = min(a, b)
        if inner[2] != dz:
            least = min(least, c)
        return float(float(least) * 1e6 + a + b + c)
    return float(
        float(space[3] - space[0]) * float(space[4] - space[1]) * float(space[5] - space[2])
    )  # the smallest space


@inlined
def _under_rail(rail: int, wide: int, last: int) -> int:
    """Where a piece begins that is so wide; the centre of an odd width is half a millimetre off, on either side."""
    y = rail - wide // 2
    return y - 1 if wide % 2 == 1 and y == last + 1 else y


@compiled
def find_place(
    shapes: Shapes, spaces: Array, count: int, item: int, manner: Manner, corner: int, found: Array
) -> float:
    """The best spot of a piece, in `found`; its score, infinite when there is none.

    `corner` says from which side of a space the piece is put (bit 0: far x, bit 1: far y).
    """
    best, lies, inner = np.inf, shapes.flat[item], shapes.inner
    hangs_on_rails = shapes.rails.shape[0] > 0 and not lies
    for k in range(count):
        s = spaces[k]
        if lies and s[2] != 0:
            continue
        for step in range(shapes.options[item]):
            o = (step + manner.turn) % shapes.options[item]
            dx, dy, dz = shapes.sizes[item, o, 0], shapes.sizes[item, o, 1], shapes.sizes[item, o, 2]
            if dx > s[3] - s[0] or dy > s[4] - s[1] or dz > s[5] - s[2]:
                continue
            if manner.blink > 0.0 and np.random.random() < manner.blink:
                continue
            x = s[3] - dx if corner & 1 else s[0]
            for r in range(shapes.rails.shape[0] if hangs_on_rails else 1):
                y = s[4] - dy if corner & 2 else s[1]
                if hangs_on_rails:
                    y = _under_rail(shapes.rails[r], shapes.wide[item, o], s[4] - dy)
                    if y < s[1] or y + dy > s[4]:
                        continue
                value = _score(manner.rule, x, y, s[2], dx, dy, dz, s, inner)
                if value < best:
                    best = value
                    found[0], found[1], found[2], found[3] = x, y, s[2], o
    return best


@compiled
def _choose(
    shapes: Shapes, bench: Bench, bins: int, item: int, only: int, manner: Manner, found: Array, chosen: Array
) -> int:
    """The load that takes a piece (`only` that one, unless it is -1), its spot in `chosen`; -1 when none does."""
    corner = np.random.randint(0, 4) if manner.scatter else 0
    best, where, mass, most = np.inf, -1, shapes.mass[item], FULL - shapes.volume[item]
    for b in range(bins):
        if only >= 0 and b != only:
            continue
        if bench.fills[b] > most or bench.loaded[b] + mass > shapes.limit:
            continue
        value = find_place(shapes, bench.spaces[b], bench.counts[b], item, manner, corner, found)
        if value < best:
            best, where = value, b
            chosen[:] = found
            if manner.first_fit:
                break
    return where


@inlined
def _open(shapes: Shapes, bench: Bench, many: int, bins: int) -> float:
    """Empty the loads and see how small the pieces in hand are, from each to the last; their volume."""
    bench.refused[:] = False
    for b in range(bins):
        bench.counts[b], bench.loaded[b], bench.fills[b], bench.reach[b] = 1, 0.0, 0.0, 1.0
        bench.spaces[b, 0, :3] = 0
        bench.spaces[b, 0, 3:] = shapes.inner
    floors, least, volume = bench.floors, shapes.least, 0.0
    for i in range(many - 1, -1, -1):
        item = bench.order[i]
        volume += shapes.volume[item]
        for axis in range(3):
            side = least[item, axis]
            floors[i, axis] = side if i == many - 1 else min(side, floors[i + 1, axis])
    return volume


@compiled
def _reach(spaces: Array, count: int, taken: float, inner: Array) -> float:
    """The share of a load that may be taken in the end at most: its fill and its spaces, as if they were apart."""
    room, whole = (1.0 - taken) * inner[0] * inner[1] * inner[2], 0.0
    for k in range(count):
        whole += float(spaces[k, 3] - spaces[k, 0]) * (spaces[k, 4] - spaces[k, 1]) * (spaces[k, 5] - spaces[k, 2])
        if whole >= room:
            return 1.0
    return float(taken + whole / (float(inner[0]) * inner[1] * inner[2]))


@inlined
def _put(shapes: Shapes, bench: Bench, item: int, where: int, spot: Array, least: Array, box: Array) -> None:
    """Stand a piece in a load: what stays free, as far as a piece with these sides may still use it."""
    for axis in range(3):
        box[axis] = spot[axis]
        box[axis + 3] = spot[axis] + shapes.sizes[item, spot[3], axis]
    bench.counts[where] = cut_spaces(bench.spaces[where], bench.counts[where], box, least, bench.scratch)
    bench.loaded[where] += shapes.mass[item]
    bench.fills[where] += shapes.volume[item]


@compiled
def place_all(shapes: Shapes, bench: Bench, many: int, bins: int, manner: Manner, spare: float) -> int:
    """Place the first `many` pieces in hand into empty loads, in their order; how many of them found no place.

    Given up, with -1, as soon as more volume than `spare` found none, or will find none in the spaces that are left:
    such a filling would be refused anyway. Given up too when the alarm rings: a single filling may last seconds where
    a load holds thousands of pieces.
    Room only shrinks: once a piece found none, those of its line are not tried again.
    """
    found, chosen, box = np.empty(4, np.int64), np.empty(4, np.int64), np.empty(6, np.int64)
    most_reached = _open(shapes, bench, many, bins) - spare - 1e-9
    reached, left, in_vain = float(bins), 0, 0
    for i in range(many):
        if bench.alarm[0] != 0:
            return -1
        item = bench.order[i]
        where = -1
        if not bench.refused[shapes.line[item]] and (in_vain < MOST_IN_VAIN or spare < np.inf):
            where = _choose(shapes, bench, bins, item, bench.only[i], manner, found, chosen)
            in_vain = in_vain + 1 if where < 0 else 0
        bench.target[i] = where
        if where < 0:
            bench.refused[shapes.line[item]] = True
            left += 1
            spare -= shapes.volume[item]
            if spare < 0.0:
                return -1
            continue
        bench.spots[i, :] = chosen
        _put(shapes, bench, item, where, chosen, bench.floors[min(i + 1, many - 1)], box)
        if most_reached > 0.0:
            before = bench.reach[where]
            bench.reach[where] = _reach(bench.spaces[where], bench.counts[where], bench.fills[where], shapes.inner)
            reached += bench.reach[where] - before
            if reached < most_reached:
                return -1
    return left


@compiled
def sort_by_ranks(bench: Bench, many: int) -> None:
    """Put the pieces in hand in the order of their ranks. They are few, mostly: insertion is the fastest way then."""
    order, ranks, only = bench.order, bench.ranks, bench.only
    if many > FEW:
        sorted_places = np.argsort(ranks[:many])
        order[:many], only[:many] = order[:many][sorted_places], only[:many][sorted_places]
        ranks[:many] = ranks[:many][sorted_places]
        return
    for i in range(1, many):
        piece, rank, load = order[i], ranks[i], only[i]
        j = i - 1
        while j >= 0 and ranks[j] > rank:
            order[j + 1], ranks[j + 1], only[j + 1] = order[j], ranks[j], only[j]
            j -= 1
        order[j + 1], ranks[j + 1], only[j + 1] = piece, rank, load


@compiled
def sort_by_key(shapes: Shapes, bench: Bench, many: int, kind: int, noise: float) -> None:
    """Put the pieces in hand in the order of a key, the largest first, blurred by `noise`; the last kind is chance."""
    for i in range(many):
        if kind == ORDERS - 1:
            bench.ranks[i] = np.random.random()
        else:
            bench.ranks[i] = -shapes.keys[kind, bench.order[i]] * (1.0 + noise * (np.random.random() - 0.5))
    sort_by_ranks(bench, many)
