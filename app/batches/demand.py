"""The powder that the running projects will take from the stock, batches included: each part once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256

from app.estimating.consumption import PowderUse
from app.projects.remembering import remembered, remembered_by_powder
from app.stock.constants import Demand
from app.tenancy.models import Workshop

from .recommending import kilograms, sprayed_m2
from .selectors import list_unposted_parts

#: Powder, site, kg and the day on which it is needed.
Reckoned = tuple[int, int, Decimal, date | None]
#: What `PowderUse` is made of, in its order.
POWDER_USE = ("powder__consumption_g_per_m2", "powder__density", "powder__thickness_um")


def powder_demand(workshop: Workshop, powder_pks: Collection[int]) -> Iterator[Demand]:
    """What the running projects still need of each of these powders, by site and promised date: one sum of each.

    A part that is in a batch is counted with its project: planned batches are not counted on top. What cannot be
    reckoned (no surface, a powder that is not known enough) is not demanded.
    """
    asked = sorted(powder_pks)
    return (Demand(*said) for said in remembered(("demand", *asked), lambda: _kept(asked)))


def _kept(asked: Sequence[int]) -> list[Reckoned]:
    """What these powders are needed for; worked out for those alone that the work has changed since."""

    def work_out(changed: Collection[int] | None) -> dict[int, list[Reckoned]]:
        found: dict[int, list[Reckoned]] = defaultdict(list)
        some = asked if changed is None else [pk for pk in asked if pk in changed]
        for said in _reckoned(some) if some else ():
            found[said[0]].append(said)
        return dict(found)

    of_these = sha256(repr(asked).encode()).hexdigest()
    by_powder = remembered_by_powder(f"demand:{of_these}", work_out)
    return [said for pk in asked for said in by_powder.get(pk, ())]


def _reckoned(powder_pks: Collection[int]) -> Iterator[Reckoned]:
    """What each demand holds, by powder, site and day."""
    keys = ("powder_id", "project__site_id", "project__promised_on")
    parts = list_unposted_parts().filter(powder__in=powder_pks)
    rows = parts.values_list(*keys, *POWDER_USE).annotate(sprayed=sprayed_m2()).order_by(*keys)
    for powder_pk, site_pk, promised_on, *known, sprayed in rows:
        kg = kilograms(PowderUse(*known), sprayed)
        if kg:
            yield powder_pk, site_pk, kg, promised_on
