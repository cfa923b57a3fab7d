"""What is known of items today: level, use, run-out, reliability. A handful of queries for any number of items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone

from app.tenancy.models import Site, Workshop
from app.tenancy.written import workshop_rows

from .constants import ZERO
from .demands import needs_by_powder
from .forecast import LOOKED_AT_DAYS, Need, daily_use, run_out
from .models import Item, StockSettings
from .reliability import Check, is_drifting, score
from .sums import Weighed, read_sums

CHECKED_DAYS = 365


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
    workshop: Workshop,
    items: Sequence[Item],
    *,
    today: date | None = None,
    site: Site | None = None,
    settings: StockSettings | None = None,
) -> list[Figures]:
    """The figures of items, in their order, on a site or on all of them; `settings` from who has read them."""
    day = today or timezone.localdate()
    sums = read_sums(
        [item.pk for item in items], used_since=_midnight(day - timedelta(days=LOOKED_AT_DAYS)),
        checked_since=timezone.now() - timedelta(days=CHECKED_DAYS), site=site,
    )  # fmt: skip
    powder_pks = [item.powder_id for item in items if item.powder_id]
    needs, wanted = needs_by_powder(workshop, powder_pks, site), settings or find_settings()

    def one(item: Item) -> Figures:
        found = sums[item.pk]
        per_day = daily_use(found.used, (day - timezone.localdate(item.created_at)).days)
        mine, (points, drifts) = needs.get(item.powder_id or 0, []), _believed(found.weighed, day)
        ends = run_out(found.level, today=day, per_day=per_day, needs=mine)
        return Figures(
            item=item, level=found.level, loose=found.loose, cartons=found.cartons, used=found.used,
            per_day=per_day, runs_out_on=ends, score=points, drifts=drifts,
            weighed_on=timezone.localdate(item.last_weighed_at) if item.last_weighed_at else None,
            needs=mine, is_low=is_low(item, wanted, found.level, ends, day),
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


@lru_cache(maxsize=4096)  # a list asks of the same days each time; equal figures make an equal score
def _believed(weighed: Weighed, today: date) -> tuple[int, bool]:
    """How far a stock can be believed, and whether its weighings drift."""
    checks = list_checks(weighed)
    return score(checks, today), is_drifting(checks)


def list_checks(weighed: Weighed) -> list[Check]:
    """The days with weighings of an item: the gaps as known today, and what should have been there.

    Where nothing was expected, as for a first count, there was nothing to be wrong about.
    """
    return [Check(day, gap, theory) if theory else Check(day, ZERO, gap) for day, gap, theory in weighed]


def find_settings() -> StockSettings:
    """The settings of the workshop in scope, or those of the product, not saved."""
    for settings in workshop_rows(StockSettings):
        return settings
    return StockSettings()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
