"""What lifts a refusal, told by the app that sells: a plan that includes it, an option that adds it.

That app says so in its AppConfig: `remedy_finder = "app.billing.offers.find_remedies"`, a function that takes a
feature, or a dimension and the limit that is not enough, and returns what may be subscribed today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.apps import apps
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from .constants import Dimension, Feature


@dataclass(frozen=True)
class Remedy:
    """An offer that lifts a refusal; the price is EUR per month, excluding tax, None on quotation."""

    key: str
    name: str
    is_plan: bool
    price_excl_tax: Decimal | None


class Finder(Protocol):
    """Reads the catalogue."""

    def __call__(
        self, *, feature: Feature | None = None, dimension: Dimension | None = None, limit: int = 0
    ) -> list[Remedy]:
        """The offers that include the feature, or whose limit for the dimension is higher."""
        ...


def remedies_of_feature(feature: Feature) -> list[Remedy]:
    """What includes the feature; empty when nothing is sold that does."""
    finder = _finder()
    return finder(feature=feature) if finder else []


def remedies_of_quota(dimension: Dimension, limit: int) -> list[Remedy]:
    """What gives more than this limit."""
    finder = _finder()
    return finder(dimension=dimension, limit=limit) if finder else []


def names_of(remedies: Sequence[Remedy]) -> str:
    """`the plan Pro, the option Extra storage`."""
    return ", ".join(
        (_("the plan %(name)s") if remedy.is_plan else _("the option %(name)s")) % {"name": remedy.name}
        for remedy in remedies
    )


def _finder() -> Finder | None:
    paths = (getattr(config, "remedy_finder", "") for config in apps.get_app_configs())
    found: Finder | None = next((import_string(path) for path in paths if path), None)
    return found
