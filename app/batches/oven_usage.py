"""The use of the ovens over a period.

Use of capacity = minutes with a load times its fill, over the minutes in which the ovens are open. A load whose fill
is not known counts for its time and not for its fill; a day that is closed and without a load is left out.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .models import OvenDay
from .oven_selectors import list_days


@dataclass(frozen=True)
class Use:
    """Minutes open, with a load, and these times their fill."""

    open: int
    used: int
    filled: Decimal
    loads: int

    @property
    def time_share(self) -> float | None:
        """Occupied time over open time; None when the oven was closed."""
        return self.used / self.open if self.open else None

    @property
    def capacity_share(self) -> float | None:
        """Used capacity over available capacity; None when the oven was closed."""
        return float(self.filled) / self.open if self.open else None

    @property
    def fill(self) -> float | None:
        """Average fill of the loads by their time; None without a load."""
        return float(self.filled) / self.used if self.used else None

    @property
    def time_percent(self) -> int | None:
        return None if self.time_share is None else round(100 * self.time_share)

    @property
    def capacity_percent(self) -> int | None:
        return None if self.capacity_share is None else round(100 * self.capacity_share)

    @property
    def fill_percent(self) -> int | None:
        return None if self.fill is None else round(100 * self.fill)


@dataclass(frozen=True)
class DayUse:
    """The use of all the ovens on a day."""

    day: date
    use: Use

    @property
    def share(self) -> float:
        return self.use.capacity_share or 0.0


@dataclass(frozen=True)
class Usage:
    """A period: in whole, by oven, by day."""

    whole: Use
    ovens: Sequence[tuple[str, Use]]
    days: Sequence[DayUse]

    def shares(self, first: date, last: date) -> list[float]:
        """The use of capacity of every day of a period, nothing on those that are left out."""
        held = {day.day: day.share for day in self.days}
        span = (last - first).days + 1
        return [held.get(first + timedelta(days=offset), 0.0) for offset in range(span)]


def usage_of(first: date, last: date) -> Usage:
    """What was kept of these days, both included."""
    rows = [row for row in list_days(first, last) if row.open_minutes or row.used_minutes]
    by_oven: dict[str, list[OvenDay]] = defaultdict(list)
    by_day: dict[date, list[OvenDay]] = defaultdict(list)
    for row in rows:
        by_oven[str(row.oven)].append(row)
        by_day[row.day].append(row)
    return Usage(
        _sum(rows),
        [(name, _sum(held)) for name, held in sorted(by_oven.items())],
        [DayUse(day, _sum(held)) for day, held in by_day.items()],
    )


def _sum(rows: Sequence[OvenDay]) -> Use:
    return Use(
        sum(row.open_minutes for row in rows),
        sum(row.used_minutes for row in rows),
        sum((row.filled_minutes for row in rows), Decimal(0)),
        sum(row.loads for row in rows),
    )
