"""Saying once that a quota comes near or is reached. Who is told, and how, belongs to billing."""

from datetime import datetime

from app.tenancy.models import Workshop

from ..constants import WARN_FROM
from ..models import Usage
from ..quotas import Quota, level_of, percent_used, period_start
from ..selectors import list_quotas, refused_today
from .granting import renew_entitlements


def take_warnings(*, workshop: Workshop, now: datetime) -> list[tuple[Quota, int]]:
    """The quotas that have passed a threshold since the last time, with it; each is returned once by period.

    The caller tells people in the same transaction. What counts what exists is told again once it has been back
    under the first threshold.
    """
    refused = refused_today(now)
    quotas = [quota for quota in list_quotas(workshop, now) if quota.limit is not None]
    levels = [
        (quota, level_of(quota.used, quota.limit, refused=quota.dimension in refused, dimension=quota.dimension))
        for quota in quotas
    ]
    due = [(quota, level) for quota, level in levels if level and _mark(workshop, quota, level, now)]
    if _rearm(quotas, now) or due:
        renew_entitlements(workshop)
    return due


def _mark(workshop: Workshop, quota: Quota, level: int, now: datetime) -> bool:
    """One UPDATE decides who tells it."""
    period = period_start(quota.dimension, now)
    held, _new = Usage.objects.get_or_create(workshop=workshop, dimension=quota.dimension, period=period)
    return bool(Usage.objects.filter(pk=held.pk, warned_at_percent__lt=level).update(warned_at_percent=level))


def _rearm(quotas: list[Quota], now: datetime) -> int:
    low = [quota for quota in quotas if percent_used(quota.used, quota.limit or 0) < WARN_FROM[0]]
    return sum(
        Usage.objects.filter(
            dimension=quota.dimension, period=period_start(quota.dimension, now), warned_at_percent__gt=0
        ).update(warned_at_percent=0)
        for quota in low
    )
