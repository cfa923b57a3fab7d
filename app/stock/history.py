"""The level of an item day by day, and what the indicators show."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from app.tenancy.models import Site
from app.tenancy.scope import current_workshop_id

from .constants import ZERO, Source
from .models import Item, Level, Movement
from .sums import REALLY_USED

CHART_DAYS = 90


@dataclass(frozen=True)
class Month:
    """What was used in a month, kg; and what scales found, more or less than the estimates."""

    first: date
    used: Decimal
    gaps: Decimal


@dataclass(frozen=True)
class Usage:
    """A powder over the months looked at."""

    item: Item
    used: Decimal
    gaps: Decimal
    months: Sequence[Decimal]

    @property
    def gap_percent(self) -> Decimal | None:
        """How much more than estimated was used, in percent."""
        planned = self.used + self.gaps
        return -100 * self.gaps / planned if planned > 0 else None


def level_by_day(
    item: Item, today: date, site: Site | None = None, *, level: Decimal | None = None
) -> list[tuple[date, Decimal]]:
    """The level at the end of each of the last days, the oldest first; `level` is today's, for who has read it."""
    here = {"site": site} if site else {}
    if level is None:
        level = Level.objects.filter(item=item, **here).aggregate(sum=Sum("quantity"))["sum"] or ZERO
    start = today - timedelta(days=CHART_DAYS - 1)
    changes = _changes_by_day(item, start, site)
    days: list[tuple[date, Decimal]] = []
    for number in range(CHART_DAYS):
        day = today - timedelta(days=number)
        days.append((day, level))
        level -= changes.get(day, ZERO)
    return days[::-1]


#: Written once: the page of each item asks.
_CHANGES = f"""
SELECT (happened_at AT TIME ZONE %(zone)s)::date, sum(quantity) FROM {Movement._meta.db_table}
WHERE workshop_id = %(workshop)s AND item_id = %(item)s AND happened_at >= %(since)s
    AND (%(site)s::bigint IS NULL OR site_id = %(site)s)
GROUP BY 1
"""


def _changes_by_day(item: Item, since: date, site: Site | None) -> dict[date, Decimal]:
    """What came less what went, on each day on which something did."""
    values: dict[str, Any] = {
        "workshop": current_workshop_id(), "item": item.pk, "since": _midnight(since),
        "site": site.pk if site else None, "zone": timezone.get_current_timezone_name(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, values)
        return dict(cursor.fetchall())


def usage_by_month(months: Sequence[date], site: Site | None = None) -> tuple[list[Month], list[Usage]]:
    """What was really used each month: in all, and by powder, the most used first; `months` are first days in order."""
    rows = Movement.objects.filter(
        item__powder__isnull=False, source__in=REALLY_USED, happened_at__gte=_midnight(months[0])
    )
    if site:
        rows = rows.filter(site=site)
    sums: dict[int, dict[date, list[Decimal]]] = defaultdict(lambda: defaultdict(lambda: [ZERO, ZERO]))
    grouped = rows.values_list("item_id", TruncMonth("happened_at"), "source").annotate(Sum("quantity")).order_by()
    for item_pk, month, source, total in grouped:
        cell = sums[item_pk][timezone.localdate(month)]
        cell[0] -= total
        cell[1] += total if source == Source.WEIGHING else ZERO
    items = Item.objects.select_related("powder").in_bulk(list(sums))
    usages = [_usage(items[pk], by_month, months) for pk, by_month in sums.items()]
    totals = [Month(month, _total(sums, month, 0), _total(sums, month, 1)) for month in months]
    return totals, sorted(usages, key=lambda one: (-one.used, one.item.pk))


def usage_by_finish(usages: Iterable[Usage]) -> list[tuple[str, Decimal]]:
    """What was used of each finish, the most used first."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for usage in usages:
        if usage.item.powder:
            sums[usage.item.powder.get_finish_display()] += usage.used
    return sorted(sums.items(), key=lambda one: (-one[1], one[0]))


def last_months(today: date, count: int) -> list[date]:
    """The first days of the last months, this one included, in order."""
    ordinal = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(ordinal - count + 1, ordinal + 1)]


def _usage(item: Item, by_month: dict[date, list[Decimal]], months: Sequence[date]) -> Usage:
    cells = [by_month.get(month, [ZERO, ZERO]) for month in months]
    return Usage(item, sum((cell[0] for cell in cells), ZERO), sum((cell[1] for cell in cells), ZERO),
                 [cell[0] for cell in cells])  # fmt: skip


def _total(sums: dict[int, dict[date, list[Decimal]]], month: date, which: int) -> Decimal:
    return sum((by_month[month][which] for by_month in sums.values() if month in by_month), ZERO)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
