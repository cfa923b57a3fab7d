"""What a workshop may do, decided from facts alone: no clock, no database, no payment service.

See docs/algorithms/access.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .constants import OPEN_STATUSES, AccessState, BillingStatus, SubscriptionOrigin

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Facts:
    """What is known of a workshop's trial and subscription, and the publisher's delays in days."""

    trial_ends_at: datetime | None = None
    origin: str = SubscriptionOrigin.STRIPE
    status: str = BillingStatus.NONE
    period_end: datetime | None = None
    past_due_since: datetime | None = None
    ended_at: datetime | None = None
    days_before_limit: int = 7
    days_before_suspension: int = 14


@dataclass(frozen=True)
class Held:
    """An offer as a workshop holds it."""

    features: Iterable[str]
    limits: Mapping[str, int | None]
    quantity: int = 1


@dataclass(frozen=True)
class Rights:
    """Features and limits; a dimension that is absent or None is unlimited."""

    features: frozenset[str] = frozenset()
    limits: Mapping[str, int | None] = field(default_factory=dict)


def decide_access(facts: Facts, now: datetime) -> AccessState:
    """The state of a workshop at `now`. An unpaid one passes through UNPAID and LIMITED before SUSPENDED."""
    if facts.origin == SubscriptionOrigin.PUBLISHER:
        if facts.status == BillingStatus.ACTIVE and (facts.period_end is None or facts.period_end > now):
            return AccessState.ACTIVE
    elif facts.past_due_since is not None:
        return _unpaid(facts, (now - facts.past_due_since) // DAY)
    elif facts.status in OPEN_STATUSES:
        return AccessState.ACTIVE
    if facts.trial_ends_at and facts.trial_ends_at > now:
        return AccessState.TRIAL
    return AccessState.READ_ONLY


def _unpaid(facts: Facts, days: int) -> AccessState:
    if days < facts.days_before_limit:
        return AccessState.UNPAID
    return AccessState.LIMITED if days < facts.days_before_suspension else AccessState.SUSPENDED


def closes_at(facts: Facts, state: AccessState) -> datetime | None:
    """From when the workshop can only be read; None while nothing ends by itself."""
    if state == AccessState.TRIAL:
        return facts.trial_ends_at
    if state == AccessState.SUSPENDED and facts.past_due_since:
        return facts.past_due_since + facts.days_before_suspension * DAY
    if state != AccessState.READ_ONLY:
        return None
    ends = [end for end in (facts.trial_ends_at, facts.ended_at) if end]
    if facts.origin == SubscriptionOrigin.PUBLISHER and facts.period_end:
        ends.append(facts.period_end)
    return max(ends) if ends else None


def rights_of_plan(state: AccessState, plan: Held, premium: Iterable[str]) -> Rights:
    """What the plan gives in this state: everything, everything but the premium functions, or nothing."""
    if state in {AccessState.TRIAL, AccessState.READ_ONLY, AccessState.SUSPENDED}:
        return Rights()
    withheld = frozenset(premium) if state == AccessState.LIMITED else frozenset()
    return Rights(frozenset(plan.features) - withheld, dict(plan.limits))


def rights_of_options(state: AccessState, options: Iterable[Held], premium: Iterable[str]) -> Rights:
    """What the options add: their features, and their limits times their quantity."""
    features: frozenset[str] = frozenset()
    limits: dict[str, int | None] = {}
    for option in options:
        rights = rights_of_plan(state, option, premium)
        features |= rights.features
        for dimension, limit in rights.limits.items():
            limits[dimension] = (limits.get(dimension) or 0) + (limit or 0) * option.quantity
    return Rights(features, limits)
