"""Reads of the stock."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Sum

from app.tenancy.models import Site, Workshop

from .constants import ZERO
from .models import Level


def levels(workshop: Workshop, powder_ids: Iterable[int], site: Site | None = None) -> dict[int, Decimal]:
    """The stock of powders in kg, on a site or on all of them; 0 for a powder without any movement.

    One row for each powder and site, whatever the number of movements.
    """
    wanted = list(powder_ids)
    rows = Level.objects.filter(workshop=workshop, item__powder_id__in=wanted)
    if site is not None:
        rows = rows.filter(site=site)
    sums = dict(rows.values_list("item__powder_id").annotate(Sum("quantity")).order_by())
    return {powder_pk: sums.get(powder_pk, ZERO) for powder_pk in wanted}
