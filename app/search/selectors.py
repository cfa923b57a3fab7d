"""Finding objects by the beginnings of their words."""

from functools import reduce
from operator import and_
from typing import Any

from django.db.models import CharField, Exists, Lookup, OuterRef, Q, QuerySet

from app.kernel.text import tokens

from .models import SearchToken
from .services import LONGEST

MOST_WORDS = 5
#: Up to so many objects, their keys are read first; beyond, the list is read in its own order and each row probed.
FEW = 20_000


@CharField.register_lookup
class BeginsWith(Lookup[str]):
    """`token ^@ 'prefix'`: PostgreSQL's starts_with, leakproof, so its index works under row security."""

    lookup_name = "begins_with"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", (*left_params, *right_params)


def matching(kind: str, query: str) -> Q | None:
    """A condition on a list: each of the typed words begins one of the object's words; None when nothing was typed.

    Accents and case are forgiven on both sides. A rare word gives few keys, by which the list is read; a common one
    is met again and again in the first rows of the list. Left alone, the planner takes one way for the other when
    its statistics are young, and reads every match for every row.
    """
    words = sorted(dict.fromkeys(tokens(query)), key=len, reverse=True)[:MOST_WORDS]
    if not words:
        return None
    keys = list(_tokens(kind, words[0]).values_list("object_pk", flat=True)[: FEW + 1])
    if len(keys) > FEW:
        return reduce(and_, [Q(Exists(_tokens(kind, word).filter(object_pk=OuterRef("pk")))) for word in words])
    for word in words[1:]:
        keys = list(_tokens(kind, word).filter(object_pk__in=keys).values_list("object_pk", flat=True))
    return Q(pk__in=set(keys))


def _tokens(kind: str, word: str) -> "QuerySet[SearchToken]":
    return SearchToken.objects.filter(kind=kind, token__begins_with=word[:LONGEST])
