"""The questions about plans: may this workshop use this feature, and how much of this may it use?"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db.models import Q, Sum
from django.utils import timezone

from app.tenancy.models import Workshop

from .constants import WARN_FROM, Dimension, Source
from .models import Allowance, Grant, Usage, UsageDay
from .quotas import Quota, level_of, local_day, percent_used, period_start, renews_at

KEPT_FOR = timedelta(minutes=5)
#: Where a workshop keeps what it was granted when it was asked last, with the key that this had: a page asks often.
ASKED = "_entitlements"


@dataclass(frozen=True)
class Alert:
    """A dimension whose use has reached a threshold (WARN_FROM)."""

    dimension: str
    level: int
    renews_at: datetime | None

    @property
    def is_full(self) -> bool:
        return self.level == WARN_FROM[-1]


@dataclass(frozen=True)
class Entitlements:
    """What is granted now: the features, the limit of each limited dimension, and the limits that come near."""

    features: frozenset[str] = frozenset()
    limits: dict[str, int] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()
    #: When it is to be asked again: a grant ends, or quotas have moved meanwhile.
    until: datetime | None = None


def has_feature(workshop: Workshop, feature: str) -> bool:
    """Whether a trial, a plan, an option or the publisher grants the feature, and the workshop left it on."""
    return feature not in workshop.modules_off and feature in get_entitlements(workshop).features


def limit_of(workshop: Workshop, dimension: str) -> int | None:
    """How much of this the workshop may use in a period; None when it is unlimited."""
    return get_entitlements(workshop).limits.get(dimension)


def list_alerts(workshop: Workshop, now: datetime | None = None) -> list[Alert]:
    """The quotas to warn about, up to some minutes old; the database is not asked when the answer is cached."""
    now = now or timezone.now()
    return [alert for alert in get_entitlements(workshop).alerts if alert.renews_at is None or alert.renews_at > now]


def get_quota(workshop: Workshop, dimension: str, now: datetime | None = None) -> Quota:
    """What is used and allowed of a dimension in the period that runs."""
    now = now or timezone.now()
    used = Usage.objects.filter(dimension=dimension, period=period_start(dimension, now))
    return Quota(
        dimension=dimension,
        used=used.values_list("used", flat=True).first() or 0,
        limit=limit_of(workshop, dimension),
        renews_at=renews_at(dimension, now),
    )


def list_quotas(workshop: Workshop, now: datetime | None = None) -> list[Quota]:
    """Every dimension that is limited or used in the period that runs, in the order of the catalogue."""
    now = now or timezone.now()
    limits = get_entitlements(workshop).limits
    used = {row.dimension: row.used for row in _current_rows(now)}
    return [
        Quota(dimension, used.get(dimension, 0), limits.get(dimension), renews_at(dimension, now))
        for dimension in Dimension.values
        if dimension in limits or used.get(dimension)
    ]


@dataclass(frozen=True)
class Day:
    """What a day added to a dimension, whoever did, and how often it was refused."""

    added: int
    refused: int


def list_days(dimension: str, since: date) -> dict[date, Day]:
    """The log of a dimension since a day, by day; a day without use has no entry."""
    rows = UsageDay.objects.filter(dimension=dimension, day__gte=since).values("day")
    days = rows.annotate(total=Sum("added"), refusals=Sum("refused"))
    return {row["day"]: Day(row["total"], row["refusals"]) for row in days.order_by("day")}


def refused_today(now: datetime) -> set[str]:
    """The dimensions for which something has been refused on this day of the workshop's clock."""
    today = UsageDay.objects.filter(day=local_day(now), refused__gt=0)
    return set(today.values_list("dimension", flat=True))


def get_entitlements(workshop: Workshop) -> Entitlements:
    """What is granted now, from the cache; its key changes with each grant, its life ends with the first one's."""
    key, now = cache_key(workshop), timezone.now()
    asked: tuple[str, Entitlements] | None = getattr(workshop, ASKED, None)
    if asked and asked[0] == key and asked[1].until and now < asked[1].until:
        return asked[1]
    found: Entitlements | None = cache.get(key)
    if found is None:
        grants = Grant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now))
        ends = dict(grants.values_list("feature", "ends_at"))
        limits = _limits()
        until = min([now + KEPT_FOR, *(end for end in ends.values() if end)])
        found = Entitlements(frozenset(ends), limits, _alerts(limits, now), until)
        cache.set(key, found, (until - now).total_seconds())
    setattr(workshop, ASKED, (key, found))
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


def _current_rows(now: datetime) -> list[Usage]:
    """The counters of the period that runs, of each dimension."""
    starts = {period_start(dimension, now) for dimension in Dimension.values}
    rows = Usage.objects.filter(period__in=starts)
    return [row for row in rows if row.period == period_start(row.dimension, now)]


def _alerts(limits: dict[str, int], now: datetime) -> tuple[Alert, ...]:
    if not limits:
        return ()
    found = [(row, _level(row, limits[row.dimension])) for row in _current_rows(now) if row.dimension in limits]
    return tuple(Alert(row.dimension, level, renews_at(row.dimension, now)) for row, level in found if level)


def _level(row: Usage, limit: int) -> int:
    """What is told once stays said until the use falls under the first threshold."""
    near = percent_used(row.used, limit) >= WARN_FROM[0]
    return max(level_of(row.used, limit, dimension=row.dimension), row.warned_at_percent if near else 0)
