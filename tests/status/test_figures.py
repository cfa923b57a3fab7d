"""The figures of a day: seconds up, down, excused and unknown; how fast the answers came."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from status.models import DayFigure, Maintenance, Reading
from status.selectors.readings import list_months
from status.services.readings import work_out_day, work_out_days

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 18)
START = datetime(2026, 11, 18, tzinfo=ZoneInfo("Europe/Paris"))
NEVER = range(0)


def _measure(component: str, *, minutes: range, down: range = NEVER) -> None:
    Reading.objects.bulk_create(
        Reading(
            component=component, at=START + timedelta(minutes=minute), is_up=minute not in down,
            duration_ms=100 if minute % 20 else 3000,
        )
        for minute in minutes
    )  # fmt: skip


@pytest.mark.spec("STA-01", "STA-02", "STA-05")
def test_a_day_is_worked_out_from_its_measurements() -> None:
    _measure("app", minutes=range(-1, 601), down=range(101, 110))  # nothing after ten o'clock
    assert work_out_day(day=DAY)
    row = DayFigure.objects.get(component="app")
    assert (row.measured, row.down, row.maintenance) == (36000, 540, 0)
    # 601 measurements of the day answered but for nine; 31 of them took three seconds.
    assert (row.answers, row.fast, row.p50, row.p95, row.p99) == (592, 561, 100, 3000, 3000)
    assert not DayFigure.objects.filter(component="service").exists()  # its other elements were not measured


@pytest.mark.spec("STA-02", "STA-06")
def test_the_service_is_down_while_one_of_its_elements_is() -> None:
    _measure("app", minutes=range(61), down=range(10, 20))
    _measure("portal", minutes=range(61), down=range(15, 25))
    _measure("database", minutes=range(61), down=range(40, 50))
    begins = START + timedelta(minutes=40)
    Maintenance.objects.create(title="t", text="t", starts_at=begins, ends_at=begins + timedelta(minutes=10))
    work_out_day(day=DAY)
    row = DayFigure.objects.get(component="service")
    assert (row.measured, row.down, row.maintenance) == (50 * 60, 15 * 60, 600)
    assert DayFigure.objects.get(component="database").down == 0


def test_a_day_is_worked_out_again_when_measurements_come_late() -> None:
    _measure("app", minutes=range(31))
    assert work_out_days(until=DAY)
    _measure("app", minutes=range(31, 61), down=range(40, 50))
    assert work_out_days(until=DAY + timedelta(days=1)) is False  # that day has nothing yet
    row = DayFigure.objects.get()
    assert (row.day, row.measured, row.down) == (DAY, 3600, 600)


def test_nothing_was_measured() -> None:
    assert work_out_days(until=DAY) is False
    assert list_months(3) == []


@pytest.mark.spec("STA-02")
def test_months_add_their_days_up() -> None:
    for day, down in ((date(2026, 9, 30), 0), (date(2026, 10, 1), 3600), (date(2026, 10, 2), 0)):
        DayFigure.objects.create(component="service", day=day, measured=86400, down=down, maintenance=0)
    october, september = list_months(2)
    assert (october.month, october.measured, october.down) == (date(2026, 10, 1), 2 * 86400, 3600)
    assert september.percent == 100 and october.gap == 745 * 3600 - 2 * 86400
