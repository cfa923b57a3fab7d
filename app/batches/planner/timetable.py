"""Loads in time: in which oven, in what order and when, and what that costs.

Times are minutes from the start of the plan. A step of the search changes a few loads: only the ovens that it touches
are timed again, from the first load that differs to the first that starts as before, and only the projects of the
loads that moved are judged again. What a step overwrites is noted, so that a refused step costs little.
"""

from typing import NamedTuple

import numpy as np

from .kernel import Array, compiled, inlined


class Work(NamedTuple):
    """What must be done and what it costs."""

    piece_family: Array
    release: Array
    project: Array
    urgency: Array  # from 0, the most urgent piece
    own_pieces: Array  # the pieces, project by project; empty when each is a whole project
    own_first: Array  # where those of each project begin, and where the last ones end
    due: Array  # of each project
    weight: Array
    alone: Array  # whether a piece is its whole project
    piece_due: Array
    piece_weight: Array
    cycle: Array  # of each family
    windows: Array  # opening hours, rows of (opens, closes), the last one without end; empty when always open
    costs: Array  # of a load, an oven minute, a change of family, a weighted minute of lateness
    changeover: int
    beyond: int  # the window without end, after the opening hours; -1 when always open
    beyond_cost: float  # of a load in it: more than any plan within the hours
    alike: float  # share of the pieces that have the commonest size of their family


class State(NamedTuple):
    """A plan: `order[o, p]` is the load at place p of oven o; a load whose family is -1 is free."""

    load: Array
    spot: Array
    order: Array
    lengths: Array
    family: Array


class Clock(NamedTuple):
    """Times worked out from a plan, the pieces of each load as linked lists, and what the last step overwrote."""

    released: Array  # of each load: when its last piece is there
    start: Array
    window: Array  # the opening hours that it starts in
    completion: Array  # of each project
    lone_late: Array  # of each load: weighted minutes of lateness of the pieces that are whole projects
    late: Array  # one number: those of the projects of several pieces
    head: Array
    after: Array
    before: Array
    touched: Array  # whether the step changed what is in a load
    stamp: Array  # the last step that judged a project
    marks: Array  # how many loads and projects are noted, and the number of the step
    old_loads: Array  # rows of (load, start, window)
    old_lone: Array
    old_projects: Array  # rows of (project, completion)


def copy_state(state: State) -> State:
    """The same plan in other arrays."""
    return State(*(array.copy() for array in state))


def make_clock(work: Work, state: State) -> Clock:
    """Room for the times of a plan."""
    loads, pieces, projects = state.family.shape[0], state.load.shape[0], work.due.shape[0]
    return Clock(
        np.zeros(loads, np.int64), np.zeros(loads, np.int64), np.zeros(loads, np.int64), np.zeros(projects, np.int64),
        np.zeros(loads), np.zeros(1), np.full(loads, -1, np.int64), np.full(pieces, -1, np.int64),
        np.full(pieces, -1, np.int64),
        np.zeros(loads, np.bool_), np.zeros(projects, np.int64), np.zeros(3, np.int64),
        np.zeros((loads, 3), np.int64), np.zeros(loads), np.zeros((projects, 2), np.int64),
    )  # fmt: skip


@inlined
def link(clock: Clock, piece: int, held: int) -> None:
    """Put a piece on the list of a load."""
    first = clock.head[held]
    clock.after[piece], clock.before[piece] = first, -1
    if first >= 0:
        clock.before[first] = piece
    clock.head[held] = piece


@inlined
def unlink(clock: Clock, piece: int, held: int) -> None:
    """Take a piece off the list of its load."""
    before, after = clock.before[piece], clock.after[piece]
    if before >= 0:
        clock.after[before] = after
    else:
        clock.head[held] = after
    if after >= 0:
        clock.before[after] = before


@inlined
def wait_for_pieces(work: Work, clock: Clock, held: int) -> None:
    """Work out when the last piece of a load is there."""
    latest, piece = 0, clock.head[held]
    while piece >= 0:
        latest = max(latest, work.release[piece])
        piece = clock.after[piece]
    clock.released[held] = latest


@compiled
def cost_of(work: Work, state: State, clock: Clock) -> float:
    """The cost of a plan, everything about it in `clock`; `beyond_cost` or more when the hours are too short."""
    clock.head[:] = -1
    clock.touched[:] = True  # each load is timed and judged
    clock.marks[:2] = 0
    for i in range(state.load.shape[0]):
        link(clock, i, state.load[i])
    for o in range(state.order.shape[0]):
        for p in range(state.lengths[o]):
            wait_for_pieces(work, clock, state.order[o, p])
        _time_oven(work, state, clock, o, 0, state.lengths[o])
    clock.marks[2] += 1
    clock.completion[:] = 0
    clock.late[0] = 0.0
    for j in range(work.due.shape[0]):  # as if everything had ended at 0, which may be late already
        if work.own_first[j + 1] - work.own_first[j] > 1:
            clock.late[0] += work.weight[j] * max(0, -work.due[j])
    _judge_noted(work, state, clock)
    clock.touched[:] = False
    return _sum(work, state, clock)


