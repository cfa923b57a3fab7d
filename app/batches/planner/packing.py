"""The fewest loads for the pieces of one family: ruin and recreate towards one load less.

A number of loads is aimed at; what does not fit waits outside. A step empties a few loads and fills them again with
their pieces and those that wait, in an order and by a rule drawn at random; it is kept when less waits outside, or
little more (annealing). When nothing waits, one more load is given up. Method: goal-driven ruin and recreate
(Gardeyn and Wauters, 2022) on a maximal-space decoder (Lai and Chan, 1997; Goncalves and Resende, 2013).
"""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numba import njit

from .kernel import COMPILE, MOST_SPACES, ORDERS, RULES, place_all, seed, sort_pieces

MOST_EMPTIED = 5
CHUNK = 400


@dataclass
class Pieces:
    """Pieces as arrays: sizes with gap and hook, in each orientation; see kernel.py."""

    sizes: np.ndarray
    options: np.ndarray
    flat: np.ndarray
    mass: np.ndarray
    half: np.ndarray
    keys: np.ndarray
    volume: np.ndarray
    inner: np.ndarray
    rails: np.ndarray
    limit: float

    @property
    def count(self) -> int:
        return int(self.options.shape[0])

    def least(self) -> np.ndarray:
        """The smallest side of any piece along each axis: a smaller space is of no use."""
        sides = [self.sizes[i, : self.options[i]].min(axis=0) for i in range(self.count)]
        return np.min(np.array(sides), axis=0).astype(np.int64)


@dataclass
class Packing:
    """Where each piece is: its load (from 0), x, y, z and orientation; how many loads."""

    load: np.ndarray
    spot: np.ndarray
    loads: int


@njit(**COMPILE)
def _fill_all(n, sizes, options, flat, mass, limit, rails, half, inner, least, keys, kind, rule, load, spot):  # type: ignore[no-untyped-def]
    """A first packing: pieces in order, each in the first load that takes it; the number of loads."""
    order = np.arange(n)
    ranks = np.empty(n, np.float64)
    sort_pieces(order, n, keys, kind, 0.0, ranks)
    waiting = n
    spaces = np.empty((1, MOST_SPACES + 1, 6), np.int64)
    scratch = np.empty((MOST_SPACES + 1, 6), np.int64)
    counts, loaded = np.empty(1, np.int64), np.empty(1, np.float64)
    target, spots = np.empty(n, np.int64), np.empty((n, 4), np.int64)
    bins = 0
    while waiting > 0:
        left = place_all(order, waiting, 1, sizes, options, flat, mass, limit, rails, half, rule, False, 0.0, inner,
                         least, True, target, spots, spaces, counts, loaded, scratch)
        kept = 0
        for i in range(waiting):
            if target[i] == 0:
                load[order[i]] = bins
                spot[order[i], :] = spots[i]
            else:
                order[kept] = order[i]
                kept += 1
        if left == waiting:
            return -1
        waiting = kept
        bins += 1
    return bins


