"""The publisher's catalogue: what a new installation starts from."""

from django.utils import timezone

from app.tenancy.scope import platform_scope

from ..constants import INITIAL_OFFERS, InitialOffer
from ..models import Offer, OveragePrice, PriceVersion, SaasSettings
from ..presets import PRESET_OVERAGES, PRESETS


def load_plans() -> list[Offer]:
    """Create the offers and settings that are missing and return the new offers; what exists is left as it is.

    The presets come with them, neither public nor on sale (presets.py).
    """
    with platform_scope():
        SaasSettings.objects.get_or_create(pk=1)
        loaded = [_load(position, initial) for position, initial in enumerate((*INITIAL_OFFERS, *PRESETS), start=1)]
        for preset in PRESET_OVERAGES:
            price = {"unit_price": preset.unit_price, "per_units": preset.per_units, "is_active": False}
            OveragePrice.objects.get_or_create(dimension=preset.dimension, defaults=price)
    return [offer for offer in loaded if offer]


def _load(position: int, initial: InitialOffer) -> Offer | None:
    values = {
        "kind": initial.kind,
        "name": initial.name,
        "price_excl_tax": initial.price_excl_tax,
        "description": initial.description,
        "features": list(initial.features),
        "limits": dict(initial.limits),
        "support_level": initial.support_level,
        "guaranteed_uptime": initial.guaranteed_uptime,
        "is_active": initial.is_active,
        "is_public": initial.is_public,
        "position": position,
    }
    offer, is_new = Offer.objects.get_or_create(key=initial.key, defaults=values)
    if not is_new:
        return None
    if offer.price_excl_tax is not None:
        PriceVersion.objects.create(offer=offer, amount=offer.price_excl_tax, starts_at=timezone.now())
    return offer
