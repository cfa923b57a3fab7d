"""Placing boxes in empty spaces: the compiled heart of the planner.

A load is described by its maximal empty spaces: every box that is free and that cannot grow. A piece goes into one of
them; the spaces that it cuts leave at most six smaller ones each. Pieces are enlarged by the gap, and the oven with
them, so that two parts at the right distance are two boxes that do not overlap.

Everything here is arrays of whole numbers: `spaces[k] = (x1, y1, z1, x2, y2, z2)`, `sizes[i, o] = (dx, dy, dz)` of piece
i in its orientation o, gap and hook included. `rails[r]` is the y of a rail; without rails the array is empty.
"""

import numpy as np
from numba import njit

MOST_SPACES = 300
RULES = 6
#: How pieces are ordered before they are placed.
ORDERS = 8
COMPILE = {"cache": True, "nogil": True}


@njit(**COMPILE)
def cut_spaces(spaces, count, box, least, scratch):  # type: ignore[no-untyped-def]
    """Take a box out of the spaces; how many there are then. `least` are the sides below which a space is useless."""
    kept = 0
    made = 0
    for k in range(count):
        s = spaces[k]
        if (box[0] >= s[3] or box[3] <= s[0] or box[1] >= s[4] or box[4] <= s[1] or box[2] >= s[5] or box[5] <= s[2]):
            if kept != k:
                spaces[kept, :] = s
            kept += 1
            continue
        for axis in range(3):
            if box[axis] - s[axis] >= least[axis] and made < MOST_SPACES:
                scratch[made, :] = s
                scratch[made, axis + 3] = box[axis]
                made += 1
            if s[axis + 3] - box[axis + 3] >= least[axis] and made < MOST_SPACES:
                scratch[made, :] = s
                scratch[made, axis] = box[axis + 3]
                made += 1
    first_new = kept
    for m in range(made):
        c = scratch[m]
        inside = False
        for k in range(kept):
            s = spaces[k]
            if (s[0] <= c[0] and s[1] <= c[1] and s[2] <= c[2] and c[3] <= s[3] and c[4] <= s[4] and c[5] <= s[5]):
                inside = True
                break
        if inside:
            continue
        # A new space may hold an earlier new one.
        k = first_new
        while k < kept:
            s = spaces[k]
            if (c[0] <= s[0] and c[1] <= s[1] and c[2] <= s[2] and s[3] <= c[3] and s[4] <= c[4] and s[5] <= c[5]):
                kept -= 1
                spaces[k, :] = spaces[kept]
            else:
                k += 1
        if kept < MOST_SPACES:
            spaces[kept, :] = c
            kept += 1
    return kept


@njit(**COMPILE)
def _score(rule, x, y, z, dx, dy, dz, s, inner):  # type: ignore[no-untyped-def]
    """How good a place is by one rule; the least is the best."""
    if rule == 0:  # as far as possible from the far corner
        a, b, c = inner[0] - x - dx, inner[1] - y - dy, inner[2] - z - dz
        return -(float(a) * a + float(b) * b + float(c) * c)
    if rule == 1:
        return (float(z) * inner[1] + y) * inner[0] + x
    if rule == 2:
        return (float(x) * inner[1] + y) * inner[2] + z
    if rule == 3:
        return (float(y) * inner[0] + x) * inner[2] + z
    a, b, c = s[3] - s[0] - dx, s[4] - s[1] - dy, s[5] - s[2] - dz
    if rule == 4:  # the tightest side
        least = min(a, b)
        if inner[2] != dz:
            least = min(least, c)
        return float(least) * 1e6 + a + b + c
    return float(s[3] - s[0]) * float(s[4] - s[1]) * float(s[5] - s[2])  # the smallest space


