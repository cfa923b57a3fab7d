"""The rows that an address names, or the page that says there is none; the sites that a page asks for."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from app.powders.models import Powder
from app.powders.selectors import all_powders
from app.tenancy.models import Site, Workshop
from app.workshops.selectors import read_sites
from app.workshops.services.sites import main_site

from ..models import Carton, InventoryPlan, Item, Weighing
from ..selectors import all_cartons, all_items, all_weighings, get_item, list_plans


def item_or_404(item_pk: int) -> Item:
    """What is stocked, with its powder."""
    try:
        return get_item(item_pk)
    except Item.DoesNotExist as error:
        raise Http404 from error


def consumable_or_404(item_pk: int) -> Item:
    """A consumable: powders are changed in the catalogue."""
    return get_object_or_404(all_items().filter(powder=None), pk=item_pk)


def powder_or_404(powder_pk: int) -> Powder:
    """A powder of the workshop."""
    return get_object_or_404(all_powders(), pk=powder_pk)


def carton_or_404(carton_pk: int) -> Carton:
    """A carton, with its powder and site."""
    return get_object_or_404(all_cartons(), pk=carton_pk)


def weighing_or_404(weighing_pk: int) -> Weighing:
    """A weighing, with its carton."""
    return get_object_or_404(all_weighings(), pk=weighing_pk)


def plan_or_404(plan_pk: int) -> InventoryPlan:
    """A partial inventory."""
    return get_object_or_404(list_plans(), pk=plan_pk)


def sites_of(workshop: Workshop) -> list[Site]:
    """The sites in use, the main one first; a page asks for one only when there are several."""
    return read_sites() or [main_site(workshop=workshop)]


def chosen_site(request: HttpRequest, sites: list[Site]) -> Site | None:
    """The site that the address names, if it is one in use; None for all of them."""
    asked = request.GET.get("site", "")
    if not asked.isdecimal():
        return None
    for site in sites:
        if site.pk == int(asked):
            return site
    raise Http404
