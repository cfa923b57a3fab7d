"""Opening hours, the order of loads and the plan of arrival: pure rules."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.batches.first_come import plan_first_come
from app.batches.measures import fill_of, in_time, measure
from app.batches.opening import HoursError, open_minutes, read_day, windows_of, without, write_day
from app.batches.planner.instance import Costs, Family, Instance, Line, Oven
from app.batches.planner.plan import PlanError, problems_of
from app.batches.sequence import in_order

PARIS = ZoneInfo("Europe/Paris")
FAMILIES = (Family("grey", 40), Family("red", 30))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("08:00-12:00, 13:30-17:30", [[480, 720], [810, 1050]]),
        ("13h30-17h; 8h-12h", [[480, 720], [810, 1020]]),
        ("", []),
        ("0:00-24:00", [[0, 1440]]),
    ],
)
def test_hours_are_read_as_people_type_them(text: str, expected: list[list[int]]) -> None:
    assert read_day(text) == expected
    assert read_day(write_day(expected)) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("8-12", "unreadable"), ("08:00", "unreadable"), ("08:75-12:00", "unreadable"), ("08:00-25:00", "unreadable"),
        ("12:00-08:00", "reversed"), ("08:00-08:00", "reversed"), ("08:00-12:00, 11:00-13:00", "overlapping"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_kept_say_why(text: str, reason: str) -> None:
    with pytest.raises(HoursError) as refusal:
        read_day(text)
    assert refusal.value.reason == reason


def test_windows_count_from_the_start_and_join_over_midnight() -> None:
    week = [[[480, 1440]], [[0, 120], [600, 660]], [], [], [], [], []]
    monday = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)
    assert windows_of(week, monday, 3) == [(0, 960), (1440, 1500)]
    assert open_minutes(week, date(2026, 11, 24)) == 180


def test_a_day_of_23_or_25_hours_counts_its_real_minutes() -> None:
    week = [[[0, 1440]]] * 7
    assert windows_of(week, datetime(2026, 10, 25, 0, 0, tzinfo=PARIS), 1) == [(0, 25 * 60)]
    assert windows_of(week, datetime(2026, 3, 29, 0, 0, tzinfo=PARIS), 1) == [(0, 23 * 60)]


def test_what_is_busy_is_taken_out_of_the_windows() -> None:
    assert without([(0, 100), (200, 300)], [(50, 250)]) == [(0, 50), (250, 300)]
    assert without([(0, 100)], [(0, 100)]) == []


def instance(*lines: Line, **fields: object) -> Instance:
    oven = Oven(3000, 1500, 2000, gap=50, wall=100, floor=100, hook=100, one_level=True)
    values = {"oven": oven, "changeover_min": 10, "costs": Costs(10, 0.5, 5, 0.1), **fields}
    return Instance("", families=FAMILIES, lines=lines, **values)  # type: ignore[arg-type]


def line(name: str, family: str = "grey", **fields: object) -> Line:
    return Line(name, family, name, (1000, 200, 800), **fields)  # type: ignore[arg-type]


@pytest.mark.spec("BEY-02")
def test_in_order_of_arrival_the_oldest_gives_the_powder_and_its_like_join() -> None:
    asked = instance(line("a"), line("b", "red"), line("c"), line("d", "red", release=500))
    plan = plan_first_come(asked)
    assert problems_of(asked, plan) == []
    assert [(load.family, [item.part for item in load.items], load.start) for load in plan.loads] == [
        ("grey", ["a", "c"], 0), ("red", ["b"], 50), ("red", ["d"], 500),
    ]  # fmt: skip
    figures = measure(asked, plan)
    assert (figures.loads, figures.minutes, figures.changes, figures.cost) == (3, 100, 1, 30 + 50 + 5)


def test_arrival_reports_what_fits_nowhere_and_says_when_hours_run_out() -> None:
    asked = instance(line("a"), Line("long", "grey", "long", (9000, 200, 800)))
    assert plan_first_come(asked).unplaced == ("long",)
    with pytest.raises(PlanError):
        plan_first_come(instance(line("a", quantity=60), calendar=((0, 45),)))


boxes = st.tuples(st.integers(50, 1200), st.integers(50, 900), st.integers(50, 900))


@given(
    lines=st.lists(
        st.tuples(boxes, st.integers(1, 6), st.sampled_from(["grey", "red"]), st.booleans(), st.integers(0, 300)),
        min_size=1, max_size=8,
    ),
    one_level=st.booleans(), rails=st.booleans(), count=st.integers(1, 2), heavy=st.booleans(),
)  # fmt: skip
def test_the_plan_of_arrival_keeps_every_rule(
    lines: list[tuple[tuple[int, int, int], int, str, bool, int]], one_level: bool, rails: bool, count: int, heavy: bool
) -> None:
    oven = Oven(
        2600, 1500, 1800, count=count, gap=40, wall=60, floor=80, hook=90, one_level=one_level,
        rails_y=(400, 1000) if rails else None, max_load_kg=60 if heavy else None,
    )  # fmt: skip
    asked = instance(
        *(
            Line(f"p{rank}", family, f"p{rank}", size, quantity, kg=15.0, flat=flat, release=release)
            for rank, (size, quantity, family, flat, release) in enumerate(lines)
        ),
        oven=oven,
    )
    plan = plan_first_come(asked)
    assert problems_of(asked, plan) == []
    assert all(0 < fill_of(asked, load) <= 1 for load in plan.loads)
    ordered = in_time(plan)
    order = [[rank for rank, load in enumerate(ordered.loads) if load.oven == held] for held in range(count)]
    assert problems_of(asked, in_order(asked, ordered, order)) == []
