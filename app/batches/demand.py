"""The powder that the running projects will take from the stock, batches included: each part once."""

from collections.abc import Iterator

from app.powders.models import Powder
from app.stock.constants import Demand
from app.tenancy.models import Workshop

from .recommending import kilograms, sprayed_m2
from .selectors import list_unposted_parts


def powder_demand(workshop: Workshop) -> Iterator[Demand]:
    """What the running projects still need of each powder, by site and promised date: one sum of each.

    A part that is in a batch is counted with its project: planned batches are not counted on top. What cannot be
    reckoned (no surface, a powder that is not known enough) is not demanded.
    """
    keys = ("powder_id", "project__site_id", "project__promised_on")
    rows = list(list_unposted_parts().values(*keys).annotate(sprayed=sprayed_m2()).order_by(*keys))
    powders = Powder.objects.in_bulk({row["powder_id"] for row in rows})
    for row in rows:
        kg = kilograms(powders[row["powder_id"]], row["sprayed"])
        if kg:
            yield Demand(row["powder_id"], row["project__site_id"], kg, row["project__promised_on"])
