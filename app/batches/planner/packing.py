"""The fewest loads for the pieces of one family: ruin and recreate towards one load less.

A number of loads is aimed at; what does not fit waits outside. A step empties a few loads and fills them again with
their pieces and those that wait, in an order and by a rule drawn at random; it is kept when less waits outside, or
little more (annealing). When nothing waits, one more load is given up. Method: goal-driven ruin and recreate
(Gardeyn and Wauters, 2022) on a maximal-space decoder (Lai and Chan, 1997; Goncalves and Resende, 2013).
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import perf_counter

import numpy as np

from .bounds import lower_bound
from .kernel import (
    ORDERS,
    RULES,
    Array,
    Bench,
    Manner,
    Shapes,
    compiled,
    draw_manner,
    make_bench,
    place_all,
    seed,
    sort_by_key,
)

Seconds = Callable[[], float]

MOST_EMPTIED = 5
#: Steps before the first look at the clock: one of them may be long where loads hold hundreds of pieces.
CHUNK = 4
#: Fuller loads leave emptier ones to give up: what that counts beside the volume that waits.
TIGHTNESS = 0.02
#: Share of a load that may wait besides, at the start of each search and at its end: the first searches differ.
WARMTH = (0.05, 0.02)
COLDEST = 0.0001
#: How often the first load with room takes a piece: faster than the best of all, and no worse.
FIRST_FIT = 0.9


@dataclass
class Packing:
    """Where each piece is: its load (from 0, -1 outside) and spot; how many loads."""

    load: Array
    spot: Array
    loads: int


@compiled
def _fill_all(shapes: Shapes, bench: Bench, kind: int, manner: Manner, load: Array, spot: Array) -> int:
    """A first packing: load after load, each with the pieces in order that it takes; how many loads, -1 for none."""
    waiting = shapes.options.shape[0]
    for i in range(waiting):
        bench.order[i] = i
    sort_by_key(shapes, bench, waiting, kind, 0.0)
    bins = 0
    while waiting > 0:
        left = place_all(shapes, bench, waiting, 1, manner, np.inf)
        if left == waiting:
            return -1
        kept = 0
        for i in range(waiting):
            item = bench.order[i]
            if bench.target[i] == 0:
                load[item] = bins
                spot[item, :] = bench.spots[i]
            else:
                bench.order[kept] = item
                kept += 1
        waiting = kept
        bins += 1
    return bins


@compiled
def _pick_loads(bins: int, fills: Array, picked: Array, slot: Array) -> int:
    """A few loads at random, the emptier of two more often than not; how many."""
    wide = np.random.random() < 0.5
    many = min(bins, np.random.randint(1, MOST_EMPTIED + 1 if wide else 4))
    slot[:] = -1
    for p in range(many):
        b, other = np.random.randint(0, bins), np.random.randint(0, bins)
        if fills[other] < fills[b] and np.random.random() < 0.6:
            b = other
        while slot[b] >= 0:
            b = (b + 1) % bins
        slot[b] = p
        picked[p] = b
    return many


@compiled
def _take_out(shapes: Shapes, bench: Bench, load: Array, slot: Array) -> tuple[int, float]:
    """The pieces of the picked loads and those that wait, in hand: how many, and the volume that waits."""
    many, outside = 0, 0.0
    for i in range(load.shape[0]):
        if load[i] < 0:
            outside += shapes.volume[i]
        if load[i] < 0 or slot[load[i]] >= 0:
            bench.order[many] = i
            many += 1
    return many, outside


@compiled
def _weigh(shapes: Shapes, bench: Bench, many: int, many_bins: int) -> tuple[float, float]:
    """The volume that found no place, and the sum of the squares of the fills."""
    outside, tight = 0.0, 0.0
    for i in range(many):
        if bench.target[i] < 0:
            outside += shapes.volume[bench.order[i]]
    for p in range(many_bins):
        tight += bench.fills[p] * bench.fills[p]
    return outside, tight


@compiled
def _search(steps: int, shapes: Shapes, bench: Bench, bins: int, warmth: float, load: Array, spot: Array) -> float:
    """Some steps towards `bins` loads; the volume that waits outside at the end."""
    picked, slot, fills = np.empty(MOST_EMPTIED, np.int64), np.empty(bins, np.int64), np.zeros(bins)
    outside = 0.0
    for i in range(load.shape[0]):
        if load[i] < 0:
            outside += shapes.volume[i]
        else:
            fills[load[i]] += shapes.volume[i]
    for _step in range(steps):
        if outside == 0.0:
            break
        many_bins = _pick_loads(bins, fills, picked, slot)
        many, before = _take_out(shapes, bench, load, slot)
        packed, tightest = 0.0, before
        for p in range(many_bins):
            packed += fills[picked[p]] * fills[picked[p]]
            tightest += fills[picked[p]]
        most = -warmth * np.log(1.0 - np.random.random())  # the worst change that is kept, drawn beforehand
        spare = before + most + TIGHTNESS * (min(tightest, float(many_bins)) - packed)
        sort_by_key(shapes, bench, many, np.random.randint(0, ORDERS), np.random.random() ** 2 * 1.5)
        if place_all(shapes, bench, many, many_bins, draw_manner(FIRST_FIT), spare) < 0:
            continue
        after, tight = _weigh(shapes, bench, many, many_bins)
        if after - before - TIGHTNESS * (tight - packed) > most:
            continue
        for i in range(many):
            item = bench.order[i]
            load[item] = picked[bench.target[i]] if bench.target[i] >= 0 else -1
            spot[item, :] = bench.spots[i]
        for p in range(many_bins):
            fills[picked[p]] = bench.fills[p]
        outside = after
    return outside


def first_packing(shapes: Shapes, until: float = np.inf, clock: Seconds = perf_counter) -> Packing:
    """The best of every order and rule, one pass each until the time is over; the first pass is always made."""
    n, bench = shapes.options.shape[0], make_bench(shapes, 1)
    best: Packing | None = None
    for rule in range(RULES):
        for kind in range(ORDERS - 1):
            if best is not None and clock() >= until:
                return best
            load, spot = np.full(n, -1, np.int64), np.zeros((n, 4), np.int64)
            bins = int(_fill_all(shapes, bench, kind, Manner(rule, False, 0.0, True, 0), load, spot))
            if bins > 0 and (best is None or bins < best.loads):
                best = Packing(load, spot, bins)
    assert best is not None  # each piece fits alone
    return best


class Race:
    """The best packing of searches that run side by side: what one finds is where the others go on from."""

    def __init__(self, start: Packing) -> None:
        self.best = start
        self._lock = Lock()

    def offer(self, packing: Packing) -> None:
        """Keep a packing that has fewer loads than the best so far."""
        with self._lock:
            if packing.loads < self.best.loads:
                self.best = packing


def pack(
    shapes: Shapes, race: Race, *, until: float, number: int = 0, clock: Seconds = perf_counter,
    alarm: Array | None = None,
) -> None:  # fmt: skip
    """Look for fewer loads until the time is over (seconds of `clock`), with the chance numbered `number`."""
    seed(number)
    bench, goal = make_bench(shapes, MOST_EMPTIED, alarm), lower_bound(shapes)
    while race.best.loads > goal and clock() < until:
        _aim(shapes, bench, race, until, WARMTH[number % len(WARMTH)], clock)


def next_steps(steps: int, took: float) -> int:
    """How many steps to make before looking at the clock again: about a twentieth of a second of them."""
    return max(1, min(20_000, int(steps * 0.05 / max(took, 1e-6)), steps * 4))


def _aim(shapes: Shapes, bench: Bench, race: Race, until: float, warmth: float, clock: Seconds) -> None:
    """Search for one load less than the best, until it is found, here or elsewhere, or the time is over."""
    best = race.best
    load, spot, bins = _give_up_one(best, shapes.volume), best.spot.copy(), best.loads - 1
    begun, steps = clock(), CHUNK
    while race.best is best and (now := clock()) < until:
        share = (now - begun) / max(until - begun, 1e-9)
        outside = _search(steps, shapes, bench, bins, warmth * (1 - share) ** 3 + COLDEST, load, spot)
        if outside == 0.0:
            race.offer(Packing(load, spot, bins))
        steps = next_steps(steps, clock() - now)


def _give_up_one(packing: Packing, volume: Array) -> Array:
    """The loads without the emptiest one, whose pieces wait outside."""
    fills = np.bincount(packing.load, weights=volume, minlength=packing.loads)
    gone = int(np.argmin(fills))
    load = packing.load.copy()
    load[load == gone] = -1
    load[load > gone] -= 1
    return load
