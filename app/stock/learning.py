"""Planned against weighed, for the works of an item; what its sheet should say."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from app.tenancy.scope import current_workshop_id

from .constants import ZERO, Source
from .models import Item, Movement, Weighing
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
    works, weighings = _read_past(item)
    compared = compare(works, weighings)
    current = _consumption(item)
    return Yield(
        works=compared[::-1],
        planned=sum((one.work.planned for one in compared), ZERO),
        weighed=sum((one.weighed for one in compared), ZERO),
        current=current,
        proposed=proposed_consumption(current, compared, weighings=len(weighings)) if current else None,
    )


#: The works that used powder, and what each weighing found as known today. Written once: the page of each item asks.
_PAST = f"""
SELECT happened_at, source_name, -sum(quantity) FROM {Movement._meta.db_table}
WHERE workshop_id = %(workshop)s AND item_id = %(item)s AND source = ANY(%(works)s) AND happened_at >= %(since)s
GROUP BY happened_at, source_name HAVING sum(quantity) < 0
UNION ALL
SELECT weighing.at, NULL, (
    SELECT coalesce(sum(quantity), 0) FROM {Movement._meta.db_table}
    WHERE workshop_id = %(workshop)s AND weighing_id = weighing.id AND source = '{Source.WEIGHING}'
) FROM {Weighing._meta.db_table} AS weighing
WHERE weighing.workshop_id = %(workshop)s AND weighing.item_id = %(item)s AND weighing.at >= %(since)s
"""


def _read_past(item: Item) -> tuple[list[Work], list[Weighed]]:
    values: dict[str, Any] = {
        "workshop": current_workshop_id(), "item": item.pk, "since": timezone.now() - LOOKED_BACK,
        "works": [str(source) for source in WORKS],
    }  # fmt: skip
    works, weighings = [], []
    with connection.cursor() as cursor:
        cursor.execute(_PAST, values)
        for at, name, kg in cursor.fetchall():
            if name is None:
                weighings.append(Weighed(at, kg))
            else:
                works.append(Work(at, name, kg))
    return works, weighings


def _consumption(item: Item) -> Decimal | None:
    """What the sheet says for one coat, g/m², losses included; None when it does not say."""
    return item.powder.use.grams_per_m2() if item.powder and item.powder.use.is_known else None
