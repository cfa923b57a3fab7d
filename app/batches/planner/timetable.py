"""Loads in time: what is in each, in which oven and when, for the least cost.

Simulated annealing over the whole plan. A step moves a load, exchanges two, or empties a few loads of one family and
fills them again by urgency or by size; the full cost, lateness included, decides. So packing and dates are weighed
against each other in every step rather than one after the other.

`order[o, p]` is the load at place p of oven o, `lengths[o]` how many it has; a load of -1 family is free. Times are
minutes from the start of the plan.
"""

import numpy as np
from numba import njit

from .kernel import COMPILE, MOST_SPACES, ORDERS, RULES, place_all, sort_pieces

MOST_REFILLED = 4
NEVER = 1 << 60


@njit(**COMPILE)
def time_loads(order, lengths, family, cycle, changeover, windows, released, start):  # type: ignore[no-untyped-def]
    """Start each load as early as its place allows; the changes of family, or -1 when the opening hours run out."""
    changes = 0
    for o in range(order.shape[0]):
        free, before, w = 0, -1, 0
        for p in range(lengths[o]):
            held = order[o, p]
            f = family[held]
            at = free
            if before >= 0 and before != f:
                at += changeover
                changes += 1
            at = max(at, released[held])
            if windows.shape[0] > 0:
                while w < windows.shape[0] and max(at, windows[w, 0]) + cycle[f] > windows[w, 1]:
                    w += 1
                if w == windows.shape[0]:
                    return -1
                at = max(at, windows[w, 0])
            start[held] = at
            free, before = at + cycle[f], f
    return changes


@njit(**COMPILE)
def cost_of(n, load, order, lengths, family, cycle, changeover, windows, release, project, due, weight, costs,
            released, start, completion):  # type: ignore[no-untyped-def]
    """The cost of a whole plan; infinite when it does not fit in the opening hours."""
    for o in range(order.shape[0]):
        for p in range(lengths[o]):
            released[order[o, p]] = 0
    for i in range(n):
        if release[i] > released[load[i]]:
            released[load[i]] = release[i]
    changes = time_loads(order, lengths, family, cycle, changeover, windows, released, start)
    if changes < 0:
        return np.inf
    total = costs[2] * changes
    for o in range(order.shape[0]):
        for p in range(lengths[o]):
            total += costs[0] + costs[1] * cycle[family[order[o, p]]]
    if costs[3] > 0.0:
        completion[:] = 0
        for i in range(n):
            end = start[load[i]] + cycle[family[load[i]]]
            if end > completion[project[i]]:
                completion[project[i]] = end
        for j in range(completion.shape[0]):
            if completion[j] > due[j]:
                total += costs[3] * weight[j] * (completion[j] - due[j])
    return total


@njit(**COMPILE)
def _remove(order, lengths, o, p):  # type: ignore[no-untyped-def]
    held = order[o, p]
    for q in range(p, lengths[o] - 1):
        order[o, q] = order[o, q + 1]
    lengths[o] -= 1
    return held


@njit(**COMPILE)
def _insert(order, lengths, o, p, held):  # type: ignore[no-untyped-def]
    for q in range(lengths[o], p, -1):
        order[o, q] = order[o, q - 1]
    order[o, p] = held
    lengths[o] += 1


@njit(**COMPILE)
def _drop_empty(order, lengths, used):  # type: ignore[no-untyped-def]
    """Take the loads without a piece out of the sequences."""
    for o in range(order.shape[0]):
        kept = 0
        for p in range(lengths[o]):
            if used[order[o, p]]:
                order[o, kept] = order[o, p]
                kept += 1
        lengths[o] = kept


@njit(**COMPILE)
def _pick(order, lengths, total):  # type: ignore[no-untyped-def]
    """A load of the plan at random: its oven and place."""
    rank = np.random.randint(0, total)
    for o in range(order.shape[0]):
        if rank < lengths[o]:
            return o, rank
        rank -= lengths[o]
    return 0, 0