@njit(**COMPILE)
def find_place(spaces, count, item, sizes, options, flat, rails, half, rule, corner, blink, inner, found):  # type: ignore[no-untyped-def]
    """The best place of a piece by a rule; its score (infinite when there is none), `found` = x, y, z, orientation.

    `corner` says from which side of a space the piece is put (bit 0: far x, bit 1: far y). With the probability
    `blink` a place is overlooked, so that the same order does not always give the same load.
    """
    best = np.inf
    lies = flat[item]
    for k in range(count):
        s = spaces[k]
        if lies and s[2] != 0:
            continue
        ex, ey, ez = s[3] - s[0], s[4] - s[1], s[5] - s[2]
        for o in range(options[item]):
            dx, dy, dz = sizes[item, o, 0], sizes[item, o, 1], sizes[item, o, 2]
            if dx > ex or dy > ey or dz > ez:
                continue
            if blink > 0.0 and np.random.random() < blink:
                continue
            x = s[3] - dx if corner & 1 else s[0]
            z = s[2]
            if rails.shape[0] == 0 or lies:
                y = s[4] - dy if corner & 2 else s[1]
                value = _score(rule, x, y, z, dx, dy, dz, s, inner)
                if value < best:
                    best = value
                    found[0], found[1], found[2], found[3] = x, y, z, o
            else:
                for r in range(rails.shape[0]):
                    y = rails[r] - half[item, o]
                    if y < s[1] or y + dy > s[4]:
                        continue
                    value = _score(rule, x, y, z, dx, dy, dz, s, inner)
                    if value < best:
                        best = value
                        found[0], found[1], found[2], found[3] = x, y, z, o
    return best


@njit(**COMPILE)
def place_all(order, many, bins, sizes, options, flat, mass, limit, rails, half, rule, scatter, blink, inner, least,
              first_fit, target, spots, spaces, counts, loaded, scratch):  # type: ignore[no-untyped-def]
    """Place pieces in a given order into empty loads; how many of them found no place.

    `target[i]` is the load of the i-th piece of the order (-1: none) and `spots[i]` its x, y, z and orientation.
    """
    found = np.empty(4, np.int64)
    chosen = np.empty(4, np.int64)
    box = np.empty(6, np.int64)
    for b in range(bins):
        counts[b] = 1
        spaces[b, 0, 0] = spaces[b, 0, 1] = spaces[b, 0, 2] = 0
        spaces[b, 0, 3], spaces[b, 0, 4], spaces[b, 0, 5] = inner[0], inner[1], inner[2]
        loaded[b] = 0.0
    left = 0
    for i in range(many):
        item = order[i]
        corner = np.random.randint(0, 4) if scatter else 0
        best, where = np.inf, -1
        for b in range(bins):
            if loaded[b] + mass[item] > limit:
                continue
            value = find_place(spaces[b], counts[b], item, sizes, options, flat, rails, half, rule, corner, blink,
                               inner, found)
            if value < best:
                best, where = value, b
                chosen[:] = found
                if first_fit:
                    break
        target[i] = where
        if where < 0:
            left += 1
            continue
        spots[i, :] = chosen
        o = chosen[3]
        for axis in range(3):
            box[axis] = chosen[axis]
            box[axis + 3] = chosen[axis] + sizes[item, o, axis]
        counts[where] = cut_spaces(spaces[where], counts[where], box, least, scratch)
        loaded[where] += mass[item]
    return left


@njit(**COMPILE)
def sort_pieces(order, many, keys, kind, noise, ranks):  # type: ignore[no-untyped-def]
    """Put pieces in the order of one of their keys, the largest first, blurred by `noise`; the last kind is chance."""
    for i in range(many):
        if kind == ORDERS - 1:
            ranks[i] = np.random.random()
        else:
            ranks[i] = -keys[kind, order[i]] * (1.0 + noise * (np.random.random() - 0.5))
    # Few pieces: insertion is the fastest way.
    for i in range(1, many):
        piece, rank = order[i], ranks[i]
        j = i - 1
        while j >= 0 and ranks[j] > rank:
            order[j + 1], ranks[j + 1] = order[j], ranks[j]
            j -= 1
        order[j + 1], ranks[j + 1] = piece, rank


@njit(**COMPILE)
def seed(number):  # type: ignore[no-untyped-def]
    """Start the chance of this thread."""
    np.random.seed(number)
