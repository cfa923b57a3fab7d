"""What will be needed, as the floors above know it: they are asked by the names in the settings."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from app.tenancy.models import Site, Workshop

from .constants import Demand
from .forecast import Need


def needs_by_powder(workshop: Workshop, powder_pks: Collection[int], site: Site | None = None) -> dict[int, list[Need]]:
    """The demands of each of these powders, on a site or on all: nobody is asked about the others."""
    needs: dict[int, list[Need]] = defaultdict(list)
    if not powder_pks:
        return needs
    for path in settings.STOCK_DEMANDS:
        ask: Callable[[Workshop, Collection[int]], Iterable[Demand]] = import_string(path)
        for demand in ask(workshop, powder_pks):
            if site is None or demand.site_pk == site.pk:
                needs[demand.powder_pk].append(Need(demand.kg, demand.needed_on))
    return needs
