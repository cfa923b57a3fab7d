"""The questions about plans: may this workshop use this feature, and how much of this may it use?"""

from dataclasses import dataclass, field

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from app.tenancy.models import Workshop

from .constants import Source
from .models import Allowance, Grant

KEPT_SECONDS = 300


@dataclass(frozen=True)
class Entitlements:
    """What is granted now: the features, and the limit of each limited dimension."""

    features: frozenset[str] = frozenset()
    limits: dict[str, int] = field(default_factory=dict)


def has_feature(workshop: Workshop, feature: str) -> bool:
    """Whether a trial, a plan, an option or the publisher grants the feature, and the workshop left it on."""
    return feature not in workshop.modules_off and feature in get_entitlements(workshop).features


def limit_of(workshop: Workshop, dimension: str) -> int | None:
    """How much of this the workshop may use in a period; None when it is unlimited."""
    return get_entitlements(workshop).limits.get(dimension)


def get_entitlements(workshop: Workshop) -> Entitlements:
    """What is granted now, from the cache; its key changes with each grant, its life ends with the first one's."""
    key = cache_key(workshop)
    found: Entitlements | None = cache.get(key)
    if found is None:
        now = timezone.now()
        grants = Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now))
        ends = dict(grants.values_list("feature", "ends_at"))
        found = Entitlements(frozenset(ends), _limits())
        seconds = [(end - now).total_seconds() for end in ends.values() if end]
        cache.set(key, found, min([KEPT_SECONDS, *seconds]))
    return found


def cache_key(workshop: Workshop) -> str:
    return f"w{workshop.pk}:entitlements:{workshop.entitlements_version}"


def _limits() -> dict[str, int]:
    """The publisher's allowance where there is one, else the plan's or the trial's with what the options add."""
    by_dimension: dict[str, dict[str, int | None]] = {}
    for dimension, source, limit in Allowance.objects.values_list("dimension", "source", "limit"):
        by_dimension.setdefault(dimension, {})[source] = limit
    limits = {dimension: _limit(by_source) for dimension, by_source in by_dimension.items()}
    return {dimension: limit for dimension, limit in limits.items() if limit is not None}


def _limit(by_source: dict[str, int | None]) -> int | None:
    if Source.PUBLISHER in by_source:
        return by_source[Source.PUBLISHER]
    base = by_source.get(Source.PLAN, by_source.get(Source.TRIAL))
    return None if base is None else base + (by_source.get(Source.OPTION) or 0)
