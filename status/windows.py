"""When maintenance may be planned (STA-06): inside a weekly window, announced long enough before. No database."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo


def in_window(start: datetime, end: datetime, *, windows: Iterable[Mapping[str, Any]], zone: str) -> bool:
    """Whether the whole stretch lies in one window of its day, by the local clock (summer time included)."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    local = start.astimezone(ZoneInfo(zone))
    return any(
        opens <= start and end <= closes
        for opens, closes in (_bounds(local, window) for window in windows if window["weekday"] == local.weekday())
    )


def in_time(start: datetime, *, announced_at: datetime, before: timedelta) -> bool:
    """Whether it was announced soon enough."""
    return start - announced_at >= before


def _bounds(local: datetime, window: Mapping[str, Any]) -> tuple[datetime, datetime]:
    def at(hour: int) -> datetime:
        day = local.date() + timedelta(days=hour // 24)
        return datetime.combine(day, time(hour % 24), tzinfo=local.tzinfo).astimezone(UTC)

    return at(window["from"]), at(window["to"])
