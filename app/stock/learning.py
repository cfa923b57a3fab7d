"""Planned against weighed, for the works of an item; what its sheet should say."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils import timezone

from .constants import ZERO, Source
from .models import Item, Movement
from .yields import Compared, Weighed, Work, compare, proposed_consumption

LOOKED_BACK = timedelta(days=180)
WORKS = (Source.PROJECT, Source.BATCH, Source.REWORK)


@dataclass(frozen=True)
class Yield:
    """What scales say of a powder's consumption; `proposed` in g/m² once they speak clearly."""

    works: list[Compared]
    planned: Decimal
    weighed: Decimal
    current: Decimal | None
    proposed: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        """How much of the estimate was really used, in percent."""
        return 100 * self.weighed / self.planned if self.planned else None


def read_yield(item: Item) -> Yield:
    """The works of the last six months that a weighing followed, the latest first."""
    since = timezone.now() - LOOKED_BACK
    rows = Movement.objects.filter(item=item, source__in=WORKS, happened_at__gte=since)
    uses = rows.values_list("happened_at", "source_name").annotate(kg=Sum("quantity")).filter(kg__lt=0).order_by()
    works = [Work(at, name, -kg) for at, name, kg in uses]
    gap = Sum("movements__quantity", filter=Q(movements__source=Source.WEIGHING))
    found = item.weighings.filter(at__gte=since).annotate(gap_found=gap).values_list("at", "gap_found").order_by()
    weighings = [Weighed(at, gap or ZERO) for at, gap in found]
    compared = compare(works, weighings)
    current = _consumption(item)
    return Yield(
        works=compared[::-1],
        planned=sum((one.work.planned for one in compared), ZERO),
        weighed=sum((one.weighed for one in compared), ZERO),
        current=current,
        proposed=proposed_consumption(current, compared, weighings=len(weighings)) if current else None,
    )


def _consumption(item: Item) -> Decimal | None:
    """What the sheet says for one coat, g/m², losses included; None when it does not say."""
    return item.powder.use.grams_per_m2() if item.powder and item.powder.use.is_known else None
