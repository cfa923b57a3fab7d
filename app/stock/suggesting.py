"""What to buy: the powders that run out before an order placed later would come, in whole packages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language

from app.kernel.money import format_number
from app.powders.models import Powder
from app.powders.selectors import list_formats
from app.tenancy.models import Workshop

from .constants import ZERO
from .figures import Figures, find_settings, read_figures
from .forecast import Packages, round_up, to_order
from .selectors import list_powder_items

#: Orders are gathered: what would have to be ordered within these days is ordered with the rest.
GATHERED_DAYS = 7


@dataclass(frozen=True)
class Suggestion:
    """A powder to order: what is missing, and the packages that hold at least that."""

    figures: Figures
    powder: Powder
    missing: Decimal
    packages: Sequence[Packages]

    @property
    def total(self) -> Decimal:
        """What the packages hold, kg; what is missing when the brand has no packaging yet."""
        return sum((one.kg * one.count for one in self.packages), ZERO) or self.missing

    @property
    def packages_text(self) -> str:
        """`2 × 20 kg + 1 × 5 kg`."""
        language = get_language() or "fr"
        return " + ".join(f"{one.count} × {format_number(one.kg, locale=language)} kg" for one in self.packages)


def suggest(workshop: Workshop, today: date | None = None) -> list[Suggestion]:
    """The powders to order now, those that run out first before the others."""
    day, wanted = today or timezone.localdate(), find_settings()
    formats = [(one.brand.lower(), one.net_kg) for one in list_formats()]
    items = list(list_powder_items().filter(powder__archived_at=None).order_by("pk"))
    found = []
    for figures in read_figures(workshop, items, today=day):
        powder = figures.item.powder
        soon = figures.runs_out_on and figures.runs_out_on <= day + timedelta(days=wanted.lead_days + GATHERED_DAYS)
        if powder is None or not (soon or figures.is_low):
            continue
        missing = to_order(
            figures.level, today=day, per_day=figures.per_day, needs=figures.needs,
            days=wanted.lead_days + wanted.cover_days,
        )  # fmt: skip
        # A powder under its own threshold comes back to it, even if nothing says that it is used.
        missing = max(missing, (figures.item.alert_below or ZERO) - figures.level)
        if missing > 0:
            sizes = [kg for brand, kg in formats if brand == powder.brand.lower()]
            found.append(Suggestion(figures, powder, missing, round_up(missing, sizes)))
    return sorted(found, key=lambda one: (one.figures.runs_out_on or date.max, one.figures.item.pk))
