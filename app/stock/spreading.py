"""Which powders a partial inventory holds and on which day each is weighed. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.kernel.holidays import is_day_off

#: Under this score, or low in stock, a powder is at risk.
RISK_SCORE = 60
LONGEST_PERIOD = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Target:
    """Something in stock, as an inventory looks at it."""

    pk: int
    used: Decimal
    score: int
    is_low: bool

    @property
    def is_at_risk(self) -> bool:
        return self.is_low or self.score < RISK_SCORE


def targets(found: Sequence[Target], *, most_used: int) -> list[Target]:
    """The most used ones, then all those at risk, the least reliable first."""
    by_use = sorted((one for one in found if one.used > 0), key=lambda one: (-one.used, one.pk))[:most_used]
    chosen = {one.pk for one in by_use}
    at_risk = [one for one in found if one.is_at_risk and one.pk not in chosen]
    return by_use + sorted(at_risk, key=lambda one: (not one.is_low, one.score, one.pk))


def working_days(first: date, last: date) -> list[date]:
    """The days of a period but week-ends and public holidays; every day when none is left."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if not is_day_off(day)] or days


def spread(count: int, days: Sequence[date]) -> list[date]:
    """A day for each of `count` things, as many a day as another to within one, the first ones first."""
    return [days[number * len(days) // count] for number in range(count)]
