"""What holds whatever the input: bounds are never above a plan, an alarm ends what is going on, many pieces are planned."""

import os
import subprocess
import sys
from itertools import combinations, count
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pytest

from app.batches.management.commands import plan_oven as command
from app.batches.planner import plan as checks
from app.batches.planner import solve
from app.batches.planner.bounds import lower_bound
from app.batches.planner.instance import Instance, read_instance
from app.batches.planner.kernel import RULES, SOURCES, Manner, Shapes, forget_stale, make_bench, place_all, sort_by_key
from app.batches.planner.moves import anneal, make_hand
from app.batches.planner.packing import Packing, first_packing
from app.batches.planner.plan import Plan, fits_alone, problems_of
from app.batches.planner.prepare import of_families, shapes_of
from app.batches.planner.schedule import Schedule
from app.batches.planner.solve import plan_oven
from app.batches.planner.timetable import copy_state, cost_of, make_clock
from devtools.paths import REPOSITORY

from .instances import part, problem, random_problem


def shapes(**changes: object) -> Shapes:
    instance = read_instance(problem(**changes))
    return shapes_of(instance, instance.lines)


@pytest.mark.parametrize("number", range(100, 130))
def test_a_bound_is_never_above_a_packing(number: int) -> None:
    instance = read_instance(random_problem(number))
    possible = [line for line in instance.lines if line.quantity and fits_alone(instance, line)]
    for own in of_families(possible).values():
        held = shapes_of(instance, own)
        assert lower_bound(held) <= first_packing(held).loads


@pytest.mark.parametrize(
    ("sides", "turns", "loads"),
    [
        ((501, 501, 501), ["lwh"], 7),  # none beside another, though seven of them fill less than one load
        ((500, 1000, 1000), ["lwh"], 4),  # exactly two beside each other
        ((400, 400, 400), ["lwh"], 1),
        ((501, 501, 100), ["lwh"], 1),
        ((501, 501, 100), ["lwh", "hwl"], 1),
    ],
)
def test_what_cannot_stand_side_by_side_makes_loads(sides: tuple[int, int, int], turns: list[str], loads: int) -> None:
    length, width, height = sides
    held = shapes(parts=[part(l=length, w=width, h=height, qty=7, rot=turns)])
    assert lower_bound(held) == loads


def test_an_alarm_ends_a_filling() -> None:
    held = shapes(parts=[part(qty=8)])
    alarm = np.zeros(1, np.int64)
    bench = make_bench(held, 1, alarm)
    bench.order[:8] = np.arange(8)
    manner = Manner(0, False, 0.0, True, 0)
    assert place_all(held, bench, 8, 1, manner, np.inf) == 0
    alarm[0] = 1
    assert place_all(held, bench, 8, 1, manner, np.inf) == -1


def test_a_hook_counts_as_the_part_hangs() -> None:
    """Standing, six of them fill one load; as they are given, two would: the smaller is what a load is filled by."""
    standing = part(l=100, w=50, h=30, qty=6, rot=["lwh", "hwl"])
    changes = {"oven": {"L": 100, "W": 100, "H": 150}, "hanging": {"hook": 50}, "parts": [standing], "time_limit_s": 20}
    assert lower_bound(shapes(**changes)) == 1
    plan = plan_oven(read_instance(problem(**changes)))
    assert [len(load.items) for load in plan.loads] == [6]


@pytest.mark.parametrize("number", range(200, 240))
def test_a_filling_is_given_up_only_when_too_much_would_find_no_place(number: int) -> None:
    instance = read_instance(random_problem(number))
    possible = [line for line in instance.lines if line.quantity and fits_alone(instance, line)]
    for own in of_families(possible).values():
        held = shapes_of(instance, own)
        many, bench = len(held.options), make_bench(held, 2)
        for rule in range(RULES):
            for spare in (np.inf, 0.0, 0.02, 0.2):
                bench.order[:many] = np.arange(many)
                sort_by_key(held, bench, many, rule, 0.0)
                left = place_all(held, bench, many, 2, Manner(rule, False, 0.0, True, 0), spare)
                if spare == np.inf:
                    outside = held.volume[bench.order[:many][bench.target[:many] < 0]].sum()
                    spots = bench.spots[:many][bench.target[:many] >= 0].copy()
                assert (left == -1) == (outside > spare)
                assert left == -1 or (bench.spots[:many][bench.target[:many] >= 0] == spots).all()


