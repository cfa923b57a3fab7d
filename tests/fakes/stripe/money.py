"""Periods, proration and taxes: pure functions on cents and seconds.

Rounding: every line is rounded to the cent on its own, half away from zero; so is the tax of each line, and the tax
of an invoice is the sum of the taxes of its lines. A proration is `amount * seconds left / seconds of the period`.
"""

import calendar
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

#: Stripe charges no card for less (EUR); the amount waits on the customer's balance.
SMALLEST_CHARGE = 50


def rounded(value: Fraction) -> int:
    """To the cent, half away from zero."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def prorated(amount: Fraction, *, at: int, start: int, end: int) -> int:
    """The part of the amount of the period `start`-`end` (seconds) that is left at `at`."""
    return rounded(amount * Fraction(end - at, end - start))


def line_amount(unit: str, quantity: int) -> Fraction:
    """The exact amount of a line; `unit` is the price's decimal of cents."""
    return Fraction(unit) * quantity


def tax_of(amount: int, percentage: float, *, inclusive: bool) -> int:
    """The tax of one line at this rate (percent), added to the amount or contained in it."""
    rate = Fraction(str(percentage)) / 100
    return rounded(amount - amount / (1 + rate)) if inclusive else rounded(amount * rate)


def add_months(moment: int, months: int) -> int:
    """The same day and time, months later; the last day of a month that is too short."""
    start = datetime.fromtimestamp(moment, UTC)
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def months_of(recurring: dict[str, Any]) -> int:
    """The length of a price's period, in months."""
    return int(recurring["interval_count"]) * (12 if recurring["interval"] == "year" else 1)


def next_boundary(anchor: int, months: int, after: int) -> int:
    """The first boundary of the billing cycle after a moment: the anchor plus a whole number of periods."""
    count = 0
    while add_months(anchor, count * months) > after:
        count -= 1
    while (boundary := add_months(anchor, count * months)) <= after:
        count += 1
    return boundary
