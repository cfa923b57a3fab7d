"""What is known of items today: level, use, run-out, reliability. A handful of queries for any number of items."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from app.tenancy.models import Site, Workshop

from .constants import USES, ZERO, Source
from .demands import needs_by_powder
from .forecast import LOOKED_AT_DAYS, Need, daily_use, run_out
from .models import Carton, Item, Level, Movement, StockSettings, Weighing
from .reliability import Check, is_drifting, score

CHECKED_DAYS = 365
#: What says what was really used: the work, and the gaps that scales found.
REALLY_USED = (*USES, Source.WEIGHING)


@dataclass(frozen=True)
class Figures:
    """An item as lists show it."""

    item: Item
    level: Decimal
    loose: Decimal
    cartons: int
    used: Decimal
    per_day: Decimal
    runs_out_on: date | None
    score: int
    drifts: bool
    weighed_on: date | None
    needs: Sequence[Need]
    is_low: bool

    @property
    def days_left(self) -> int | None:
        """Days until it runs out; None when that is more than a year away."""
        return None if self.runs_out_on is None else max(0, (self.runs_out_on - timezone.localdate()).days)

    @property
    def promised(self) -> Decimal:
        """What is known to be needed."""
        return sum((need.kg for need in self.needs), ZERO)


def read_figures(
    workshop: Workshop, items: Sequence[Item], *, today: date | None = None, site: Site | None = None
) -> list[Figures]:
    """The figures of items, in their order, on a site or on all of them."""
    day = today or timezone.localdate()
    pks = [item.pk for item in items]
    sums, cartons = _levels(pks, site), _cartons(pks, site)
    used = _used(pks, day, site)
    checks, needs, wanted = read_checks(pks, day), needs_by_powder(workshop, site), find_settings()

    def one(item: Item) -> Figures:
        level, loose = sums.get(item.pk, (ZERO, ZERO))
        per_day = daily_use(used.get(item.pk, ZERO), (day - timezone.localdate(item.created_at)).days)
        mine = needs.get(item.powder_id or 0, [])
        ends = run_out(level, today=day, per_day=per_day, needs=mine)
        return Figures(
            item=item, level=level, loose=loose, cartons=cartons.get(item.pk, 0), used=used.get(item.pk, ZERO),
            per_day=per_day, runs_out_on=ends, score=score(checks[item.pk], day),
            drifts=is_drifting(checks[item.pk]),
            weighed_on=timezone.localdate(item.last_weighed_at) if item.last_weighed_at else None,
            needs=mine, is_low=is_low(item, wanted, level, ends, day),
        )  # fmt: skip

    return [one(item) for item in items]


def is_low(item: Item, wanted: StockSettings, level: Decimal, runs_out_on: date | None, today: date) -> bool:
    """Whether an item is under its own threshold, in quantity or in days, or under the workshop's days without one."""
    days = item.alert_days
    if item.alert_below is None and days is None:
        days = wanted.alert_days
    if item.alert_below is not None and level <= item.alert_below:
        return True
    return bool(days and runs_out_on and runs_out_on <= today + timedelta(days=days))


def read_checks(item_pks: Iterable[int], today: date) -> dict[int, list[Check]]:
    """The days with weighings of each item in the last year: gaps as known today, and what should have been there.

    Where nothing was expected, as for a first count, there was nothing to be wrong about.
    """
    since = timezone.now() - timedelta(days=CHECKED_DAYS)
    rows = Weighing.objects.filter(item__in=list(item_pks), at__gte=since).annotate(
        day=TruncDate("at"),
        found=Sum("movements__quantity", filter=Q(movements__source=Source.WEIGHING)),
    )
    days: dict[tuple[int, date], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for item_pk, day, net, found in rows.values_list("item_id", "day", "net", "found"):
        gap = found or ZERO
        sums = days[item_pk, day]
        sums[0] += gap
        sums[1] += net - gap
    checks: dict[int, list[Check]] = defaultdict(list)
    for (item_pk, day), (gap, theory) in sorted(days.items()):
        checks[item_pk].append(Check(day, gap, theory) if theory else Check(day, ZERO, gap))
    return checks


def find_settings() -> StockSettings:
    """The settings of the workshop in scope, or those of the product, not saved."""
    return StockSettings.objects.first() or StockSettings()


def _levels(pks: Sequence[int], site: Site | None) -> Mapping[int, tuple[Decimal, Decimal]]:
    rows = Level.objects.filter(item__in=pks, **({"site": site} if site else {}))
    sums = rows.values_list("item_id").annotate(Sum("quantity"), Sum("loose")).order_by()
    return {pk: (quantity, loose) for pk, quantity, loose in sums}


def _cartons(pks: Sequence[int], site: Site | None) -> Mapping[int, int]:
    rows = Carton.objects.filter(item__in=pks, emptied_at=None, **({"site": site} if site else {}))
    return dict(rows.values_list("item_id").annotate(Count("pk")).order_by())


def _used(pks: Sequence[int], today: date, site: Site | None) -> Mapping[int, Decimal]:
    """What was really used over the days that forecasts look at."""
    return used_between(pks, _midnight(today - timedelta(days=LOOKED_AT_DAYS)), site=site)


def used_between(
    pks: Sequence[int], since: datetime, until: datetime | None = None, site: Site | None = None
) -> Mapping[int, Decimal]:
    """What was really used of each item between two moments: by the work, less or more what scales found."""
    rows = Movement.objects.filter(item__in=pks, source__in=REALLY_USED, happened_at__gte=since)
    if until:
        rows = rows.filter(happened_at__lt=until)
    if site:
        rows = rows.filter(site=site)
    return {pk: -total for pk, total in rows.values_list("item_id").annotate(Sum("quantity")).order_by()}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
