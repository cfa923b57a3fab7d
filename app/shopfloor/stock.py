"""The stock as a device carries it: the cartons that can be weighed, and what to weigh today. No price, no level."""

from typing import Any

from django.utils import timezone

from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.stock.constants import HEAVIEST_KG, SCALE_TOLERANCE_KG
from app.stock.figures import find_settings
from app.stock.models import Carton
from app.stock.models.planning import Why
from app.stock.selectors import list_open_cartons, list_picks, weighed_on
from app.stock.services.planning import list_of_the_day
from app.tenancy.models import Workshop
from app.tenancy.permissions import Permission

from .powders import describe_powder

CARTONS_CARRIED = 600


def read_stock(workshop: Workshop, permissions: frozenset[Permission]) -> dict[str, Any] | None:
    """What a device needs to weigh without network; None for who does not weigh, or in a plan without stock."""
    if Permission.STOCK_WEIGH not in permissions or not has_feature(workshop, Feature.BASIC_STOCK):
        return None
    today = timezone.localdate()
    smart = has_feature(workshop, Feature.SMART_STOCK)
    if smart and not workshop.is_read_only():
        list_of_the_day(workshop=workshop)
    done = weighed_on(today)
    return {
        "blind": find_settings().blind,
        "smart": smart,
        "tolerance": float(SCALE_TOLERANCE_KG),
        "heaviest": float(HEAVIEST_KG),
        "list": [
            {"item": pick.item_id, "why": Why(pick.why).label, "done": pick.item_id in done,
             "powder": describe_powder(pick.item.powder)}
            for pick in (list_picks(today) if smart else [])
            if pick.item.powder
        ],
        "cartons": [_describe(carton) for carton in list_open_cartons()[:CARTONS_CARRIED]],
    }  # fmt: skip


def _describe(carton: Carton) -> dict[str, Any]:
    return {
        "pk": carton.pk,
        "number": carton.number,
        "item": carton.item_id,
        "powder": describe_powder(carton.item.powder) if carton.item.powder else None,
        "lot": carton.lot,
        "full": float(carton.full_kg),
        "tare": float(carton.tare_kg),
        "last": None if carton.last_net_kg is None else float(carton.last_net_kg),
        "open": carton.opened_at is not None,
    }