@inlined
def cost_after(work: Work, state: State, clock: Clock, old_order: Array, old_lengths: Array) -> float:
    """The cost after a step: the orders were other ones, and `clock.touched` says which loads have other pieces."""
    clock.marks[0] = clock.marks[1] = 0
    clock.marks[2] += 1
    for o in range(state.order.shape[0]):
        first, last = -1, -1
        for p in range(state.lengths[o]):
            held = state.order[o, p]
            if p >= old_lengths[o] or held != old_order[o, p] or clock.touched[held]:
                if first < 0:
                    first = p
                last = p
        if first >= 0:
            _time_oven(work, state, clock, o, first, last)
    if work.costs[3] > 0.0:
        _judge_noted(work, state, clock)
    return _sum(work, state, clock)


@inlined
def take_back(clock: Clock, late: float) -> None:
    """Put the times back as they were before the last step."""
    for k in range(clock.marks[0]):
        held = clock.old_loads[k, 0]
        clock.start[held], clock.window[held] = clock.old_loads[k, 1], clock.old_loads[k, 2]
        clock.lone_late[held] = clock.old_lone[k]
    for k in range(clock.marks[1]):
        clock.completion[clock.old_projects[k, 0]] = clock.old_projects[k, 1]
    clock.late[0] = late


@inlined
def _time_oven(work: Work, state: State, clock: Clock, oven: int, first: int, last: int) -> None:
    """Start each load as early as its place allows, from the first that differs.

    After the last that differs, a load that starts as before ends the work: all that follows does too.
    """
    free, before, w, windows = 0, -1, 0, work.windows
    if first > 0:
        held = state.order[oven, first - 1]
        before, w = state.family[held], clock.window[held]
        free = clock.start[held] + work.cycle[before]
    for p in range(first, state.lengths[oven]):
        held = state.order[oven, p]
        family = state.family[held]
        at = max(free + (work.changeover if before >= 0 and before != family else 0), clock.released[held])
        if windows.shape[0] > 0:
            while max(at, windows[w, 0]) + work.cycle[family] > windows[w, 1]:
                w += 1
            at = max(at, windows[w, 0])
        if p > last and clock.start[held] == at:
            return
        if clock.start[held] != at or clock.touched[held]:
            note = clock.marks[0]
            clock.old_loads[note, 0], clock.old_loads[note, 1], clock.old_loads[note, 2] = (
                held, clock.start[held], clock.window[held],
            )  # fmt: skip
            clock.marks[0] = note + 1
        clock.start[held], clock.window[held] = at, w
        free, before = at + work.cycle[family], family


@inlined
def _judge_noted(work: Work, state: State, clock: Clock) -> None:
    """Bring the lateness of the noted loads up to date."""
    noted = clock.marks[0]
    _judge_lone(
        noted, clock.old_loads, clock.old_lone, clock.lone_late, clock.start, clock.head, clock.after, work.cycle,
        state.family, work.piece_due, work.piece_weight,
    )  # fmt: skip
    if work.own_pieces.shape[0] > 0:
        _judge_shared(
            noted, clock.old_loads, clock.head, clock.after, work.alone, work.project, clock.stamp, clock.marks,
            clock.completion, clock.old_projects, work.own_first, work.own_pieces, state.load, clock.start,
            state.family, work.cycle, work.due, work.weight, clock.late,
        )  # fmt: skip


@compiled
def _judge_lone(
    noted: int, loads: Array, old: Array, late: Array, start: Array, head: Array, after: Array, cycle: Array,
    family: Array, due: Array, weight: Array,
) -> None:  # fmt: skip
    """The lateness of the pieces that are whole projects, load by load; the others weigh nothing here.

    It is given its arrays one by one: out of the tuples, the compiler would count each look.
    """
    for k in range(noted):
        held = loads[k, 0]
        end, total, piece = start[held] + cycle[family[held]], 0.0, head[held]
        while piece >= 0:
            total += weight[piece] * max(0, end - due[piece])
            piece = after[piece]
        old[k], late[held] = late[held], total


@compiled
def _judge_shared(
    noted: int, loads: Array, head: Array, after: Array, alone: Array, owner: Array, stamp: Array, marks: Array,
    completion: Array, old: Array, own_first: Array, own_pieces: Array, load: Array, start: Array, family: Array,
    cycle: Array, due: Array, weight: Array, late: Array,
) -> None:  # fmt: skip
    """The lateness of the projects of several pieces, each judged once in a step."""
    for k in range(noted):
        piece = head[loads[k, 0]]
        while piece >= 0:
            project = owner[piece]
            if not alone[piece] and stamp[project] != marks[2]:
                stamp[project] = marks[2]
                end, before = 0, completion[project]
                for m in range(own_first[project], own_first[project + 1]):
                    held = load[own_pieces[m]]
                    end = max(end, start[held] + cycle[family[held]])
                if end != before:
                    old[marks[1], 0], old[marks[1], 1] = project, before
                    marks[1] += 1
                    completion[project] = end
                    late[0] += weight[project] * (max(0, end - due[project]) - max(0, before - due[project]))
            piece = after[piece]


@inlined
def _sum(work: Work, state: State, clock: Clock) -> float:
    """The cost of loads, minutes, changes, lateness and what no hours are left for."""
    total, late = 0.0, clock.late[0]
    for o in range(state.order.shape[0]):
        before = -1
        for p in range(state.lengths[o]):
            family = state.family[state.order[o, p]]
            late += clock.lone_late[state.order[o, p]]
            if clock.window[state.order[o, p]] == work.beyond:
                total += work.beyond_cost
            total += work.costs[0] + work.costs[1] * work.cycle[family]
            if before >= 0 and family != before:
                total += work.costs[2]
            before = family
    return float(total + work.costs[3] * late)
