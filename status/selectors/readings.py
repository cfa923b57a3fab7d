"""Measurements read as stretches of time, as speeds, and as the figures of days and months."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce

from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.utils import timezone

from ..constants import FAST_MS, MAX_STEP, SERVICE
from ..models import DayFigure, Maintenance, Reading
from ..spans import GUARANTEED_MONTH, Coverage, Span, Uptime, cover, intersect, percent_of, service, union, uptime

SPEEDS = """
SELECT component, count(*), count(*) FILTER (WHERE duration_ms <= %s),
       percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY duration_ms)
FROM status_reading WHERE at >= %s AND at < %s AND is_up GROUP BY component
"""


@dataclass(frozen=True)
class MonthUptime:
    """The guaranteed service over one month, from the figures of its days."""

    month: date
    percent: Decimal | None
    measured: int
    down: int
    maintenance: int
    gap: int


def day_bounds(day: date) -> tuple[float, float]:
    """The first instants of a day and of the next one, on the publisher's clock."""
    zone = timezone.get_default_timezone()
    following = day + timedelta(days=1)
    return datetime.combine(day, time(), zone).timestamp(), datetime.combine(following, time(), zone).timestamp()


def first_day() -> date | None:
    """The day of the oldest measurement."""
    first = Reading.objects.aggregate(first=Min("at"))["first"]
    return timezone.localdate(first, timezone.get_default_timezone()) if first else None


def day_coverages(start: float, end: float, components: Iterable[str] = ()) -> dict[str, Coverage]:
    """What was measured between two moments, by component; only components with a measurement there."""
    step = MAX_STEP.total_seconds()
    rows = Reading.objects.filter(at__gte=_moment(start - step), at__lt=_moment(end + step)).order_by("at")
    if components:
        rows = rows.filter(component__in=list(components))
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for component, at, is_up in rows.values_list("component", "at", "is_up").iterator(chunk_size=20_000):
        found[component].append((at.timestamp(), is_up))
    covered = {name: cover(readings, max_step=step).within(start, end) for name, readings in found.items()}
    return {name: coverage for name, coverage in covered.items() if coverage.measured}


def day_speeds(start: float, end: float) -> dict[str, dict[str, int]]:
    """How long the answers took (ms), by component: how many, how many were fast, the percentiles."""
    with connection.cursor() as cursor:
        cursor.execute(SPEEDS, [FAST_MS, _moment(start), _moment(end)])
        return {
            name: {"answers": count, "fast": fast, "p50": found[0], "p95": found[1], "p99": found[2]}
            for name, count, fast, found in cursor.fetchall()
        }


def maintenance_spans(start: float, end: float, component: str) -> list[Span]:
    """The announced maintenance of a component between two moments."""
    rows = Maintenance.objects.filter(cancelled_at=None, starts_at__lt=_moment(end), ends_at__gt=_moment(start))
    return union(
        (row.starts_at.timestamp(), row.ends_at.timestamp())
        for row in rows
        if not row.components or component in row.components
    )


def list_days(since: date) -> dict[str, list[DayFigure]]:
    """The figures of the days since this one, by component, in order."""
    found: dict[str, list[DayFigure]] = defaultdict(list)
    for row in DayFigure.objects.filter(day__gte=since).order_by("day"):
        found[row.component].append(row)
    return found


def list_months(count: int) -> list[MonthUptime]:
    """The uptime of the guaranteed service month by month, newest first, from the figures of the days."""
    sums: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in DayFigure.objects.filter(component=SERVICE).order_by("-day")[: count * 31]:
        held = sums[row.day.replace(day=1)]
        held[0], held[1], held[2] = held[0] + row.measured, held[1] + row.down, held[2] + row.maintenance
    return [_month(month, *values) for month, values in sorted(sums.items(), reverse=True)][:count]


def _month(month: date, measured: int, down: int, maintenance: int) -> MonthUptime:
    start, end = month_bounds(month)
    now = timezone.now().timestamp()
    owed = round(min(end, now) - start) - maintenance
    # The rest of a month that runs is not up yet: only what was measured counts.
    percent = percent_of(down=down, measured=measured, owed=owed if end <= now else GUARANTEED_MONTH)
    return MonthUptime(month, percent, measured, down, maintenance, max(0, owed - measured))


def month_bounds(month: date) -> tuple[float, float]:
    """The first instants of a month and of the next one, on the publisher's clock."""
    following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day_bounds(month.replace(day=1))[0], day_bounds(following)[0]


def get_month_uptime(month: date, also_down: Iterable[Span] = ()) -> Uptime:
    """The uptime of the guaranteed service over a month, from its single measurements.

    `also_down`: stretches that were down for one workshop alone (incidents that name it). Nothing was measured:
    `percent` is None.
    """
    start, end = month_bounds(month)
    found = service_uptime(day_coverages(start, end, settings.STATUS_GUARANTEED), start, end, also_down)
    return found or Uptime(None, 0, 0, 0, round(end - start))


def service_uptime(
    coverages: Mapping[str, Coverage], start: float, end: float, also_down: Iterable[Span] = ()
) -> Uptime | None:
    """The guaranteed service between two moments, from the coverage of its components; None when one has none.

    The announced maintenance of a component excuses that component; what all of them share is that of the service.
    """
    names = settings.STATUS_GUARANTEED
    if any(name not in coverages for name in names):
        return None
    spans = {name: maintenance_spans(start, end, name) for name in names}
    shared = reduce(intersect, spans.values())
    found, own = service([coverages[name].excused(spans[name]) for name in names]), union(also_down)
    whole = Coverage(measured=union(found.measured, own), down=union(found.down, own))
    return uptime(whole, start=start, end=end, maintenance=shared)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.get_default_timezone())
