"""Which powders to weigh today. A pure function of the day, the workshop and what was seen before.

Every list has at least one place that is not for the most used. It goes to whatever was not seen for `bound` days, the
one waiting longest first, else to one drawn by lot, more likely the longer it waits. So nothing waits more than
`longest_wait` working days: once it is due, only those that are due before it pass, and each of them once.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import ceil


class Reason(StrEnum):
    """Why an item is on the list of a day."""

    USED = "used"
    DUE = "due"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something in stock: how much of it was used lately, and when it was last weighed or on a list (None: never)."""

    pk: int
    used: Decimal
    seen_on: date | None
    weighed_today: bool = False


def pick(
    candidates: Sequence[Candidate], *, day: date, workshop_pk: int, size: int, bound: int
) -> list[tuple[int, Reason]]:
    """The list of a day; the same for the same day, workshop and candidates, in whatever order they come."""
    free = sorted((one for one in candidates if not one.weighed_today), key=lambda one: one.pk)
    chance = random.Random(_seed(workshop_pk, day))  # noqa: S311 - a lottery that can be drawn again, not a secret
    picked: dict[int, Reason] = {}
    for _place in range(places_for_others(size)):
        left = [one for one in free if one.pk not in picked]
        if left:
            one, reason = _other(left, day, bound, chance)
            picked[one.pk] = reason
    used = sorted((one for one in free if one.used > 0 and one.pk not in picked), key=lambda one: (-one.used, one.pk))
    for one in used[: size - len(picked)]:
        picked[one.pk] = Reason.USED
    for one in _longest_first([one for one in free if one.pk not in picked], day)[: size - len(picked)]:
        picked[one.pk] = Reason.DRAWN
    return list(picked.items())


def places_for_others(size: int) -> int:
    """How many places of a list are not for the most used: a third, at least one."""
    return max(1, size // 3)


def longest_wait(count: int, *, size: int, bound: int) -> int:
    """The most lists that something can be absent from, among `count` in stock, when a list is made each day."""
    return bound + ceil(count / places_for_others(size))


def _other(left: Sequence[Candidate], day: date, bound: int, chance: random.Random) -> tuple[Candidate, Reason]:
    oldest = _longest_first(left, day)[0]
    if _waited(oldest, day) >= bound:
        return oldest, Reason.DUE
    return chance.choices(left, weights=[1 + _waited(one, day) for one in left])[0], Reason.DRAWN


def _longest_first(some: Sequence[Candidate], day: date) -> list[Candidate]:
    return sorted(some, key=lambda one: (-_waited(one, day), one.pk))


def _waited(one: Candidate, day: date) -> int:
    """Days since it was seen; what was never seen has waited for ever."""
    return (day - one.seen_on).days if one.seen_on else 10_000


def _seed(workshop_pk: int, day: date) -> int:
    return int.from_bytes(hashlib.sha256(f"{workshop_pk}:{day.isoformat()}".encode()).digest()[:8], "big")
