"""The arithmetic of uptime: stretches of time, gaps, and the guarantee's month of thirty days."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.billing.credits import credit_of
from status.spans import GUARANTEED_MONTH, Coverage, cover, intersect, service, subtract, total, union, uptime
from status.windows import in_time, in_window

DAY = 86400.0
HOUR = 3600.0
PARIS = ZoneInfo("Europe/Paris")
WINDOWS = [{"weekday": 6, "from": 2, "to": 6}]
points = st.integers(0, 60)
span_lists = st.lists(st.tuples(points, points), max_size=8).map(
    lambda spans: union((float(a), float(b)) for a, b in spans)
)


def _seconds(spans: list[tuple[float, float]]) -> set[int]:
    return {second for start, end in spans for second in range(int(start), int(end))}


@given(span_lists, span_lists)
def test_stretches_combine_as_sets_of_seconds_do(
    left: list[tuple[float, float]], right: list[tuple[float, float]]
) -> None:
    a, b = _seconds(left), _seconds(right)
    assert _seconds(union(left, right)) == a | b
    assert _seconds(intersect(left, right)) == a & b
    assert _seconds(subtract(left, right)) == a - b
    for found in (union(left, right), intersect(left, right), subtract(left, right)):
        assert all(start < end for start, end in found)
        assert all(one[1] < other[0] for one, other in pairwise(found))
        assert total(found) == len(_seconds(found))


readings = st.lists(st.tuples(st.integers(1, 200), st.booleans()), max_size=30)


@pytest.mark.spec("STA-02")
@given(readings)
def test_a_gap_is_neither_up_nor_down(steps: list[tuple[int, bool]]) -> None:
    at, found = 0.0, []
    for step, is_up in steps:
        at += step
        found.append((at, is_up))
    coverage = cover(found, max_step=120)
    expected = sum(step for step, _up in steps[1:] if step <= 120)
    assert total(coverage.measured) == expected
    assert subtract(coverage.down, coverage.measured) == []
    pairs = pairwise(steps)
    assert total(coverage.down) == sum(after[0] for before, after in pairs if not before[1] and after[0] <= 120)


@pytest.mark.spec("STA-02")
def test_one_measurement_alone_proves_nothing() -> None:
    assert cover([(10.0, True)], max_step=120) == Coverage([], [])
    assert uptime(Coverage([], []), start=0, end=30 * DAY, maintenance=[]).percent is None


def _month(down: float, *, days: int = 30, measured_days: float | None = None) -> Decimal | None:
    whole = [(0.0, (measured_days or days) * DAY)]
    found = uptime(Coverage(whole, [(0.0, down)] if down else []), start=0, end=days * DAY, maintenance=[])
    return found.percent


@pytest.mark.spec("STA-04")
@pytest.mark.parametrize("days", [28, 30, 31])
def test_the_allowance_of_a_plan_is_that_of_thirty_days_whatever_the_month(days: int) -> None:
    assert _month(0, days=days) == Decimal("100.000")
    assert _month(3.6 * HOUR, days=days) == Decimal("99.500")
    assert _month(43.2 * 60, days=days) == Decimal("99.900")


@pytest.mark.spec("STA-02", "STA-07")
def test_a_month_half_measured_weighs_its_downtime_twice() -> None:
    assert _month(1.8 * HOUR, measured_days=15) == _month(3.6 * HOUR) == Decimal("99.500")


@pytest.mark.spec("STA-07")
def test_the_example_of_the_contract() -> None:
    measured = _month(0.007 * GUARANTEED_MONTH)
    assert measured == Decimal("99.300")
    assert credit_of(invoiced=Decimal(100), guaranteed=Decimal("99.5"), measured=measured) == Decimal("4.00")


@pytest.mark.spec("STA-06")
def test_announced_maintenance_is_not_downtime_and_what_overflows_is() -> None:
    window = (10 * HOUR, 14 * HOUR)
    inside = Coverage([(0.0, 30 * DAY)], [(11 * HOUR, 13 * HOUR)])
    found = uptime(inside, start=0, end=30 * DAY, maintenance=[window])
    assert (found.percent, found.down, found.maintenance) == (Decimal("100.000"), 0, 4 * 3600)
    over = Coverage([(0.0, 30 * DAY)], [(11 * HOUR, 15 * HOUR)])
    found = uptime(over, start=0, end=30 * DAY, maintenance=[window])
    assert found.down == 3600 and found.percent is not None and found.percent < 100


@given(span_lists, span_lists, span_lists)
def test_an_uptime_stays_between_0_and_100_and_its_seconds_add_up(
    measured: list[tuple[float, float]], down: list[tuple[float, float]], maintenance: list[tuple[float, float]]
) -> None:
    coverage = Coverage(measured, intersect(measured, down))
    found = uptime(coverage, start=0, end=60, maintenance=maintenance)
    assert found.percent is None or 0 <= found.percent <= 100
    assert found.measured + found.gap + found.maintenance == 60
    assert found.down <= found.measured


@given(span_lists, span_lists, span_lists, span_lists)
def test_a_service_is_down_while_one_of_its_parts_is(
    m1: list[tuple[float, float]],
    d1: list[tuple[float, float]],
    m2: list[tuple[float, float]],
    d2: list[tuple[float, float]],
) -> None:
    one, other = Coverage(m1, intersect(m1, d1)), Coverage(m2, intersect(m2, d2))
    found = service([one, other])
    assert _seconds(found.down) == _seconds(one.down) | _seconds(other.down)
    assert _seconds(found.measured) == (_seconds(m1) & _seconds(m2)) | _seconds(found.down)


@pytest.mark.spec("STA-06")
@pytest.mark.parametrize(
    ("start", "hours", "allowed"),
    [
        (datetime(2026, 11, 22, 2, tzinfo=PARIS), 4, True),
        (datetime(2026, 11, 22, 1, 59, tzinfo=PARIS), 1, False),
        (datetime(2026, 11, 22, 5, tzinfo=PARIS), 2, False),
        (datetime(2026, 11, 21, 3, tzinfo=PARIS), 1, False),
        (datetime(2026, 11, 22, 1, tzinfo=UTC), 4, True),  # 02:00 in Paris
        (datetime(2026, 11, 22, 3, tzinfo=PARIS), 24 * 7, False),  # from one window to the next
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 3, True),  # 03:00 of the short night, 06:00 after three real hours
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 4, False),
    ],
)
def test_maintenance_fits_into_its_window_by_the_clock_of_paris(start: datetime, hours: int, allowed: bool) -> None:
    end = start.astimezone(UTC) + timedelta(hours=hours)
    assert in_window(start, end, windows=WINDOWS, zone="Europe/Paris") is allowed


@pytest.mark.spec("STA-06")
def test_it_is_announced_two_days_ahead() -> None:
    start = datetime(2026, 11, 22, 2, tzinfo=PARIS)
    before = timedelta(hours=48)
    assert in_time(start, announced_at=start - before, before=before)
    assert not in_time(start, announced_at=start - before + timedelta(seconds=1), before=before)
