"""The powder that accepted quotes will need, until each becomes a project."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection

from app.quotes.constants import QuoteStatus
from app.quotes.models import Quote, QuoteLine
from app.stock.constants import Demand
from app.tenancy.models import Site, Workshop
from app.tenancy.scope import current_workshop_id
from app.workshops.services.sites import main_site

from .models import Project

#: Written once: the list of the stock asks it on each page.
_WAITING = f"""
SELECT line.powder_id, line.powder_kg, (
    SELECT id FROM {Site._meta.db_table} WHERE workshop_id = %(workshop)s AND is_main LIMIT 1
)
FROM {QuoteLine._meta.db_table} AS line
JOIN {Quote._meta.db_table} AS quote ON quote.workshop_id = %(workshop)s AND quote.id = line.quote_id
WHERE line.workshop_id = %(workshop)s AND line.powder_id = ANY(%(powders)s) AND line.powder_kg > 0
    AND quote.status = %(accepted)s AND NOT EXISTS (
        SELECT FROM {Project._meta.db_table} AS project
        WHERE project.workshop_id = %(workshop)s AND project.quote_id = quote.id
    )
ORDER BY line.quote_id, line.position
"""


def quote_demand(workshop: Workshop, powder_pks: Collection[int]) -> Iterator[Demand]:
    """What the lines of the accepted quotes without a project need of these powders, as they were priced; no day is
    known yet."""
    asked: dict[str, Any] = {
        "workshop": current_workshop_id(),
        "powders": list(powder_pks),
        "accepted": str(QuoteStatus.ACCEPTED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, asked)
        found = cursor.fetchall()
    for powder_pk, kg, site_pk in found:
        yield Demand(powder_pk, site_pk or main_site(workshop=workshop).pk, kg, None)
