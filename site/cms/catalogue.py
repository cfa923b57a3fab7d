"""What the site says of the offer: asked for where it lives, never typed here. `settings` names where."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.module_loading import import_string

from .comparison import Row, compare


def public_plans() -> list[Any]:
    """The plans on sale: `name`, `price_excl_tax` a month or None, `description`, `shown_features` and labels."""
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


class Catalogue:
    """The plans on sale and what they hold, read once for each request however many sections show them."""

    @classmethod
    def of(cls, request: HttpRequest | None) -> "Catalogue":
        """The catalogue of this request; of this moment when there is none."""
        kept: Catalogue | None = getattr(request, "_catalogue", None)
        if kept is None:
            kept = cls()
            if request is not None:
                request._catalogue = kept  # type: ignore[attr-defined]
        return kept

    @cached_property
    def plans(self) -> list[Any]:
        return public_plans()

    @cached_property
    def rows(self) -> list[Row]:
        """Every feature, and which plans hold it."""
        return compare(self.plans)

    @cached_property
    def limits(self) -> list[Any]:
        """The limits of each plan, and the prices beyond them."""
        return published_limits(self.plans) if self.plans else []

    @property
    def has_overages(self) -> bool:
        return any(row.overage for row in self.limits)


def count_workshops(*, days: int | None = None) -> int:
    """How many workshops there are today, or how many were opened in the last `days`."""
    since = timezone.now() - timedelta(days=days) if days else None
    return int(import_string(settings.WORKSHOP_COUNT)(since=since))


def shown_stories() -> list[Any]:
    """The stories of customers who agreed to tell them, in the editors' order."""
    return list(import_string(settings.CUSTOMER_STORIES)())


def shown_logos() -> list[Any]:
    """The stories whose customer allows its logo too."""
    return [story for story in shown_stories() if story.allows_logo and story.logo]
