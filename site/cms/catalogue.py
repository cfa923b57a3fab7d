"""What the site says of the offer: asked for where it lives, never typed here. `settings` names where."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def public_plans() -> list[Any]:
    """The plans on sale: `name`, `price_excl_tax` a month or None, `description`, `features`, `feature_labels`."""
    return list(import_string(settings.PLAN_CATALOGUE)())


def trial_days() -> int:
    """How long a new workshop tries everything."""
    return int(import_string(settings.TRIAL_DAYS)())


def count_workshops() -> int:
    """How many workshops there are today."""
    return len(import_string(settings.WORKSHOP_LIST)())
