"""What the list and the page of an item show, in questions that are written once."""

from django.db.models import F, QuerySet

from app.kernel.pagination import PAGE_SIZE
from app.tenancy.models import Site
from app.tenancy.questions import written_once

from .models import Carton, Item, Level, Movement, Weighing
from .selectors import (
    REACHED,
    SHOWN,
    list_cartons,
    list_levels,
    list_movements,
    list_powder_items,
    list_weighings,
)

LATEST = 8
CARTON_SHOWN = ("number", "lot", "full_kg", "opened_at", "last_net_kg", "last_weighed_at", "site__name")
MOVEMENT_SHOWN = ("happened_at", "source", "source_name", "user_name", "reason", "quantity", "carton__number")
WEIGHING_SHOWN = ("at", "user_name", "gross", "tare", "net", "previous_net", "theory", "carton__number")


@written_once
def first_items(site_pk: int | None, low: bool, *order: str) -> QuerySet[Item]:
    """The powders in stock, of a site or of all, that stand on the first page of their list, and the next one."""
    items = list_powder_items(site=None if site_pk is None else Site(pk=site_pk), low=low)
    reached = {name: F(name) for name in REACHED if name in order}
    return items.annotate(**reached).only(*SHOWN).order_by(*order)[: PAGE_SIZE + 1]


@written_once
def shown_levels(item_pk: int) -> QuerySet[Level]:
    """The level of an item on each site where it was, the main one first."""
    return list_levels(Item(pk=item_pk)).only("quantity", "site__name")


@written_once
def shown_cartons(item_pk: int) -> QuerySet[Carton]:
    """The cartons in use of a powder, the open ones first."""
    return list_cartons(Item(pk=item_pk)).select_related(None).select_related("site").only(*CARTON_SHOWN)


@written_once
def latest_movements(item_pk: int) -> QuerySet[Movement]:
    """The latest movements of an item, the latest first, with their carton."""
    movements = list_movements(Item(pk=item_pk)).select_related(None).select_related("carton")
    return movements.only(*MOVEMENT_SHOWN)[:LATEST]


@written_once
def latest_weighings(item_pk: int) -> QuerySet[Weighing]:
    """The latest weighings of an item, which is on screen already, the latest first, with their carton."""
    weighings = list_weighings(item=Item(pk=item_pk)).select_related(None).select_related("carton")
    return weighings.only(*WEIGHING_SHOWN)[:LATEST]
