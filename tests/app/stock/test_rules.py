"""The pure rules: weights that may be wrong, reliability, the list of the day, forecasts, packages, yields."""

import json
import random
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from app.stock import forecast
from app.stock.constants import HEAVIEST_KG, SCALE_TOLERANCE_KG
from app.stock.daily import Candidate, Reason, longest_wait, pick
from app.stock.forecast import Need, Packages, daily_use, round_up, run_out, to_order
from app.stock.plausibility import Doubt, Known, doubts, is_impossible, meant, net_of
from app.stock.reliability import Check, is_drifting, score
from app.stock.spreading import Target, spread, targets, working_days
from app.stock.yields import Weighed, Work, compare, proposed_consumption

CASES = json.loads((Path(__file__).parent / "weights.json").read_text())
TODAY = date(2026, 11, 18)
D = Decimal


def known(case: dict[str, object]) -> Known:
    last = case["last"]
    return Known(D(str(case["full"])), D(str(case["tare"])), None if last is None else D(str(last)))


@pytest.mark.spec("STK-02")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['gross']} kg")
def test_a_weight_is_doubted_for_the_right_reason(case: dict[str, object]) -> None:
    gross = D(str(case["gross"]))
    assert doubts(gross, known(case)) == case["doubts"]
    better = meant(gross, known(case))
    assert (None if better is None else float(better)) == case["meant"]


@pytest.mark.spec("STK-02")
def test_a_tablet_without_network_judges_weights_as_the_server_does() -> None:
    node = shutil.which("node", path=str(settings.ROOT / ".venv/bin")) or shutil.which("node")
    assert node, "node comes with the environment of the tests"
    script = f"""
        import {{ doubts, meant, isImpossible }} from "{settings.ROOT}/assets/js/floor/weights.js";
        const cases = {json.dumps(CASES)};
        const known = (one) => ({{ ...one, tolerance: {SCALE_TOLERANCE_KG}, heaviest: {HEAVIEST_KG} }});
        const huge = [5e7, 0, -3].map((gross) => isImpossible(gross, known(cases[0])));
        console.log(JSON.stringify([cases.map((one) => [doubts(one.gross, known(one)), meant(one.gross, known(one))]), huge]));
    """
    said = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    judged, huge = json.loads(said.stdout)
    assert judged == [[case["doubts"], case["meant"]] for case in CASES]
    assert huge == [True, True, True]


def test_a_large_gap_is_asked_and_a_small_one_is_not() -> None:
    expected = Known(D(20), D("0.8"), D(18), theory=D(15))
    assert doubts(D("9.2"), expected) == []
    assert doubts(D("8.5"), expected) == [Doubt.LARGE_GAP]


@given(
    gross=st.decimals(-10, 3000, places=3), full=st.decimals("0.1", 1000, places=3), tare=st.decimals(0, 50, places=3)
)
def test_nothing_impossible_is_only_doubtful_and_a_net_is_never_below_nothing(gross: D, full: D, tare: D) -> None:
    carton = Known(full, tare)
    assert net_of(gross, tare) >= 0
    if gross <= 0:
        assert is_impossible(gross, carton)
    better = meant(gross, carton)
    if better is not None:
        assert doubts(better, carton) == []
        assert doubts(gross, carton) == [Doubt.UNIT]


@pytest.mark.spec("STK-05")
@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([], 0),
        ([Check(TODAY, D(0), D(10))], 100),
        ([Check(TODAY, D("-0.5"), D(10))], 85),  # 5 % of gap: 25 points of precision, 60 % of them
        ([Check(TODAY, D("-3"), D(10))], 40),  # a precision of nothing, all of the freshness
        ([Check(TODAY - timedelta(days=7), D(0), D(10))], 100),
        ([Check(TODAY - timedelta(days=57), D(0), D(10))], 80),  # 50 days after the week: 40 % of 50 points
        ([Check(TODAY - timedelta(days=400), D(0), D(10))], 60),
        ([Check(TODAY, D("0.04"), D("0.2"))], 88),  # against a kilogram: 4 %
    ],
)
def test_the_score_is_the_formula_of_the_help_centre(checks: list[Check], expected: int) -> None:
    assert score(checks, TODAY) == expected


@pytest.mark.spec("STK-05")
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(-9000, 9000), st.integers(0, 50000)), max_size=9))
def test_a_score_is_between_0_and_100_whatever_the_history(rows: list[tuple[int, int, int]]) -> None:
    checks = [Check(TODAY - timedelta(days=age), D(gap) / 1000, D(theory) / 1000) for age, gap, theory in rows]
    assert 0 <= score(checks, TODAY) <= 100