def test_an_alarm_ends_the_search_over_plans() -> None:
    instance = read_instance(problem(parts=[part(qty=30, due=10)], schedule=True))
    schedule = Schedule(instance, list(instance.lines))
    state = schedule.first(by_date=True, until=np.inf)
    before, alarm = copy_state(state), np.ones(1, np.int64)
    bench, hand, clock = make_bench(schedule.shapes, 5, alarm), make_hand(state), make_clock(schedule.work, state)
    cost = cost_of(schedule.work, state, clock)
    best = copy_state(state)
    assert anneal(10_000, 100.0, schedule.shapes, schedule.work, state, clock, bench, hand, best, cost) == cost
    assert all((one == other).all() for one, other in zip(before, state, strict=True))


@pytest.mark.parametrize("schedule", [True, False])
def test_more_pieces_than_any_plan_has_are_planned_by_the_rules(schedule: bool) -> None:
    parts = [part(id=f"P{rank}", l=100 + rank % 97, w=60 + rank % 53, h=80 + rank % 31, qty=4) for rank in range(1500)]
    data = problem(parts=parts, schedule=schedule, time_limit_s=1.5)
    instance: Instance = read_instance(data)
    plan = plan_oven(instance)
    assert problems_of(instance, plan) == []
    assert sum(len(load.items) for load in plan.loads) == 6000


@pytest.mark.parametrize("axes", [2, 3])
@pytest.mark.parametrize("gap", [0, 7])
def test_the_check_finds_every_pair_that_is_too_close(axes: int, gap: int) -> None:
    chance = np.random.default_rng(10 * axes + gap)
    lower = chance.integers(0, 200, (150, 3))
    boxes = np.hstack([lower, lower + chance.integers(1, 40, (150, 3))])
    found = [tuple(sorted(pair)) for pair in checks._too_close(boxes, gap, axes=axes)]
    wanted = [
        (one, other)
        for one, other in combinations(range(150), 2)
        if all(boxes[one][axis] < boxes[other][axis + 3] + gap and boxes[other][axis] < boxes[one][axis + 3] + gap
               for axis in range(axes))
    ]  # fmt: skip
    assert sorted(found) == wanted
    assert wanted


@pytest.mark.parametrize("axis", range(3))
def test_the_check_of_a_load_of_thousands_compares_neighbours(axis: int, monkeypatch: pytest.MonkeyPatch) -> None:
    boxes = np.zeros((2000, 6), np.int64)
    boxes[:, 3:] = 5
    boxes[:, axis] += 5 * np.arange(2000)[::-1]
    boxes[:, axis + 3] = boxes[:, axis] + 5
    compared = []
    monkeypatch.setattr(checks.np, "flatnonzero", lambda near: compared.append(len(near)) or [])
    assert list(checks._too_close(boxes, 6, axes=3)) == []
    assert sum(compared) == 1999 + 1998  # the next two; of all pairs there are two million


def _search_ended_at(limit: float, *, passed: float, pace: float = 1.0) -> float:
    """By a clock of which each look takes a tenth: its last reading, when `passed` seconds had gone before."""
    readings = []
    looks = count(passed, 0.1)

    def look() -> float:
        readings.append(next(looks))
        return readings[-1]

    data = problem(parts=[part(qty=40, due=10)], schedule=True, time_limit_s=limit)
    plan_oven(read_instance(data), clock=look, since=0.0, pace=pace)
    return readings[-1]


