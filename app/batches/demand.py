"""The powder that the running projects will take from the stock, batches included: each part once."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import connection

from app.estimating.consumption import DEFAULT_TRANSFER_LOSS, PowderUse
from app.powders.models import Powder
from app.projects.constants import RUNNING, Laying
from app.projects.models import Part, Project
from app.projects.remembering import read_state, remembered_by_powder
from app.quotes.models import Quote
from app.stock.constants import Demand
from app.tenancy.models import Workshop
from app.tenancy.scope import current_workshop_id

from .models import PowderShare
from .recommending import kilograms
from .selectors import list_unposted_again

#: Powder, site, kg and the day on which it is needed.
Reckoned = tuple[int, int, Decimal, date | None]

PARTS, PROJECTS, POWDERS, SHARES, QUOTES = (
    model._meta.db_table for model in (Part, Project, Powder, PowderShare, Quote)
)
#: What `PowderUse` is made of, in its order, and the surface of the parts, once for each coat, with what does not stay
#: on it, as for a group (groups.py). Written once: the ORM takes longer to write it than PostgreSQL to answer.
_RECKONED = f"""
SELECT powder.id, project.site_id, project.promised_on,
    powder.consumption_g_per_m2, powder.density, powder.thickness_um,
    coalesce(sum(part.surface_m2 * part.quantity * part.coats / CASE WHEN powder.consumption_g_per_m2 IS NOT NULL THEN 1
        ELSE 1 - coalesce(quote.transfer_loss_percent, {DEFAULT_TRANSFER_LOSS}) / 100.0 END), 0)
FROM {PARTS} AS part
JOIN {POWDERS} AS powder ON powder.workshop_id = %(workshop)s AND powder.id = part.powder_id
JOIN {PROJECTS} AS project ON project.workshop_id = %(workshop)s AND project.id = part.project_id
LEFT JOIN {QUOTES} AS quote ON quote.workshop_id = %(workshop)s AND quote.id = project.quote_id
WHERE part.workshop_id = %(workshop)s AND part.powder_id = ANY(%(powders)s) AND project.status = ANY(%(running)s)
AND (part.id = ANY(%(again)s) OR project.laying = '{Laying.TO_LAY}' AND NOT EXISTS (
    SELECT FROM {SHARES} WHERE workshop_id = %(workshop)s AND part_id = part.id AND reversed_at IS NULL
))
GROUP BY powder.id, project.site_id, project.promised_on, powder.consumption_g_per_m2, powder.density,
    powder.thickness_um
ORDER BY powder.id, project.site_id, project.promised_on
"""


def powder_demand(workshop: Workshop, powder_pks: Collection[int]) -> Iterator[Demand]:
    """What the running projects still need of each of these powders, by site and promised date: one sum of each.

    A part that is in a batch is counted with its project: planned batches are not counted on top. What cannot be
    reckoned (no surface, a powder that is not known enough) is not demanded. It is worked out for those powders alone
    that the work has changed since it was asked of the same ones.
    """
    asked = sorted(powder_pks)

    def work_out(changed: Collection[int] | None) -> dict[int, list[Reckoned]]:
        found: dict[int, list[Reckoned]] = defaultdict(list)
        some = asked if changed is None else [pk for pk in asked if pk in changed]
        for said in _reckoned(some) if some else ():
            found[said[0]].append(said)
        return dict(found)

    of_these = sha256(repr(asked).encode()).hexdigest()
    by_powder = remembered_by_powder(f"demand:{of_these}", work_out, state=read_state())
    return (Demand(*said) for pk in asked for said in by_powder.get(pk, ()))


def _reckoned(powder_pks: Collection[int]) -> Iterator[Reckoned]:
    """What each demand holds, by powder, site and day."""
    asked: dict[str, Any] = {
        "workshop": current_workshop_id(),
        "powders": list(powder_pks),
        "running": [str(status) for status in RUNNING],
        "again": list_unposted_again(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECKONED, asked)
        rows = cursor.fetchall()
    for powder_pk, site_pk, promised_on, *known, sprayed in rows:
        kg = kilograms(PowderUse(*known), sprayed)
        if kg:
            yield powder_pk, site_pk, kg, promised_on