@njit(**COMPILE)
def anneal(steps, warmth, n, sizes, options, flat, mass, limit, rails, half, inner, least, keys, urgency, load, spot,
           order, lengths, family, piece_family, cycle, changeover, windows, release, project, due, weight, costs,
           best_load, best_spot, best_order, best_lengths, best_family, best):  # type: ignore[no-untyped-def]
    """Some steps at one temperature, from `load`, `spot`, `order` and `lengths`, which they change; the best cost."""
    many_loads = family.shape[0]
    released, start = np.zeros(many_loads, np.int64), np.zeros(many_loads, np.int64)
    completion = np.zeros(due.shape[0], np.int64)
    now = cost_of(n, load, order, lengths, family, cycle, changeover, windows, release, project, due, weight, costs,
                  released, start, completion)
    old_order, old_lengths = order.copy(), lengths.copy()
    pieces, ranks = np.empty(n, np.int64), np.empty(n, np.float64)
    target, spots = np.empty(n, np.int64), np.empty((n, 4), np.int64)
    old_load, old_spot = np.empty(n, np.int64), np.empty((n, 4), np.int64)
    bins = MOST_REFILLED + 1
    spaces = np.empty((bins, MOST_SPACES + 1, 6), np.int64)
    scratch = np.empty((MOST_SPACES + 1, 6), np.int64)
    counts, loaded = np.empty(bins, np.int64), np.empty(bins, np.float64)
    picked, used = np.empty(bins, np.int64), np.zeros(many_loads, np.bool_)
    slot = np.full(many_loads, -1, np.int64)
    for _step in range(steps):
        total = 0
        for o in range(order.shape[0]):
            total += lengths[o]
        for o in range(order.shape[0]):
            old_lengths[o] = lengths[o]
            for p in range(lengths[o]):
                old_order[o, p] = order[o, p]
        kind = np.random.random()
        many, fresh = 0, -1
        if kind < 0.3 and total > 1:
            o, p = _pick(order, lengths, total)
            held = _remove(order, lengths, o, p)
            o = np.random.randint(0, order.shape[0])
            _insert(order, lengths, o, np.random.randint(0, lengths[o] + 1), held)
        elif kind < 0.45 and total > 1:
            o, p = _pick(order, lengths, total)
            u, q = _pick(order, lengths, total)
            order[o, p], order[u, q] = order[u, q], order[o, p]
        else:
            o, p = _pick(order, lengths, total)
            f = family[order[o, p]]
            picked[0] = order[o, p]
            chosen = 1
            wanted = np.random.randint(1, MOST_REFILLED + 1)
            for _try in range(3 * wanted):
                if chosen >= wanted:
                    break
                u, q = _pick(order, lengths, total)
                other = order[u, q]
                again = family[other] != f
                for k in range(chosen):
                    again = again or picked[k] == other
                if not again:
                    picked[chosen] = other
                    chosen += 1
            # In the order of time, mostly: the urgent pieces then go to the first loads.
            if np.random.random() < 0.8:
                for a in range(1, chosen):
                    held = picked[a]
                    b = a - 1
                    while b >= 0 and start[picked[b]] > start[held]:
                        picked[b + 1] = picked[b]
                        b -= 1
                    picked[b + 1] = held
            if np.random.random() < 0.15:
                for spare in range(many_loads):
                    if family[spare] < 0:
                        fresh = spare
                        break
                if fresh >= 0:
                    family[fresh] = f
                    o = np.random.randint(0, order.shape[0])
                    _insert(order, lengths, o, np.random.randint(0, lengths[o] + 1), fresh)
                    at = np.random.randint(0, chosen + 1)
                    for k in range(chosen, at, -1):
                        picked[k] = picked[k - 1]
                    picked[at] = fresh
                    chosen += 1
            for k in range(chosen):
                slot[picked[k]] = k
            for i in range(n):
                if slot[load[i]] >= 0 and piece_family[i] == f:
                    pieces[many] = i
                    many += 1
            for k in range(chosen):
                slot[picked[k]] = -1
            if np.random.random() < 0.5:
                noise = np.random.random() ** 2
                for i in range(many):
                    ranks[i] = urgency[pieces[i]] + noise * (np.random.random() - 0.5)
                for i in range(1, many):
                    piece, rank = pieces[i], ranks[i]
                    j = i - 1
                    while j >= 0 and ranks[j] > rank:
                        pieces[j + 1], ranks[j + 1] = pieces[j], ranks[j]
                        j -= 1
                    pieces[j + 1], ranks[j + 1] = piece, rank
            else:
                sort_pieces(pieces, many, keys, np.random.randint(0, ORDERS), np.random.random() ** 2 * 1.5, ranks)
            left = place_all(pieces, many, chosen, sizes, options, flat, mass, limit, rails, half,
                             np.random.randint(0, RULES), np.random.random() < 0.2, 0.0, inner, least,
                             np.random.random() < 0.8, target, spots, spaces, counts, loaded, scratch)
            if left > 0:
                if fresh >= 0:
                    family[fresh] = -1
                lengths[:] = old_lengths
                for o in range(order.shape[0]):
                    for p in range(lengths[o]):
                        order[o, p] = old_order[o, p]
                continue
            for k in range(chosen):
                used[picked[k]] = False
            for o in range(order.shape[0]):
                for p in range(lengths[o]):
                    used[order[o, p]] = True
            for k in range(chosen):
                used[picked[k]] = False
            for i in range(many):
                item = pieces[i]
                old_load[i] = load[item]
                old_spot[i, :] = spot[item]
                load[item] = picked[target[i]]
                spot[item, :] = spots[i]
                used[picked[target[i]]] = True
            _drop_empty(order, lengths, used)
        then = cost_of(n, load, order, lengths, family, cycle, changeover, windows, release, project, due, weight,
                       costs, released, start, completion)
        if then <= now or np.random.random() < np.exp((now - then) / warmth):
            now = then
            if many > 0:
                for k in range(chosen):
                    if not used[picked[k]]:
                        family[picked[k]] = -1
            if now < best - 1e-9:
                best = now
                best_load[:] = load
                best_spot[:] = spot
                best_order[:] = order
                best_lengths[:] = lengths
                best_family[:] = family
        else:
            if fresh >= 0:
                family[fresh] = -1
            for i in range(many):
                load[pieces[i]] = old_load[i]
                spot[pieces[i], :] = old_spot[i]
            lengths[:] = old_lengths
            for o in range(order.shape[0]):
                for p in range(lengths[o]):
                    order[o, p] = old_order[o, p]
            # Starting times belong to the plan that was refused: those of the kept one are needed next.
            cost_of(n, load, order, lengths, family, cycle, changeover, windows, release, project, due, weight, costs,
                    released, start, completion)
    return best