def test_what_went_before_the_search_counts_in_its_time() -> None:
    assert 9.0 < _search_ended_at(10, passed=0.0) < 9.9
    assert 9.0 < _search_ended_at(10, passed=6.0) < 9.9
    assert 12.0 < _search_ended_at(10, passed=12.0) < 13.5  # too late already: a plan all the same


def test_on_a_busy_machine_more_is_kept_for_the_check() -> None:
    assert 8.4 < _search_ended_at(10, passed=6.0, pace=3.0) < 9.2
    assert 6.5 < _search_ended_at(10, passed=6.0, pace=1000.0) < 8.4  # a part of what is left is searched always


def test_the_time_of_the_command_begins_with_its_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: dict[str, Any] = {}
    monkeypatch.setattr(command, "plan_oven", lambda _instance, **given: heard.update(given) or Plan(()))
    monkeypatch.setattr(command, "seconds_in_process", lambda: 100.0)
    sample = tmp_path / "in.json"
    sample.write_text('{"oven": {"L": 10, "W": 10, "H": 10}}')
    command.Command().run_from_argv(["manage.py", "plan_oven", "--input", str(sample), "--output", str(tmp_path / "o")])
    assert 100.0 <= perf_counter() - heard["since"] < 160.0
    assert heard["pace"] == pytest.approx(100.0 / process_time(), rel=0.6) or heard["pace"] == 1.0


def test_a_process_that_was_something_else_before_counts_its_own_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "process_time", lambda: 500.0)
    now = command.clock_gettime(command.CLOCK_BOOTTIME)
    monkeypatch.setattr(command, "clock_gettime", lambda _which: now)
    age = command.seconds_in_process()
    assert 0.0 < age < 10_000.0
    monkeypatch.setattr(command, "clock_gettime", lambda _which: now + 7.0)
    assert command.seconds_in_process() == pytest.approx(age + 7.0)
    monkeypatch.setattr(command, "clock_gettime", lambda _which: now + 20_000.0)
    assert command.seconds_in_process() == 500.0


def test_warming_up_leaves_nothing_to_compile_in_a_search() -> None:
    """In a process of its own, where no other search has run."""
    script = (
        "from app.batches.planner import moves, packing\n"
        "from app.batches.planner.solve import warm_up\n"
        "warm_up()\n"
        "print([len(f.signatures) for f in (moves.anneal, packing._search, packing._fill_all)])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[1, 1, 1]"


def test_what_was_compiled_before_a_source_changed_is_forgotten(tmp_path: Path) -> None:
    """Also where the source that changed is not the one of the function."""
    for name in SOURCES:
        (tmp_path / f"{name}.py").touch()
        os.utime(tmp_path / f"{name}.py", (100, 100))
    assert not forget_stale(tmp_path)
    kept = [tmp_path / "__pycache__" / name for name in ("kernel.f.nbi", "moves.g.1.nbc", "plan.pyc")]
    kept[0].parent.mkdir()
    for file in kept:
        file.touch()
        os.utime(file, (200, 200))
    assert not forget_stale(tmp_path)
    os.utime(tmp_path / "packing.py", (300, 300))
    assert forget_stale(tmp_path)
    assert [file.exists() for file in kept] == [False, False, True]


def test_every_file_that_is_compiled_is_watched() -> None:
    folder = REPOSITORY / "app/batches/planner"
    compiled = {file.stem for file in folder.glob("*.py") if "\n@compiled" in file.read_text()}
    assert compiled == set(SOURCES)


def test_no_search_begins_when_the_first_packing_took_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that only begins costs as much as a first packing: for each family, on a machine that is late already."""
    now, searches = [0.0], []

    def slow(*given: Any) -> Packing:
        now[0] += 20
        return first_packing(*given)

    monkeypatch.setattr(solve, "first_packing", slow)
    monkeypatch.setattr(solve, "pack", lambda *_given, **_named: searches.append(1))
    instance = read_instance(problem(time_limit_s=10, parts=[part(), part(id="B", family="satin")]))
    plan = plan_oven(instance, clock=lambda: now[0])
    assert (len(plan.loads), searches) == (2, [])
