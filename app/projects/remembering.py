"""Answers about the work that waits, worked out once and kept until that work changes.

Every change leaves a note in the transaction that makes it (WorkChange), and an answer is kept under the notes that
were seen when it was asked: who sees one more asks anew. So an answer is never of before what its reader can see,
no moment passes between a change and its being known, and who changes the work waits for nobody.

What can be said of each powder apart is kept under the notes about that powder: a change is worked out anew for the
powders that it touches.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection

from app.tenancy.scope import current_workshop_id, platform_scope

from .constants import Changed, Subject
from .models import Part, Project, WorkChange

Answer = TypeVar("Answer")
KEPT_FOR = timedelta(hours=12)
#: How many notes of a workshop may say what fewer would say.
MOST_NOTES = 100

TABLE, PARTS, PROJECTS = (model._meta.db_table for model in (WorkChange, Part, Project))
_STATE = f"""
SELECT count(*), coalesce(bit_xor(uuid_hash_extended(id, 0)), 0),
    count(*) FILTER (WHERE what = '{Changed.WORK}'),
    coalesce(bit_xor(uuid_hash_extended(id, 0)) FILTER (WHERE what = '{Changed.WORK}'), 0),
    count(*) FILTER (WHERE of_names), coalesce(bit_xor(uuid_hash_extended(id, 0)) FILTER (WHERE of_names), 0),
    array_agg(DISTINCT subject_pk) FILTER (WHERE about = '{Subject.POWDER}' AND NOT of_names)
FROM {TABLE} WHERE workshop_id = %s
"""


def _with_powders(notes: str) -> str:
    """SQL of notes, once for each powder that they are about. Who looks finds the powders: a part that comes to another
    one leaves notes about both, so that the changes of its project, before and after, are in no kept answer.

    What is about no powder is looked up one by one: to join it with parts, projects and quotes takes the planner longer
    than all that there is to read.
    """
    told = "note.workshop_id, note.what, note.mark"
    its_project = f"""CASE note.about
        WHEN '{Subject.PROJECT}' THEN note.subject_pk
        WHEN '{Subject.PART}' THEN (
            SELECT project_id FROM {PARTS} WHERE workshop_id = note.workshop_id AND id = note.subject_pk
        )
        ELSE (SELECT id FROM {PROJECTS} WHERE workshop_id = note.workshop_id AND quote_id = note.subject_pk)
    END"""
    return f"""
    SELECT {told}, note.subject_pk AS powder FROM {notes} AS note WHERE note.about = '{Subject.POWDER}'
    UNION ALL SELECT {told}, touched.powder_id FROM {notes} AS note CROSS JOIN LATERAL (
        SELECT DISTINCT part.powder_id FROM {PARTS} AS part
        WHERE part.workshop_id = note.workshop_id AND part.powder_id IS NOT NULL AND part.project_id = {its_project}
            AND (note.about <> '{Subject.PART}' OR part.id = note.subject_pk)
    ) AS touched WHERE note.about <> '{Subject.POWDER}'
    """


_STATES = f"""
SELECT powder, bit_xor(mark) FROM ({_with_powders(TABLE)}) AS told
WHERE workshop_id = %s AND what = ANY(%s) GROUP BY powder
"""
_FOLD = f"""
WITH many AS (
    SELECT workshop_id FROM {TABLE} GROUP BY workshop_id
    HAVING count(*) - count(DISTINCT (subject_pk, what)) FILTER (WHERE about = '{Subject.POWDER}') > %s
), gone AS (
    DELETE FROM {TABLE} WHERE workshop_id IN (SELECT workshop_id FROM many) RETURNING *
), folded AS (
    INSERT INTO {TABLE} (id, workshop_id, what, about, subject_pk, mark, of_names)
    SELECT gen_random_uuid(), workshop_id, what, '{Subject.POWDER}', powder, bit_xor(mark), true
    FROM ({_with_powders("gone")}) AS told GROUP BY workshop_id, what, powder RETURNING workshop_id
)
SELECT count(DISTINCT workshop_id) FROM folded
"""


@dataclass(frozen=True)
class WorkState:
    """The notes that were seen of a workshop: all of them, those of changes that are no step, and those of the names of
    powders (a part left one, or the powder changed); and the powders to which parts came."""

    with_steps: str
    work: str
    names: str
    came: frozenset[int]


def read_state() -> WorkState:
    """What the answers of a page are kept under; one that asks several questions reads it once, before the first."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [current_workshop_id()])
        [(count, notes, of_work, notes_of_work, of_names, notes_of_names, came)] = cursor.fetchall()
    of_all, work, names = f"{count}:{notes}", f"{of_work}:{notes_of_work}", f"{of_names}:{notes_of_names}"
    return WorkState(of_all, work, names, frozenset(came or ()))


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


def remembered_names(
    work_out: Callable[[], Answer], powders_of: Callable[[Answer], Collection[int]], state: WorkState | None = None
) -> Answer:
    """What `work_out` says of the powders that parts name, and of nothing else; `powders_of` tells which these are.

    It outlives all but the changes of their names, and the coming of a part whose powder is not among them. When one
    came and went again, it is worked out anew after each change of the work. The rest is as `remembered`.
    """
    # Before the work is read, as in `remembered`.
    seen = state or read_state()
    key = f"projects:names:{current_workshop_id()}:{seen.names}"
    kept: tuple[Answer, str] | None = cache.get(key)
    if kept and (kept[1] == seen.work or seen.came.issubset(powders_of(kept[0]))):
        return kept[0]
    found = work_out()
    cache.set(key, (found, seen.work), KEPT_FOR.total_seconds())
    return found


def remembered_by_powder(
    about: str,
    work_out: Callable[[Collection[int] | None], Mapping[int, Answer]],
    *,
    with_steps: bool = False,
    state: WorkState | None = None,
) -> dict[int, Answer]:
    """What `work_out` says of the work of each powder, of those alone that have changed since it said so of the others.

    It is asked of some powders, or of all (None), and leaves out those of which there is nothing to say. Who has read
    the `state` gives it: while it is the same, no powder's is read. The rest is as `remembered`.
    """
    # Before the work is read, as in `remembered`, and before the states of the powders.
    seen = state and (state.with_steps if with_steps else state.work)
    key = f"projects:by-powder:{current_workshop_id()}:{about}:{with_steps}"
    kept: tuple[str | None, dict[int, int], dict[int, Answer]] | None = cache.get(key)
    if kept and seen and kept[0] == seen:
        return kept[2]
    states = _read_states(with_steps)
    if kept is None:
        found = dict(work_out(None))
    else:
        _seen, before, found = kept
        changed = {powder for powder, _state in before.items() ^ states.items()}
        if not changed and not seen:
            return found
        for powder in changed:
            found.pop(powder, None)
        found |= work_out(changed) if changed else {}
    cache.set(key, (seen, states, found), KEPT_FOR.total_seconds())
    return found


def _read_states(with_steps: bool) -> dict[int, int]:
    """What names the state of the work of each powder that notes are about."""
    changes = Changed.values if with_steps else [str(Changed.WORK)]
    with connection.cursor() as cursor:
        cursor.execute(_STATES, [current_workshop_id(), changes])
        return dict(cursor.fetchall())


def fold_changes() -> int:
    """Put one note for each powder in place of many, in each workshop that has many; in how many workshops.

    The state of each powder stays the same: its new note bears the marks of those that it replaces. The workshop's is a
    new one, since notes are not taken away alone: it is never again in a state that it has been in.
    """
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute(_FOLD, [MOST_NOTES])
        [(folded,)] = cursor.fetchall()
    return int(folded)
