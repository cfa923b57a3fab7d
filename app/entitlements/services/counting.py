"""Counting what is used, in the transaction of the act: what is rolled back was never used.

The limit stands in the WHERE of the statement that counts, so that however many try at once, none passes it. The
statement keeps the counter locked until the caller's transaction ends; with several counters, storage comes first and
messages last, which is the order of every caller.

Nothing here is counted twice by a task that runs twice: the act itself is done once (under its own lock), and its
count with it.
"""

from datetime import date, datetime
from functools import partial

from django.db import connection
from django.utils import timezone

from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import call_after_scope, workshop_scope

from ..constants import WARN_TASK, Dimension, Feature
from ..errors import FeatureRefusedError, QuotaReachedError
from ..quotas import level_of, local_day, period_start
from ..remedies import remedies_of_feature, remedies_of_quota
from ..selectors import get_quota, has_feature, limit_of

Value = int | str | datetime | date | None

_COUNT = """
WITH counted AS (
    INSERT INTO entitlements_usage AS held (workshop_id, dimension, period, used, warned_at_percent)
    SELECT %(workshop)s, %(dimension)s, %(period)s, %(amount)s, 0
    WHERE %(limit)s::bigint IS NULL OR %(amount)s <= %(limit)s
    ON CONFLICT (workshop_id, dimension, period) DO UPDATE SET used = held.used + excluded.used
    WHERE %(limit)s::bigint IS NULL OR held.used + excluded.used <= %(limit)s
    RETURNING used, warned_at_percent
), logged AS (
    INSERT INTO entitlements_usageday AS held (workshop_id, dimension, day, user_id, added, refused)
    SELECT %(workshop)s, %(dimension)s, %(day)s, %(user)s, %(amount)s, 0 FROM counted
    ON CONFLICT (workshop_id, dimension, day, user_id) DO UPDATE SET added = held.added + excluded.added
)
SELECT used, warned_at_percent FROM counted
"""
_RELEASE = """
WITH counted AS (
    UPDATE entitlements_usage SET used = greatest(used - %(amount)s, 0)
    WHERE workshop_id = %(workshop)s AND dimension = %(dimension)s AND period = %(period)s
    RETURNING used
)
INSERT INTO entitlements_usageday AS held (workshop_id, dimension, day, user_id, added, refused)
SELECT %(workshop)s, %(dimension)s, %(day)s, %(user)s, -%(amount)s, 0 FROM counted
ON CONFLICT (workshop_id, dimension, day, user_id) DO UPDATE SET added = held.added + excluded.added
"""
_REFUSE = """
INSERT INTO entitlements_usageday AS held (workshop_id, dimension, day, user_id, added, refused)
VALUES (%(workshop)s, %(dimension)s, %(day)s, %(user)s, 0, 1)
ON CONFLICT (workshop_id, dimension, day, user_id) DO UPDATE SET refused = held.refused + 1
RETURNING refused
"""


def consume(
    *,
    workshop: Workshop,
    dimension: Dimension,
    amount: int = 1,
    actor: Actor | None = None,
    now: datetime | None = None,
) -> None:
    """Use `amount` of a dimension; QuotaReachedError when it would pass the limit, and then nothing is counted.

    The log of the day names the person who acts.
    """
    now = now or timezone.now()
    if not amount:
        return
    limit = limit_of(workshop, dimension)
    counted = _count(workshop, dimension, amount, limit, actor, now)
    if counted is None:
        call_after_scope(partial(_note_refusal, workshop.pk, dimension, actor, now))
        raise _reached(workshop, dimension, now)
    _warn_if_needed(workshop, dimension, limit, *counted)


def count(
    *,
    workshop: Workshop,
    dimension: Dimension,
    amount: int = 1,
    actor: Actor | None = None,
    now: datetime | None = None,
) -> None:
    """Use `amount` of a dimension whatever the limit: for what may not be refused (docs/algorithms/quotas.md)."""
    counted = _count(workshop, dimension, amount, None, actor, now or timezone.now()) if amount else None
    if counted:
        _warn_if_needed(workshop, dimension, limit_of(workshop, dimension), *counted)


def release(
    *,
    workshop: Workshop,
    dimension: Dimension,
    amount: int = 1,
    actor: Actor | None = None,
    now: datetime | None = None,
) -> None:
    """Give back `amount` of a dimension, never below zero."""
    _run(_RELEASE, _values(workshop.pk, dimension, amount, actor, now or timezone.now()))


def require_room(
    *,
    workshop: Workshop,
    dimension: Dimension,
    amount: int = 1,
    actor: Actor | None = None,
    now: datetime | None = None,
) -> None:
    """QuotaReachedError when there is no room for `amount` now; counts nothing.

    To refuse early what `consume` would refuse later; it does not stand in for it.
    """
    now = now or timezone.now()
    left = get_quota(workshop, dimension, now).left
    if left is not None and left < amount:
        call_after_scope(partial(_note_refusal, workshop.pk, dimension, actor, now))
        raise _reached(workshop, dimension, now)


def require_feature(*, workshop: Workshop, feature: Feature) -> None:
    """FeatureRefusedError, which names what includes it, when the workshop may not use the feature."""
    if not has_feature(workshop, feature):
        raise FeatureRefusedError(feature, remedies_of_feature(feature))


def _count(
    workshop: Workshop, dimension: Dimension, amount: int, limit: int | None, actor: Actor | None, now: datetime
) -> tuple[int, int] | None:
    """What is used and the last warning, or None when it would pass the limit. One statement."""
    if amount < 0:
        raise ValueError("use is counted from zero up; give back with release")
    found = _run(_COUNT, {**_values(workshop.pk, dimension, amount, actor, now), "limit": limit})
    return (found[0][0], found[0][1]) if found else None


def _values(
    workshop_id: int, dimension: Dimension, amount: int, actor: Actor | None, now: datetime
) -> dict[str, Value]:
    return {
        "workshop": workshop_id,
        "dimension": dimension.value,
        "period": period_start(dimension, now),
        "day": local_day(now),
        "user": actor.user_id if actor else None,
        "amount": amount,
    }


def _run(sql: str, values: dict[str, Value]) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def _warn_if_needed(workshop: Workshop, dimension: str, limit: int | None, used: int, warned: int) -> None:
    if level_of(used, limit, dimension=dimension) > warned:
        send_on_commit(WARN_TASK, workshop_id=workshop.pk)


def _reached(workshop: Workshop, dimension: Dimension, now: datetime) -> QuotaReachedError:
    quota = get_quota(workshop, dimension, now)
    return QuotaReachedError(quota, remedies_of_quota(dimension, quota.limit or 0))


def _note_refusal(workshop_id: int, dimension: Dimension, actor: Actor | None, now: datetime) -> None:
    """Once the refused act is over, kept or rolled back: the log of the day counts it, and people are told."""
    with workshop_scope(workshop_id):
        [(refused, *_rest)] = _run(_REFUSE, _values(workshop_id, dimension, 0, actor, now))
        if refused == 1:
            send_on_commit(WARN_TASK, workshop_id=workshop_id)
