"""Keeping the words of objects."""

from collections.abc import Iterable, Mapping

from django.db import connection

from app.kernel.text import tokens
from app.tenancy.scope import current_workshop_id

from .models import SearchToken

LONGEST = 40


def index(*, workshop_id: int, kind: str, object_pk: int, texts: Iterable[str], sort_key: str = "") -> None:
    """Replace the words by which one object is found; call it in the transaction that changes the object.

    `sort_key` is where it stands in its list, for a kind whose pages are found by `first_found`.
    """
    SearchToken.objects.filter(kind=kind, object_pk=object_pk).delete()
    SearchToken.objects.bulk_create(
        rows(workshop_id=workshop_id, kind=kind, object_pk=object_pk, texts=texts, sort_key=sort_key)
    )


def rows(*, workshop_id: int, kind: str, object_pk: int, texts: Iterable[str], sort_key: str = "") -> list[SearchToken]:
    """The rows of one object's words, for a bulk insert."""
    words = {word[:LONGEST] for text in texts for word in tokens(text)}
    return [
        SearchToken(workshop_id=workshop_id, kind=kind, token=word, object_pk=object_pk, sort_key=sort_key)
        for word in sorted(words)
    ]


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
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SearchToken._meta.db_table} (workshop_id, kind, token, object_pk, sort_key) "
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
    SearchToken.objects.filter(kind__in=list(kinds), object_pk__in=list(object_pks)).delete()


def forget(*, kind: str, object_pk: int) -> None:
    """Remove an object from the search."""
    SearchToken.objects.filter(kind=kind, object_pk=object_pk).delete()
