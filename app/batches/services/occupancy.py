"""How much of each oven was used, day by day: kept, so that new opening hours do not change the past."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from app.tenancy.models import Workshop

from ..models import Oven, OvenDay, OvenLoad
from ..opening import open_minutes
from ..oven_selectors import list_loads_between, list_ovens


def keep_days(*, workshop: Workshop, oven: Oven, first: date, last: date) -> list[OvenDay]:
    """Compute and keep the days of an oven, both included."""
    loads = [load for load in list_loads_between(_midnight(first), _midnight(last + timedelta(days=1)))
             if load.oven_id == oven.pk]  # fmt: skip
    kept = []
    for day in _days(first, last):
        values = _measure(oven, day, loads)
        row, _new = OvenDay.objects.update_or_create(workshop=workshop, oven=oven, day=day, defaults=values)
        kept.append(row)
    return kept


def keep_yesterday(*, workshop: Workshop, today: date | None = None) -> int:
    """Keep yesterday and the day before (a load may run over midnight) of every oven; how many days."""
    today = today or timezone.localdate()
    first, last = today - timedelta(days=2), today - timedelta(days=1)
    return sum(len(keep_days(workshop=workshop, oven=oven, first=first, last=last)) for oven in list_ovens())


def _measure(oven: Oven, day: date, loads: list[OvenLoad]) -> dict[str, object]:
    """The figures of one day; a load over midnight has minutes in each day, and is counted where it starts."""
    start, end = _midnight(day), _midnight(day + timedelta(days=1))
    used, filled, count = Decimal(0), Decimal(0), 0
    for load in loads:
        if load.started_at is None or load.finished_at is None:
            continue
        seconds = (min(load.finished_at, end) - max(load.started_at, start)).total_seconds()
        minutes = max(Decimal(0), Decimal(seconds) / 60)
        used += minutes
        filled += minutes * (load.fill or 0)
        count += start <= load.started_at < end
    return {
        "loads": count,
        "open_minutes": open_minutes(oven.week, day),
        "used_minutes": min(round(used), 1440),
        "filled_minutes": round(filled, 2),
    }


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
