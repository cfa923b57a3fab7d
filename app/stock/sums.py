"""The sums behind the figures of items: one statement for any number of items, each through an index.

Lists ask it on each page. Written once: the ORM takes longer to write its five queries than PostgreSQL to answer them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from app.tenancy.models import Site
from app.tenancy.scope import current_workshop_id

from .constants import USES, ZERO, Source
from .reliability import DAYS_NEEDED

#: What says what was really used: the work, and the gaps that scales found.
REALLY_USED = (*USES, Source.WEIGHING)
READ = """
SELECT item.id, level.quantity, level.loose, carton.number, -used.quantity, weighed.days, weighed.gaps, weighed.theories
FROM unnest(%(items)s::bigint[]) AS item (id)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(quantity), 0) AS quantity, coalesce(sum(loose), 0) AS loose FROM stock_level
    WHERE workshop_id = %(workshop)s AND item_id = item.id AND (%(site)s::bigint IS NULL OR site_id = %(site)s)
) AS level
CROSS JOIN LATERAL (
    SELECT count(*) AS number FROM stock_carton
    WHERE workshop_id = %(workshop)s AND item_id = item.id AND emptied_at IS NULL
        AND (%(site)s::bigint IS NULL OR site_id = %(site)s)
) AS carton
CROSS JOIN LATERAL (
    SELECT coalesce(sum(quantity), 0) AS quantity FROM stock_movement
    WHERE workshop_id = %(workshop)s AND item_id = item.id AND happened_at >= %(used_since)s
        AND source = ANY(%(sources)s) AND (%(site)s::bigint IS NULL OR site_id = %(site)s)
) AS used
CROSS JOIN LATERAL (
    SELECT array_agg(day ORDER BY day) AS days, array_agg(gap ORDER BY day) AS gaps,
        array_agg(theory ORDER BY day) AS theories
    FROM (
        SELECT weighing.day, sum(found.gap) AS gap, sum(weighing.net - found.gap) AS theory
        FROM (
            SELECT id, net, (at AT TIME ZONE %(zone)s)::date AS day,
                dense_rank() OVER (ORDER BY (at AT TIME ZONE %(zone)s)::date DESC) AS rank
            FROM stock_weighing WHERE workshop_id = %(workshop)s AND item_id = item.id AND at >= %(checked_since)s
        ) AS weighing CROSS JOIN LATERAL (
            SELECT coalesce(sum(quantity), 0) AS gap FROM stock_movement
            WHERE weighing_id = weighing.id AND workshop_id = %(workshop)s AND source = %(found)s
        ) AS found
        WHERE weighing.rank <= %(days)s GROUP BY weighing.day
    ) AS by_day
) AS weighed
"""

#: The days of weighings of an item.
Weighed = tuple[tuple[date, Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """Quantities of an item, in its unit; a day of weighings is (day, gap as known today, what should have been there).

    The days are the last ones that have one, no more than the reliability needs.
    """

    level: Decimal = ZERO
    loose: Decimal = ZERO
    cartons: int = 0
    used: Decimal = ZERO
    weighed: Weighed = ()


def read_sums(
    item_pks: Sequence[int], *, used_since: datetime, checked_since: datetime, site: Site | None = None
) -> dict[int, Sums]:
    """The sums of these items of the workshop in scope, on a site or on all; what was weighed, on all."""
    values: dict[str, Any] = {
        "items": list(item_pks), "workshop": current_workshop_id(), "site": site.pk if site else None,
        "used_since": used_since, "checked_since": checked_since, "zone": timezone.get_current_timezone_name(),
        "sources": [str(source) for source in REALLY_USED], "found": str(Source.WEIGHING), "days": DAYS_NEEDED,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(READ, values)
        return {
            pk: Sums(level, loose, cartons, used, tuple(zip(days or (), gaps or (), theories or (), strict=True)))
            for pk, level, loose, cartons, used, days, gaps, theories in cursor.fetchall()
        }