@njit(**COMPILE)
def _search(steps, n, bins, sizes, options, flat, mass, limit, rails, half, inner, least, keys, volume, warmth,
            load, spot):  # type: ignore[no-untyped-def]
    """Some steps towards `bins` loads; what waits outside has load -1. The volume that waits at the end."""
    order, ranks = np.empty(n, np.int64), np.empty(n, np.float64)
    target, spots = np.empty(n, np.int64), np.empty((n, 4), np.int64)
    spaces = np.empty((MOST_EMPTIED, MOST_SPACES + 1, 6), np.int64)
    scratch = np.empty((MOST_SPACES + 1, 6), np.int64)
    counts, loaded = np.empty(MOST_EMPTIED, np.int64), np.empty(MOST_EMPTIED, np.float64)
    picked = np.empty(MOST_EMPTIED, np.int64)
    slot = np.empty(bins, np.int64)
    outside, fills = 0.0, np.zeros(bins)
    for i in range(n):
        if load[i] < 0:
            outside += volume[i]
        else:
            fills[load[i]] += volume[i]
    for _step in range(steps):
        if outside == 0.0:
            break
        many_bins = min(bins, np.random.randint(1, MOST_EMPTIED + 1) if np.random.random() < 0.5
                        else np.random.randint(1, 4))
        slot[:] = -1
        for p in range(many_bins):
            b = np.random.randint(0, bins)
            # Of two loads the emptier one, more often than not.
            other = np.random.randint(0, bins)
            if fills[other] < fills[b] and np.random.random() < 0.6:
                b = other
            while slot[b] >= 0:
                b = (b + 1) % bins
            slot[b] = p
            picked[p] = b
        many, before, packed = 0, 0.0, 0.0
        for i in range(n):
            if load[i] < 0:
                before += volume[i]
                order[many] = i
                many += 1
            elif slot[load[i]] >= 0:
                order[many] = i
                many += 1
        for p in range(many_bins):
            packed += fills[picked[p]] * fills[picked[p]]
        sort_pieces(order, many, keys, np.random.randint(0, ORDERS), np.random.random() ** 2 * 1.5, ranks)
        rule = np.random.randint(0, RULES)
        blink = 0.03 if np.random.random() < 0.3 else 0.0
        place_all(order, many, many_bins, sizes, options, flat, mass, limit, rails, half, rule,
                  np.random.random() < 0.25, blink, inner, least, np.random.random() < 0.7, target, spots, spaces,
                  counts, loaded, scratch)
        after, tight = 0.0, 0.0
        for p in range(many_bins):
            loaded[p] = 0.0
        for i in range(many):
            if target[i] < 0:
                after += volume[order[i]]
            else:
                loaded[target[i]] += volume[order[i]]
        for p in range(many_bins):
            tight += loaded[p] * loaded[p]
        # What waits counts first; at equality, fuller loads leave emptier ones to give up.
        change = after - before - 0.02 * (tight - packed)
        if change <= 0.0 or np.random.random() < np.exp(-change / warmth):
            for i in range(many):
                item = order[i]
                load[item] = picked[target[i]] if target[i] >= 0 else -1
                spot[item, :] = spots[i]
            for p in range(many_bins):
                fills[picked[p]] = loaded[p]
            outside = after
    return outside


def first_packing(pieces: Pieces) -> Packing:
    """The best of every order and rule, one pass each; it takes milliseconds."""
    least, n = pieces.least(), pieces.count
    best: Packing | None = None
    for kind in range(ORDERS - 1):
        for rule in range(RULES):
            load, spot = np.full(n, -1, np.int64), np.zeros((n, 4), np.int64)
            bins = _fill_all(n, *_arrays(pieces), least, pieces.keys, kind, rule, load, spot)
            if bins > 0 and (best is None or bins < best.loads):
                best = Packing(load, spot, int(bins))
    assert best is not None  # each piece fits alone
    return best


def lower_bound(pieces: Pieces) -> int:
    """No packing has fewer loads: by volume and by mass."""
    by_volume = int(np.ceil(pieces.volume.sum() - 1e-9))
    by_mass = int(np.ceil(pieces.mass.sum() / pieces.limit - 1e-9)) if np.isfinite(pieces.limit) else 0
    return max(1, by_volume, by_mass)


def pack(pieces: Pieces, *, until: float, number: int = 0, start: Packing | None = None) -> Packing:
    """The fewest loads found before `until` (perf_counter seconds), with the chance numbered `number`."""
    seed(number)
    best = start or first_packing(pieces)
    least, goal = pieces.least(), lower_bound(pieces)
    arrays, begun = _arrays(pieces), perf_counter()
    while best.loads > goal and perf_counter() < until:
        bins = best.loads - 1
        load, spot = _give_up_one(best, pieces), best.spot.copy()
        aimed_at = perf_counter()
        outside = 1.0
        while outside > 0 and (now := perf_counter()) < until:
            share = (now - aimed_at) / max(until - aimed_at, 1e-9)
            warmth = 0.03 * (1 - share) ** 2 + 0.0005
            outside = _search(CHUNK, pieces.count, bins, *arrays, least, pieces.keys, pieces.volume, warmth, load, spot)
        if outside > 0:
            break
        best = Packing(load, spot, bins)
    return best


def _give_up_one(packing: Packing, pieces: Pieces) -> np.ndarray:
    """The loads without the emptiest one, whose pieces wait outside."""
    fills = np.bincount(packing.load, weights=pieces.volume, minlength=packing.loads)
    gone = int(np.argmin(fills))
    load = packing.load.copy()
    load[load == gone] = -1
    load[load > gone] -= 1
    return load


def _arrays(pieces: Pieces) -> tuple[object, ...]:
    return (pieces.sizes, pieces.options, pieces.flat, pieces.mass, pieces.limit, pieces.rails, pieces.half, pieces.inner)
