"""Living through the past: the product's clock set to another moment while a story is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from django.utils import timezone

SATURDAY, SUNDAY = 5, 6


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Everything that asks Django for the time is told `moment`, in this process, until the end of the block.

    So rows, numbers, deadlines, documents and the trail agree on when things happened.
    """
    with patch.object(timezone, "now", lambda: moment):
        yield


def working_time(today: date, days_ago: int, hour: int, minute: int = 0) -> datetime:
    """So long before `today`, at that hour of the workshop's clock; a week-end counts as the Friday before it."""
    day = today - timedelta(days=days_ago)
    day -= timedelta(days=max(0, day.weekday() - SATURDAY + 1))
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def working_day(day: date, today: date) -> date:
    """The day itself, or the Monday after a week-end; the Friday before when only the week-end has passed."""
    monday = day + timedelta(days={SATURDAY: 2, SUNDAY: 1}.get(day.weekday(), 0))
    return monday - timedelta(days=3) if day < today <= monday != day else monday
