"""What will be needed, as the floors above know it: they are asked by the names in the settings."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from app.tenancy.models import Site, Workshop

from .constants import Demand
from .forecast import Need


def list_demands(workshop: Workshop) -> list[Demand]:
    """Every demand that is known, each once."""
    found: list[Demand] = []
    for path in settings.STOCK_DEMANDS:
        ask: Callable[[Workshop], Iterable[Demand]] = import_string(path)
        found.extend(ask(workshop))
    return found


def needs_by_powder(workshop: Workshop, site: Site | None = None) -> dict[int, list[Need]]:
    """The demands of each powder, on a site or on all."""
    needs: dict[int, list[Need]] = defaultdict(list)
    for demand in list_demands(workshop):
        if site is None or demand.site_pk == site.pk:
            needs[demand.powder_pk].append(Need(demand.kg, demand.needed_on))
    return needs
