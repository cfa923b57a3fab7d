"""The powder that the running projects will take from the stock, batches included: each part once."""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal

from app.estimating.consumption import PowderUse
from app.projects.remembering import remembered
from app.stock.constants import Demand
from app.tenancy.models import Workshop

from .recommending import kilograms, sprayed_m2
from .selectors import list_unposted_parts

#: What `PowderUse` is made of, in its order.
POWDER_USE = ("powder__consumption_g_per_m2", "powder__density", "powder__thickness_um")


def powder_demand(workshop: Workshop, powder_pks: Collection[int]) -> Iterator[Demand]:
    """What the running projects still need of each of these powders, by site and promised date: one sum of each.

    A part that is in a batch is counted with its project: planned batches are not counted on top. What cannot be
    reckoned (no surface, a powder that is not known enough) is not demanded.
    """
    asked = sorted(powder_pks)
    return (Demand(*said) for said in remembered(("demand", *asked), lambda: list(_reckoned(asked))))


def _reckoned(powder_pks: Collection[int]) -> Iterator[tuple[int, int, Decimal, date | None]]:
    """What each demand holds, by powder, site and day."""
    keys = ("powder_id", "project__site_id", "project__promised_on")
    parts = list_unposted_parts().filter(powder__in=powder_pks)
    rows = parts.values_list(*keys, *POWDER_USE).annotate(sprayed=sprayed_m2()).order_by(*keys)
    for powder_pk, site_pk, promised_on, *known, sprayed in rows:
        kg = kilograms(PowderUse(*known), sprayed)
        if kg:
            yield powder_pk, site_pk, kg, promised_on
