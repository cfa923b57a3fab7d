"""The steering of the trade on one page: how full the ovens are, what is right at once, what powder and batches yield.

Each figure comes from the page that shows it in full, over the same months; they are worked out at most once in ten
minutes for each workshop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language

from app.batches.margins import BatchMargin, read_margin
from app.batches.models import Batch
from app.batches.oven_usage import Use, usage_of
from app.batches.selectors import list_items_of, list_laid_batches
from app.projects.figures import Figures, Period, read_figures
from app.stock.history import Usage, last_months, usage_by_month
from app.tenancy.models import Workshop

REFRESHED_AFTER = timedelta(minutes=10)
MONTHS, USUAL_MONTHS = (1, 3, 6, 12), 3
MOST_POWDERS, MOST_BATCHES = 10, 10


@dataclass(frozen=True)
class Steering:
    """What the page shows, as it was at `computed_at`."""

    computed_at: datetime
    first: date
    last: date
    ovens: Use
    quality: Figures
    powders: Sequence[Usage]
    batches: Sequence[tuple[Batch, BatchMargin]]

    @property
    def price(self) -> Decimal:
        """What the batches shown bring in, in euros before tax."""
        return sum((margin.price for _batch, margin in self.batches), Decimal(0))

    @property
    def left(self) -> Decimal:
        """What is left of it."""
        return sum((margin.left for _batch, margin in self.batches), Decimal(0))

    @property
    def percent(self) -> Decimal | None:
        """What is left, in percent of the price; None while nothing is sold."""
        return 100 * self.left / self.price if self.price else None

    @property
    def used(self) -> Decimal:
        """Powder really used, in kg, of the powders shown."""
        return sum((one.used for one in self.powders), Decimal(0))

    @property
    def gap_percent(self) -> Decimal | None:
        """How much more powder was used than the work was to use, in percent; of the powders shown."""
        gaps = sum((one.gaps for one in self.powders), Decimal(0))
        planned = self.used + gaps
        return -100 * gaps / planned if planned > 0 else None


def read_steering(workshop: Workshop, *, months: int, anew: bool = False) -> Steering:
    """The figures of so many months, this one included; those of the last ten minutes unless asked `anew`."""
    key = ":".join(map(str, ("home:steering", workshop.pk, months, timezone.localdate(), get_language())))
    found: Steering | None = None if anew else cache.get(key)
    if found is None:
        found = _compute(months)
        cache.set(key, found, REFRESHED_AFTER.total_seconds())
    return found


def _compute(count: int) -> Steering:
    today = timezone.localdate()
    months = last_months(today, count)
    period = Period(months[0], today)
    _totals, powders = usage_by_month(months)
    batches = list_laid_batches(*period.bounds)[:MOST_BATCHES]
    items = list_items_of(batches)
    return Steering(
        computed_at=timezone.now(),
        first=period.first,
        last=period.last,
        ovens=usage_of(period.first, period.last).whole,
        quality=read_figures(period, today),
        powders=[one for one in powders if one.used > 0][:MOST_POWDERS],
        batches=[(batch, read_margin(batch, items[batch.pk])) for batch in batches],
    )
