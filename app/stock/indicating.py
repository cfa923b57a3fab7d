"""The indicators of the stock, worked out at most once in ten minutes for each workshop, site and period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language

from app.tenancy.models import Site, Workshop

from .figures import Figures, read_figures
from .history import Month, Usage, last_months, usage_by_finish, usage_by_month
from .selectors import list_powder_items

REFRESHED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Indicators:
    """What the page shows, as it was at `computed_at`."""

    computed_at: datetime
    months: Sequence[date]
    totals: Sequence[Month]
    usages: Sequence[Usage]
    finishes: Sequence[tuple[str, Decimal]]
    figures: Sequence[Figures]


def read_indicators(workshop: Workshop, *, months: int, site: Site | None, anew: bool = False) -> Indicators:
    """The indicators over so many months, on a site or on all; those of the last ten minutes unless asked `anew`."""
    asked = (workshop.pk, site.pk if site else 0, months, timezone.localdate(), get_language())
    key = "stock:indicators:" + ":".join(map(str, asked))
    found: Indicators | None = None if anew else cache.get(key)
    if found is None:
        found = _compute(workshop, months, site)
        cache.set(key, found, REFRESHED_AFTER.total_seconds())
    return found


def _compute(workshop: Workshop, count: int, site: Site | None) -> Indicators:
    months = last_months(timezone.localdate(), count)
    totals, usages = usage_by_month(months, site)
    items = list(list_powder_items(site=site, in_stock=True).order_by("pk"))
    figures = read_figures(workshop, items, site=site)
    return Indicators(timezone.now(), months, totals, usages, usage_by_finish(usages), figures)