@pytest.mark.spec("BEY-05")
def test_three_weighings_that_miss_it_the_same_way_are_a_drift_and_chance_is_not() -> None:
    def checks(*gaps: str) -> list[Check]:
        return [Check(TODAY - timedelta(days=9 - rank), D(gap), D(10)) for rank, gap in enumerate(gaps)]

    assert is_drifting(checks("-0.6", "-0.7", "-0.5"))
    assert is_drifting(checks("3", "0.6", "0.7", "0.5"))
    assert not is_drifting(checks("-0.6", "0.7", "-0.5"))
    assert not is_drifting(checks("-0.6", "-0.7"))
    assert not is_drifting(checks("-0.1", "-0.1", "-0.2"))


@pytest.mark.spec("STK-06", "STK-07")
def test_the_list_of_a_day_is_the_same_for_everybody_and_not_the_one_of_another_day_or_workshop() -> None:
    candidates = [Candidate(pk, D(pk % 7), TODAY - timedelta(days=pk % 25)) for pk in range(1, 60)]
    lists = {
        (day, workshop): pick(candidates, day=TODAY + timedelta(days=day), workshop_pk=workshop, size=3, bound=30)
        for day in range(3)
        for workshop in (1, 2)
    }
    shuffled = random.Random(1).sample(candidates, len(candidates))
    assert pick(shuffled, day=TODAY, workshop_pk=1, size=3, bound=30) == lists[0, 1]
    assert len({tuple(found) for found in lists.values()}) > 3
    assert [reason for _pk, reason in lists[0, 1]] == [Reason.DRAWN, Reason.USED, Reason.USED]


@pytest.mark.spec("STK-07")
@pytest.mark.parametrize(("count", "size", "bound"), [(40, 3, 10), (7, 1, 5), (90, 6, 20)])
def test_whatever_is_used_nothing_in_stock_waits_longer_than_the_bound(count: int, size: int, bound: int) -> None:
    """A year in which the same powders are always the most used, and some are weighed for other reasons."""
    chance = random.Random(count)
    seen = {pk: TODAY for pk in range(count)}
    latest = dict.fromkeys(range(count), 0)
    worst = 0
    for number in range(1, 365):
        day = TODAY + timedelta(days=number)
        weighed = {chance.randrange(count)} if chance.random() < 0.3 else set()
        candidates = [Candidate(pk, D(max(0, 10 - pk)), seen[pk], pk in weighed) for pk in range(count)]
        picked = [pk for pk, _why in pick(candidates, day=day, workshop_pk=1, size=size, bound=bound)]
        assert len(picked) == len(set(picked)) == size
        assert not weighed & set(picked)
        for pk in {*picked, *weighed}:
            seen[pk], latest[pk] = day, number
        worst = max(worst, *(number - latest[pk] for pk in range(count)))
    assert worst <= longest_wait(count, size=size, bound=bound)


def test_a_list_is_never_longer_than_what_is_in_stock_and_leaves_out_what_was_weighed() -> None:
    candidates = [Candidate(1, D(1), None), Candidate(2, D(0), None, weighed_today=True)]
    assert pick(candidates, day=TODAY, workshop_pk=1, size=5, bound=30) == [(1, Reason.DUE)]
    assert pick([], day=TODAY, workshop_pk=1, size=5, bound=30) == []


@pytest.mark.spec("STK-09")
def test_a_powder_runs_out_with_its_use_or_with_what_is_promised_never_counted_twice() -> None:
    later = TODAY + timedelta(days=10)
    assert run_out(D(10), today=TODAY, per_day=D(2), needs=[]) == TODAY + timedelta(days=6)
    assert run_out(D(10), today=TODAY, per_day=D(0), needs=[]) is None
    assert run_out(D(10), today=TODAY, per_day=D("0.01"), needs=[]) is None
    assert run_out(D(10), today=TODAY, per_day=D(0), needs=[Need(D(11), later)]) == later
    assert run_out(D(10), today=TODAY, per_day=D("0.5"), needs=[Need(D(4), later)]) == TODAY + timedelta(days=21)
    assert run_out(D(10), today=TODAY, per_day=D(0), needs=[Need(D(11), None)]) == TODAY
    assert run_out(D(-1), today=TODAY, per_day=D(1), needs=[]) == TODAY
    assert to_order(D(10), today=TODAY, per_day=D(1), needs=[Need(D(60), later)], days=30) == D(50)
    assert to_order(D(100), today=TODAY, per_day=D(1), needs=[], days=30) == 0
    assert daily_use(D(56), 400) == 1
    assert daily_use(D(14), 2) == 2
    assert daily_use(D(-3), 60) == 0


