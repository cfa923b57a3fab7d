"""Answers about the work that waits, worked out once and kept until that work changes.

Every change leaves a note in the transaction that makes it (WorkChange), and an answer is kept under the notes that
were seen when it was asked: who sees one more asks anew. So an answer is never of before what its reader can see,
no moment passes between a change and its being known, and who changes the work waits for nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection

from app.tenancy.scope import current_workshop_id, platform_scope

from .constants import Changed
from .models import WorkChange

Answer = TypeVar("Answer")
KEPT_FOR = timedelta(hours=12)
#: How many notes of a workshop are read to know its state before they are made one.
MOST_NOTES = 100

TABLE = WorkChange._meta.db_table
_STATE = f"""
SELECT count(*), coalesce(bit_xor(uuid_hash_extended(id, 0)), 0),
    count(*) FILTER (WHERE what = '{Changed.WORK}'),
    coalesce(bit_xor(uuid_hash_extended(id, 0)) FILTER (WHERE what = '{Changed.WORK}'), 0)
FROM {TABLE} WHERE workshop_id = %s
"""
_FOLD = f"""
WITH many AS (
    SELECT workshop_id FROM {TABLE} GROUP BY workshop_id HAVING count(*) > %s
), gone AS (
    DELETE FROM {TABLE} WHERE workshop_id IN (SELECT workshop_id FROM many) RETURNING workshop_id, what
), folded AS (
    INSERT INTO {TABLE} (id, workshop_id, what)
    SELECT gen_random_uuid(), workshop_id, what FROM gone GROUP BY workshop_id, what RETURNING workshop_id
)
SELECT count(DISTINCT workshop_id) FROM folded
"""


@dataclass(frozen=True)
class WorkState:
    """The notes that were seen of a workshop: all of them, and those of changes that are no step."""

    with_steps: str
    work: str


def read_state() -> WorkState:
    """What the answers of a page are kept under; one that asks several questions reads it once, before the first."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [current_workshop_id()])
        [(count, notes, of_work, notes_of_work)] = cursor.fetchall()
    return WorkState(f"{count}:{notes}", f"{of_work}:{notes_of_work}")


def remembered(
    about: tuple[Any, ...],
    work_out: Callable[[], Answer],
    *,
    with_steps: bool = False,
    state: WorkState | None = None,
) -> Answer:
    """What `work_out` says of the work of the workshop in scope, from Redis when nothing has changed since it said so.

    An answer that depends on the steps at which projects stand says so (`with_steps`): the others outlive these.
    `about` tells one question from another; the answer is plain values, and None is not one. ScopeError outside a
    scope.
    """
    # Before the work is read: what is read afterwards may be newer than its key, never older.
    seen = state or read_state()
    asked = sha256(repr(about).encode()).hexdigest()
    key = f"projects:work:{current_workshop_id()}:{seen.with_steps if with_steps else seen.work}:{asked}"
    found: Answer | None = cache.get(key)
    if found is None:
        found = work_out()
        cache.set(key, found, KEPT_FOR.total_seconds())
    return found


def fold_changes() -> int:
    """Put a new note in place of many of its kind, in each workshop that has many; in how many workshops.

    The new one is never taken away alone, so that a workshop is never again in a state that it has been in.
    """
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute(_FOLD, [MOST_NOTES])
        [(folded,)] = cursor.fetchall()
    return int(folded)
