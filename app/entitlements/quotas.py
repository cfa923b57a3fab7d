"""The arithmetic of quotas: periods, renewals, shares, forecasts. No database; see docs/algorithms/quotas.md.

Months, hours and days are those of the workshop's clock, which is the product's (TIME_ZONE).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from .constants import RENEWALS, STORAGE_WARN_FROM, WARN_FROM, Dimension, Renewal

#: The period of what counts what exists and never starts again.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FULL = WARN_FROM[-1]


@dataclass(frozen=True)
class Quota:
    """What a workshop uses of a dimension in the period that runs; `limit` None means unlimited."""

    dimension: str
    used: int
    limit: int | None
    renews_at: datetime | None = None

    @property
    def percent(self) -> int | None:
        """Whole percent used, rounded down, so that 100 means reached; None when unlimited."""
        return None if self.limit is None else percent_used(self.used, self.limit)

    @property
    def left(self) -> int | None:
        """What may still be used; None when unlimited."""
        return None if self.limit is None else max(0, self.limit - self.used)


def renewal_of(dimension: str) -> Renewal:
    """When the dimension starts again from zero."""
    return RENEWALS.get(dimension, Renewal.NEVER)


def local_day(now: datetime) -> date:
    """The day of the workshop's clock, whatever the person's own time zone."""
    return timezone.localtime(now, timezone.get_default_timezone()).date()


def period_start(dimension: str, now: datetime) -> datetime:
    """The first instant of the period that `now` belongs to."""
    renewal = renewal_of(dimension)
    if renewal == Renewal.NEVER:
        return EPOCH
    if renewal == Renewal.HOUR:  # in UTC: an hour that the clocks repeat in autumn is two hours
        return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return _midnight(local_day(now).replace(day=1))


def renews_at(dimension: str, now: datetime) -> datetime | None:
    """The first instant of the next period; None for what never starts again."""
    renewal = renewal_of(dimension)
    if renewal == Renewal.NEVER:
        return None
    if renewal == Renewal.HOUR:
        return period_start(dimension, now) + timedelta(hours=1)
    first = local_day(now).replace(day=1)
    return _midnight((first + timedelta(days=31)).replace(day=1))


def percent_used(used: int, limit: int) -> int:
    """Whole percent of the limit, rounded down; a limit of zero is reached from the start."""
    return used * 100 // limit if limit else FULL


def thresholds_of(dimension: str) -> tuple[int, ...]:
    """The shares of a limit, in percent, from which the workshop is warned."""
    return STORAGE_WARN_FROM if dimension == Dimension.STORAGE else WARN_FROM


def level_of(used: int, limit: int | None, *, refused: bool = False, dimension: str = "") -> int:
    """The highest threshold reached, 0 below the first.

    Near the limit, something refused for lack of room counts as reached: a file seldom fills the last byte.
    """
    if limit is None:
        return 0
    percent = percent_used(used, limit)
    if refused and percent >= WARN_FROM[0]:
        return FULL
    return max((threshold for threshold in thresholds_of(dimension) if percent >= threshold), default=0)


def month_end_forecast(used: int, now: datetime) -> int:
    """What a month's counter will show at its end if it goes on as it began, rounded half up.

    Linear on the time elapsed, the day in progress counted by its hours; during the first day it takes a whole
    day as elapsed, since an hour says nothing of a month. Never below what is used already.
    """
    local = timezone.localtime(now, timezone.get_default_timezone())
    days = monthrange(local.year, local.month)[1]
    elapsed = max(1.0, local.day - 1 + (local.hour * 60 + local.minute) / 1440)
    return max(used, int(used * days / elapsed + 0.5))


def last_days(today: date, count: int = 30) -> list[date]:
    """The last days, the oldest first, today included."""
    return [today - timedelta(days=back) for back in range(count - 1, -1, -1)]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
