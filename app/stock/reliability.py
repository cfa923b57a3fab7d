"""How far a powder's stock can be believed. Pure functions; the formula is told in the help centre.

score = 60 % precision + 40 % freshness, from 0 to 100; 0 for what was never weighed.
Precision: 100 less 5 points for each percent of gap, on average over the last five days with a weighing.
Freshness: 100 for a week after a weighing, then one point less each day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

LOOKED_AT = 5
PRECISION_SHARE, FRESHNESS_SHARE = Decimal("0.6"), Decimal("0.4")
POINTS_PER_PERCENT = Decimal(5)
FRESH_DAYS = 7
#: Under this theory a gap in percent says nothing, kg.
SMALLEST_BASE = Decimal(1)
#: As many days with a weighing that all miss powder, or all have too much, by so many percent: it drifts.
DRIFT_DAYS, DRIFT_PERCENT = 3, Decimal(5)
#: How many days with a weighing, the last ones, decide both.
DAYS_NEEDED = max(LOOKED_AT, DRIFT_DAYS)


@dataclass(frozen=True, slots=True)
class Check:
    """A day with weighings: what was found more (or, below zero, less), and what should have been there, kg."""

    day: date
    gap: Decimal
    theory: Decimal

    @property
    def percent(self) -> Decimal:
        """The gap in percent of what should have been there."""
        return percent_of(self.gap, self.theory)


def percent_of(gap: Decimal, theory: Decimal) -> Decimal:
    """A gap in percent of a theory; against a kilogram where the theory is smaller."""
    return (100 * gap / max(theory, SMALLEST_BASE)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def score(checks: Sequence[Check], today: date) -> int:
    """From 0 (nothing is known) to 100 (weighed this week, as expected); `checks` in any order."""
    if not checks:
        return 0
    latest = sorted(checks, key=lambda check: check.day)[-LOOKED_AT:]
    mean = sum((abs(check.percent) for check in latest), Decimal(0)) / len(latest)
    precision = max(Decimal(0), 100 - POINTS_PER_PERCENT * mean)
    age = (today - latest[-1].day).days
    freshness = Decimal(max(0, 100 - max(0, age - FRESH_DAYS)))
    points = PRECISION_SHARE * precision + FRESHNESS_SHARE * freshness
    return int(points.quantize(Decimal(1), ROUND_HALF_UP))


def is_drifting(checks: Sequence[Check]) -> bool:
    """Whether the last weighings all miss powder, or all find too much: something is wrong, not a chance."""
    latest = sorted(checks, key=lambda check: check.day)[-DRIFT_DAYS:]
    if len(latest) < DRIFT_DAYS:
        return False
    percents = [check.percent for check in latest]
    one_way = all(percent > 0 for percent in percents) or all(percent < 0 for percent in percents)
    return one_way and abs(sum(percents, Decimal(0))) / DRIFT_DAYS >= DRIFT_PERCENT
