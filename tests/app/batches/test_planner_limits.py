"""What holds whatever the input: bounds are never above a plan, an alarm ends what is going on, many pieces are planned."""

import numpy as np
import pytest

from app.batches.planner.bounds import lower_bound
from app.batches.planner.instance import Instance, read_instance
from app.batches.planner.kernel import RULES, Manner, Shapes, make_bench, place_all, sort_by_key
from app.batches.planner.moves import anneal, make_hand
from app.batches.planner.packing import first_packing
from app.batches.planner.plan import fits_alone, problems_of
from app.batches.planner.prepare import of_families, shapes_of
from app.batches.planner.schedule import Schedule
from app.batches.planner.solve import plan_oven
from app.batches.planner.timetable import copy_state, cost_of, make_clock

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
