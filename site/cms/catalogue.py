"""What the site says of the offer: asked for where it lives, never typed here. `settings` names where."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def public_plans() -> list[Any]:
    """The plans on sale: `name`, `price_excl_tax` a month or None, `description`, `features`, `feature_labels`."""
    return list(import_string(settings.PLAN_CATALOGUE)())


def published_limits(plans: Sequence[Any]) -> list[Any]:
    """The limits of these plans: `label`, `of_plans` in words and in their order, `overage` in words or ""."""
    return list(import_string(settings.PUBLISHED_LIMITS)(plans))


def estimate_cost(*, projects: int, storage_gb: int) -> Any:
    """The cheapest offer for this use, `lines` and `total` in EUR a month before VAT; None: on quotation."""
    return import_string(settings.COST_CALCULATOR)(projects=projects, storage_gb=storage_gb)


def trial_days() -> int:
    """How long a new workshop tries everything."""
    return int(import_string(settings.TRIAL_DAYS)())


def count_workshops() -> int:
    """How many workshops there are today."""
    return len(import_string(settings.WORKSHOP_LIST)())
