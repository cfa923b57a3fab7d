"""The period in which a consumer may withdraw."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.holidays import easter, is_day_off
from app.quotes.withdrawal import is_lost, last_day

pytestmark = pytest.mark.spec("BEY-08")


@pytest.mark.parametrize(
    ("concluded", "last"),
    [
        (date(2026, 11, 17), date(2026, 12, 1)),  # a Tuesday to a Tuesday
        (date(2026, 11, 21), date(2026, 12, 7)),  # would end on a Saturday
        (date(2026, 12, 11), date(2026, 12, 28)),  # Christmas is a Friday
        (date(2026, 3, 23), date(2026, 4, 7)),  # Easter Monday
        (date(2026, 4, 30), date(2026, 5, 15)),  # Ascension
        (date(2026, 6, 30), date(2026, 7, 15)),  # the fourteenth of July
    ],
)
def test_fourteen_days_that_never_end_on_a_day_off(concluded: date, last: date) -> None:
    assert last_day(concluded) == last


@pytest.mark.parametrize("sunday", [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25)])
def test_easter_is_the_one_of_the_calendars(sunday: date) -> None:
    assert easter(sunday.year) == sunday


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2099, 12, 31)))
def test_the_period_is_never_shorter_than_the_law_nor_much_longer(concluded: date) -> None:
    last = last_day(concluded)
    assert timedelta(days=14) <= last - concluded <= timedelta(days=19)
    assert not is_day_off(last)


@given(st.integers(min_value=1900, max_value=2199))
def test_easter_is_a_sunday_of_spring(year: int) -> None:
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


@pytest.mark.parametrize(("asked", "done", "lost"), [(True, True, True), (True, False, False), (False, True, False)])
def test_the_right_is_lost_when_all_was_done_as_expressly_asked(asked: bool, done: bool, lost: bool) -> None:
    assert is_lost(early_start=asked, fully_performed=done) is lost
