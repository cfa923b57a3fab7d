"""Finding objects by the beginnings of their words."""

from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BigIntegerField, CharField, Count, Exists, Lookup, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from app.kernel.text import tokens

from .models import SearchToken
from .services import LONGEST

MOST_WORDS = 5
#: Up to so many words, the keys are read first; beyond, the list is read in its own order and each row probed.
FEW = 20_000


@CharField.register_lookup
class BeginsWith(Lookup[str]):
    """`token ^@ 'prefix'`: PostgreSQL's starts_with, leakproof, so its index works under row security."""

    lookup_name = "begins_with"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", (*left_params, *right_params)


@BigIntegerField.register_lookup
class AmongKeys(Lookup[int]):
    """`pk__among="{1,2}"`: the rows of these keys, read one by one by their key, whatever the database guesses.

    The keys are written as PostgreSQL writes an array. As the result of a query, and not as a list, they do not lead
    the planner to walk through the whole list instead.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(ARRAY(SELECT unnest(%s::bigint[])))", (*left_params, self.rhs)


def matching(kind: str, query: str) -> Q | None:
    """A condition on a list: each of the typed words begins one of the object's words; None when nothing was typed.

    Accents and case are forgiven on both sides. A rare word gives few keys, by which the list is read; a common one
    is met again and again in the first rows of the list. Left alone, the planner takes one way for the other when
    its statistics are young, and reads every match for every row. The keys are read at once and given back as they
    came: what several words have in common is worked out once.
    """
    words = sorted(dict.fromkeys(tokens(query)), key=len, reverse=True)[:MOST_WORDS]
    if not words:
        return None
    found = _tokens(kind, words[0])
    for word in words[1:]:
        found = found.filter(object_pk__in=_tokens(kind, word).values("object_pk"))
    first = found.values("object_pk")[: FEW + 1]
    seen = first.aggregate(number=Count("object_pk"), keys=Cast(ArrayAgg("object_pk"), TextField()))
    if seen["number"] > FEW:
        return reduce(and_, [Q(Exists(_tokens(kind, word).filter(object_pk=OuterRef("pk")))) for word in words])
    return Q(pk__among=seen["keys"] or "{}")


def _tokens(kind: str, word: str) -> "QuerySet[SearchToken]":
    return SearchToken.objects.filter(kind=kind, token__begins_with=word[:LONGEST])
