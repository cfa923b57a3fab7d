"""Keeping the words of objects."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from app.kernel.text import tokens
from app.tenancy.scope import current_workshop_id

from .models import SearchToken

LONGEST = 40
TABLE = SearchToken._meta.db_table


def index(*, workshop_id: int, kind: str, object_pk: int, texts: Iterable[str], sort_key: str = "") -> None:
    """Replace the words by which one object is found; call it in the transaction that changes the object.

    `sort_key` is where it stands in its list, for a kind whose pages are found by `first_found`.
    """
    forget(kind=kind, object_pk=object_pk)
    index_many(workshop_id=workshop_id, kind=kind, texts_of={object_pk: texts}, sort_keys={object_pk: sort_key})


def index_many(
    *, workshop_id: int, kind: str, texts_of: Mapping[int, Iterable[str]], sort_keys: Mapping[int, str] | None = None
) -> None:
    """Add the words of many new objects at once, for imports: `texts_of` maps the key of an object to its texts."""
    places = sort_keys or {}
    new = [
        (word, object_pk, places.get(object_pk, ""))
        for object_pk, texts in texts_of.items()
        for word in {word[:LONGEST] for text in texts for word in tokens(text)}
    ]
    _run(
        f"INSERT INTO {TABLE} (workshop_id, kind, token, object_pk, sort_key) "
        "SELECT %s, %s, new.* FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS new",
        [workshop_id, kind, *([row[place] for row in new] for place in range(3))],
    )


def reindex_many(
    *, kind: str, texts_of: Mapping[int, Iterable[str]], sort_keys: Mapping[int, str] | None = None
) -> None:
    """Replace the words of many objects of the workshop in scope."""
    if texts_of:
        forget_many(kinds=(kind,), object_pks=texts_of)
        index_many(workshop_id=current_workshop_id(), kind=kind, texts_of=texts_of, sort_keys=sort_keys)


def forget_many(*, kinds: Iterable[str], object_pks: Iterable[int]) -> None:
    """Remove objects from the search, before their new words are added."""
    _run(
        f"DELETE FROM {TABLE} WHERE workshop_id = %s AND kind = ANY(%s) AND object_pk = ANY(%s)",
        [current_workshop_id(), list(kinds), list(object_pks)],
    )


def forget(*, kind: str, object_pk: int) -> None:
    """Remove an object from the search."""
    forget_many(kinds=(kind,), object_pks=(object_pk,))


def _run(sql: str, params: Sequence[Any]) -> None:
    """The words of an object are no objects of their own: the ORM would read each of them before it removes it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
