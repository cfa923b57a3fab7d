"""What the catalogue says to others: what lifts a refusal, what the site publishes, what a use would cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from app.entitlements.constants import Dimension, Feature
from app.entitlements.remedies import Remedy

from .calculator import Estimate, Sold, cheapest
from .constants import GIGABYTE
from .models import Offer, OveragePrice
from .selectors import get_saas_settings, list_options, list_public_plans
from .usage_words import per_words, quantity_words

#: Dimensions published on the site even where no plan limits them.
PUBLISHED = (Dimension.PROJECTS, Dimension.STORAGE, Dimension.API_REQUESTS)
#: Dimensions that mean nothing in a plan without the feature.
OF_FEATURE = {
    Dimension.API_REQUESTS: Feature.API,
    Dimension.INTEGRATIONS: Feature.API,
    Dimension.SIGNATURES: Feature.EXTERNAL_SIGNATURE,
}


@dataclass(frozen=True)
class LimitRow:
    """A limit of each plan, in the order of the plans, in words; and the price of going over, or ""."""

    label: str
    of_plans: tuple[str, ...]
    overage: str


def find_remedies(
    *, feature: Feature | None = None, dimension: Dimension | None = None, limit: int = 0
) -> list[Remedy]:
    """The public plans, then the options, that include the feature or allow more than the limit."""
    plans, options = list_public_plans(), list_options()
    if feature:
        found = [offer for offer in [*plans, *options] if feature in offer.features]
    elif dimension:
        storage = included_storage()
        found = [plan for plan in plans if _allows_more(limit_of_plan(plan, dimension, storage), limit)]
        found += [option for option in options if option.limits.get(dimension)]
    else:
        found = []
    return [Remedy(offer.key, offer.name, offer.is_plan, offer.price_excl_tax) for offer in found]


def included_storage() -> int:
    """The bytes that a workshop has unless its plan says another figure."""
    return get_saas_settings().storage_gb * GIGABYTE


def limit_of_plan(plan: Offer, dimension: str, storage: int) -> int | None:
    """What a plan allows; None is unlimited. `storage` is the figure of the settings, for a plan without its own."""
    limit: int | None = plan.limits.get(dimension, storage if dimension == Dimension.STORAGE else None)
    return limit


def list_overage_prices() -> dict[str, OveragePrice]:
    """The published prices of going over, by dimension."""
    return {price.dimension: price for price in OveragePrice.objects.filter(is_active=True).order_by("pk")}


def published_limits(plans: Sequence[Offer]) -> list[LimitRow]:
    """The limits of these plans, as the site states them."""
    overages, storage = list_overage_prices(), included_storage()
    limited = {dimension for plan in plans for dimension, limit in plan.limits.items() if limit is not None}
    limited.add(Dimension.STORAGE)
    return [
        LimitRow(
            label=str(dimension.label),
            of_plans=tuple(_limit_words(plan, dimension, storage) for plan in plans),
            overage=per_words(overages[dimension]) if dimension in overages and dimension in limited else "",
        )
        for dimension in Dimension
        if dimension in PUBLISHED or dimension in limited
    ]


def estimate_cost(*, projects: int, storage_gb: int) -> Estimate | None:
    """The cheapest of the public plans, with its options, for so many projects a month and so much storage.

    None when no plan with a price allows it: the answer is then a quotation.
    """
    wanted = {Dimension.PROJECTS.value: projects, Dimension.STORAGE.value: storage_gb * GIGABYTE}
    storage = included_storage()
    plans = [_sold(plan, storage) for plan in list_public_plans() if plan.price_excl_tax is not None]
    return cheapest(wanted, plans=plans, options=[_sold(option) for option in list_options()])


def _sold(offer: Offer, storage: int | None = None) -> Sold:
    limits = {Dimension.STORAGE.value: storage, **offer.limits}
    return Sold(offer.name, offer.price_excl_tax or Decimal(0), limits)


def _limit_words(plan: Offer, dimension: Dimension, storage: int) -> str:
    needed = OF_FEATURE.get(dimension)
    if needed and needed not in plan.features:
        return _("not included")
    return quantity_words(dimension, limit_of_plan(plan, dimension, storage))


def _allows_more(allowed: int | None, limit: int) -> bool:
    return allowed is None or allowed > limit