@pytest.mark.spec("STK-09")
@pytest.mark.parametrize(
    ("kg", "formats", "expected"),
    [
        ("7", ["20", "5"], {"5": 2}),
        ("18", ["20", "5"], {"20": 1}),
        ("24", ["20", "5"], {"20": 1, "5": 1}),
        ("61", ["20"], {"20": 4}),
        ("900", ["20", "2.5"], {"20": 45}),
        ("0.3", ["0.5", "25"], {"0.5": 1}),
        ("3", [], {}),
        ("0", ["20"], {}),
    ],
)
def test_an_order_is_rounded_to_whole_packages(kg: str, formats: list[str], expected: dict[str, int]) -> None:
    found = round_up(D(kg), [D(size) for size in formats])
    assert {f"{one.kg.normalize():f}": one.count for one in found} == expected


@given(
    st.integers(1, 400_000),
    st.lists(st.sampled_from([500, 1000, 2500, 5000, 15000, 20000, 25000]), min_size=1, unique=True),
)
def test_packages_hold_enough_and_none_could_be_left_out(grams: int, sizes: list[int]) -> None:
    found = round_up(D(grams) / 1000, [D(size) / 1000 for size in sizes])
    total = sum(one.kg * one.count for one in found)
    assert total >= D(grams) / 1000
    assert total - min(one.kg for one in found) < D(grams) / 1000
    assert all(isinstance(one, Packages) for one in found)


@pytest.mark.spec("STK-08")
def test_an_inventory_holds_the_most_used_then_what_is_at_risk_and_spreads_them() -> None:
    found = [Target(1, D(9), 90, False), Target(2, D(8), 90, False), Target(3, D(0), 20, False), Target(4, D(1), 95, True),
             Target(5, D(0), 95, False)]  # fmt: skip
    assert [one.pk for one in targets(found, most_used=2)] == [1, 2, 4, 3]
    days = working_days(date(2026, 11, 19), date(2026, 11, 24))  # Thursday to Tuesday
    assert [day.day for day in days] == [19, 20, 23, 24]
    assert [day.day for day in spread(6, days)] == [19, 19, 20, 23, 23, 24]
    easter = working_days(date(2026, 4, 3), date(2026, 4, 7))  # Good Friday, then Easter Monday
    assert [day.day for day in easter] == [3, 7]
    assert working_days(date(2026, 11, 21), date(2026, 11, 22)) == [date(2026, 11, 21), date(2026, 11, 22)]


@pytest.mark.spec("BEY-05")
def test_gaps_are_shared_among_the_works_before_and_teach_the_consumption() -> None:
    def at(day: int) -> datetime:
        return datetime(2026, 11, day, tzinfo=UTC)

    works = [
        Work(at(1), "PRJ-1", D(1)),
        Work(at(2), "PRJ-2", D(3)),
        Work(at(4), "PRJ-3", D(2)),
        Work(at(9), "PRJ-4", D(5)),
    ]
    compared = compare(works, [Weighed(at(3), D("-0.8")), Weighed(at(5), D("-0.4")), Weighed(at(6), D(0))])
    assert [(one.work.name, one.weighed) for one in compared] == [
        ("PRJ-1", D("1.2")), ("PRJ-2", D("3.6")), ("PRJ-3", D("2.4"))
    ]  # fmt: skip
    assert compared[0].percent == D(20)
    assert proposed_consumption(D(100), compared, weighings=3) == D(120)
    assert proposed_consumption(D(100), compared, weighings=2) is None
    close = compare(works[:3], [Weighed(at(5), D("-0.1"))])
    assert proposed_consumption(D(100), close, weighings=9) is None


@pytest.mark.spec("STK-09")
def test_a_sachet_beside_a_big_bag_is_reckoned_in_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights with no common measure but the gram: what is compared does not grow with them."""
    compared = 0

    def counted(*values: Any, **named: Any) -> Any:
        nonlocal compared
        compared += 1
        return min(*values, **named)

    monkeypatch.setattr(forecast, "min", counted, raising=False)
    for kg, sizes in (("20000", ["1000", "0.999", "0.25"]), ("613.7", ["500", "0.453"]), ("7.003", ["0.453", "0.499"])):
        found = round_up(D(kg), [D(size) for size in sizes])
        total = sum(one.kg * one.count for one in found)
        assert total >= D(kg)
        assert all(total - one.kg < D(kg) for one in found)
    assert compared < 20_000
