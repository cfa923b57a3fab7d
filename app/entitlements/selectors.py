"""The one question about plans: may this workshop use this feature?"""

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from app.tenancy.models import Workshop

from .models import Grant

KEPT_SECONDS = 300


def has_feature(workshop: Workshop, feature: str) -> bool:
    """Whether a trial, a plan, an option or the publisher grants the feature, and the workshop left it on."""
    return feature not in workshop.modules_off and feature in granted_features(workshop)


def granted_features(workshop: Workshop) -> frozenset[str]:
    """The features granted now; kept in the cache, forgotten by each service that grants or withdraws."""
    key = cache_key(workshop.pk)
    features: frozenset[str] | None = cache.get(key)
    if features is None:
        now = timezone.now()
        grants = Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now))
        found = dict(grants.values_list("feature", "ends_at"))
        features = frozenset(found)
        ends = [(end - now).total_seconds() for end in found.values() if end]
        cache.set(key, features, min([KEPT_SECONDS, *ends]))
    return features


def cache_key(workshop_id: int) -> str:
    return f"w{workshop_id}:features"
