"""Feature flags, for the publisher."""

from collections.abc import Iterable

from app.billing.models import FeatureFlag
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope


def list_flags() -> list[FeatureFlag]:
    return list(FeatureFlag.objects.all())


def find_flag(flag_pk: int) -> FeatureFlag | None:
    return FeatureFlag.objects.filter(pk=flag_pk).first()


def keys_of_slugs(slugs: Iterable[str]) -> dict[str, int]:
    """The key of each workshop among these addresses; those that do not exist are absent."""
    with platform_scope():
        return dict(Workshop.objects.filter(slug__in=list(slugs)).values_list("slug", "pk"))


def slugs_of_keys(keys: Iterable[int]) -> list[str]:
    """Today's addresses of these workshops."""
    with platform_scope():
        return list(Workshop.objects.filter(pk__in=list(keys)).order_by("slug").values_list("slug", flat=True))
