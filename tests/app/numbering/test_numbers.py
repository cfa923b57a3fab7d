"""Numbers: their formats, gap-free series, one series per workshop and period."""

from datetime import date

import pytest
from django.db import transaction

from app.numbering.formats import PatternError, check_pattern, number_text, period_of
from app.numbering.services import next_number
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope

NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 20), date(2026, 12, 1), date(2027, 1, 2)


@pytest.mark.parametrize(
    ("pattern", "text", "period"),
    [
        ("D{yy}{month}-{number:4}", "D2611-0007", "2026-11"),
        ("{year}/{number}", "2026/7", "2026"),
        ("F-{number:8}", "F-00000007", ""),
    ],
)
def test_a_format_gives_a_number_and_the_period_of_its_counter(pattern: str, text: str, period: str) -> None:
    assert number_text(pattern, NOVEMBER, 7) == text
    assert period_of(pattern, NOVEMBER) == period


@pytest.mark.parametrize(
    "pattern", ["", "{number}{number}", "{month}{number}", "{number:0}", "{number:9}", "{x}{number}", "é{number}"]
)
def test_a_bad_format_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        check_pattern(pattern)


@pytest.mark.django_db
def test_each_workshop_counts_alone_and_each_month_starts_again(workshop: Workshop, other_workshop: Workshop) -> None:
    def take(place: Workshop, day: date) -> str:
        with workshop_scope(place.pk):
            return next_number(workshop=place, series="quote", on=day)

    days = [NOVEMBER, NOVEMBER, DECEMBER, JANUARY]
    assert [take(workshop, day) for day in days] == ["D2611-0001", "D2611-0002", "D2612-0001", "D2701-0001"]
    assert take(other_workshop, NOVEMBER) == "D2611-0001"


@pytest.mark.django_db
def test_a_transaction_that_fails_gives_its_number_back(workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012
            next_number(workshop=workshop, series="quote", on=NOVEMBER)
            raise ZeroDivisionError
        assert next_number(workshop=workshop, series="quote", on=NOVEMBER) == "D2611-0001"
