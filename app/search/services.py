"""Keeping the words of objects."""

from collections.abc import Iterable

from app.kernel.text import tokens

from .models import SearchToken

LONGEST = 40


def index(*, workshop_id: int, kind: str, object_pk: int, texts: Iterable[str]) -> None:
    """Replace the words by which one object is found; call it in the transaction that changes the object."""
    SearchToken.objects.filter(kind=kind, object_pk=object_pk).delete()
    SearchToken.objects.bulk_create(rows(workshop_id=workshop_id, kind=kind, object_pk=object_pk, texts=texts))


def rows(*, workshop_id: int, kind: str, object_pk: int, texts: Iterable[str]) -> list[SearchToken]:
    """The rows of one object's words, for a bulk insert."""
    words = {word[:LONGEST] for text in texts for word in tokens(text)}
    return [SearchToken(workshop_id=workshop_id, kind=kind, token=word, object_pk=object_pk) for word in sorted(words)]


def forget(*, kind: str, object_pk: int) -> None:
    """Remove an object from the search."""
    SearchToken.objects.filter(kind=kind, object_pk=object_pk).delete()
