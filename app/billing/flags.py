"""Whether a function that is being tried is open to this person in this workshop: the product's one question.

The publisher's switch comes first: off, nobody has it. On, those have it whose workshop is named, whose plan is
named, or who fall in the share. A person falls on the same side for ever (a fingerprint of the flag and the person,
no cookie), and a larger share only adds people.
"""

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache

from app.tenancy.models import Workshop

from .constants import OPEN_STATUSES
from .models import FeatureFlag, Subscription

KEY = "feature_flags"
#: A change empties the cache at once; this only bounds what a lost message to the cache could keep alive.
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Flag:
    """A flag as the publisher set it."""

    is_on: bool
    percent: int
    plans: tuple[str, ...]
    workshops: frozenset[int]
    variants: tuple[str, ...]


def is_on(key: str, *, workshop: Workshop, user_id: int) -> bool:
    """Whether the function is open; in the workshop's scope. A flag that does not exist is off."""
    flag = _flags().get(key)
    if flag is None or not flag.is_on:
        return False
    if workshop.pk in flag.workshops or bucket(key, user_id) < flag.percent * 100:
        return True
    return bool(flag.plans) and _plan_of(workshop) in flag.plans


def variant(key: str, *, workshop: Workshop, user_id: int) -> str | None:
    """The group of this person among the flag's variants, always the same; None when it is not open or has none."""
    flag = _flags().get(key)
    if flag is None or not flag.variants or not is_on(key, workshop=workshop, user_id=user_id):
        return None
    return flag.variants[bucket(f"{key}:variant", user_id) % len(flag.variants)]


def bucket(key: str, user_id: int) -> int:
    """Where a person stands for this flag, from 0 to 9999: evenly spread, and for ever."""
    return int.from_bytes(sha256(f"{key}:{user_id}".encode()).digest()[:8]) % 10_000


def forget_flags() -> None:
    """Read the flags again at the next question, in every process."""
    cache.delete(KEY)


def _flags() -> dict[str, Flag]:
    found: dict[str, Flag] | None = cache.get(KEY)
    if found is None:
        found = {
            row.key: Flag(row.is_on, row.percent, tuple(row.plans), frozenset(row.workshops), tuple(row.variants))
            for row in FeatureFlag.objects.all()
        }
        cache.set(KEY, found, KEPT_SECONDS)
    return found


def _plan_of(workshop: Workshop) -> str:
    """The key of the plan that the workshop holds; asked only of flags that name plans."""
    held = Subscription.objects.filter(status__in=OPEN_STATUSES).values_list("plan__key", flat=True)
    return held.first() or ""
