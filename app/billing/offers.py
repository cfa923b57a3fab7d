"""What the catalogue says to others: what lifts a refusal, what the site publishes, what a use would cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.entitlements.constants import Dimension, Feature
from app.entitlements.remedies import Remedy

from .calculator import Estimate, Sold, cheapest
from .constants import GIGABYTE
from .models import Offer, OveragePrice
from .selectors import get_saas_settings, list_options, list_public_plans
from .usage_words import per_words, quantity_words

#: Dimensions published on the site even where no plan limits them.
PUBLISHED = (Dimension.PROJECTS, Dimension.STORAGE, Dimension.API_REQUESTS)


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
        found = [plan for plan in plans if _allows_more(limit_of_plan(plan, dimension), limit)]
        found += [option for option in options if option.limits.get(dimension)]
    else:
        found = []
    return [Remedy(offer.key, offer.name, offer.is_plan, offer.price_excl_tax) for offer in found]


def limit_of_plan(plan: Offer, dimension: Dimension) -> int | None:
    """What a plan allows; None is unlimited. Storage is that of the settings unless the plan says another."""
    default = get_saas_settings().storage_gb * GIGABYTE if dimension == Dimension.STORAGE else None
    limit: int | None = plan.limits.get(dimension, default)
    return limit


def list_overage_prices() -> dict[str, OveragePrice]:
    """The published prices of going over, by dimension."""
    return {price.dimension: price for price in OveragePrice.objects.filter(is_active=True).order_by("pk")}


def published_limits() -> list[LimitRow]:
    """The limits of the public plans, as the site states them."""
    plans, overages = list_public_plans(), list_overage_prices()
    rows = []
    for dimension in Dimension:
        limits = [limit_of_plan(plan, dimension) for plan in plans]
        if dimension not in PUBLISHED and all(limit is None for limit in limits) and dimension not in overages:
            continue
        words = tuple(quantity_words(dimension, limit) for limit in limits)
        price = overages.get(dimension)
        rows.append(LimitRow(str(dimension.label), words, per_words(price) if price else ""))
    return rows


def estimate_cost(*, projects: int, storage_gb: int) -> Estimate | None:
    """The cheapest of the public plans, with its options, for so many projects a month and so much storage.

    None when no plan with a price allows it: the answer is then a quotation.
    """
    wanted = {Dimension.PROJECTS.value: projects, Dimension.STORAGE.value: storage_gb * GIGABYTE}
    plans = [_sold(plan, wanted) for plan in list_public_plans() if plan.price_excl_tax is not None]
    return cheapest(wanted, plans=plans, options=[_sold(option, ()) for option in list_options()])


def _sold(offer: Offer, dimensions: Iterable[str]) -> Sold:
    limits = dict(offer.limits)
    limits |= {name: limit_of_plan(offer, Dimension(name)) for name in dimensions}
    return Sold(offer.name, offer.price_excl_tax or Decimal(0), limits)


def _allows_more(allowed: int | None, limit: int) -> bool:
    return allowed is None or allowed > limit
