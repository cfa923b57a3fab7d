"""Finding objects by the beginnings of their words."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial, reduce
from operator import and_
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import BigIntegerField, CharField, Count, Exists, Lookup, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from app.kernel.pagination import Narrowed
from app.kernel.text import tokens
from app.tenancy.scope import current_workshop_id

from .models import SearchToken
from .services import LONGEST

MOST_WORDS = 5
#: Up to so many words, the keys are read first; beyond, the list is read in its own order and each row probed.
FEW = 20_000
#: Of so many words that begin alike, the first objects are read in the order of the list; of more, all objects.
MOST_READ_IN_ORDER = 32


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
    words = _words(query)
    if not words:
        return None
    found = _tokens(kind, words[0])
    for word in words[1:]:
        found = found.filter(object_pk__in=_tokens(kind, word).values("object_pk"))
    first = found.values("object_pk")[: FEW + 1]
    seen = first.aggregate(number=Count("object_pk"), keys=Cast(ArrayAgg("object_pk"), TextField()))
    return _each_probed(kind, words) if seen["number"] > FEW else Q(pk__among=seen["keys"] or "{}")


_TABLE = SearchToken._meta.db_table
_OF_KIND = f"FROM {_TABLE} WHERE workshop_id = %(workshop)s AND kind = %(kind)s"
_WORD = f"SELECT {{what}} {_OF_KIND} AND token ^@ %({{name}})s"
#: The words that begin as the first one was typed, one step into the index for each: as few as a language has, or
#: thousands of numbers.
_WRITTEN = f"""
RECURSIVE beginning (token, rank) AS (
    (SELECT token, 1 {_OF_KIND} AND token ^@ %(word0)s ORDER BY token LIMIT 1)
    UNION ALL
    SELECT (SELECT token {_OF_KIND} AND token ^@ %(word0)s AND token > beginning.token ORDER BY token LIMIT 1), rank + 1
    FROM beginning WHERE token IS NOT NULL AND rank <= %(most)s
), written AS MATERIALIZED (
    SELECT token FROM beginning WHERE token IS NOT NULL
), """
#: Of each of these words its first objects in the order of the list, if they are few.
_IN_ORDER = f"""
    SELECT its.sort_key, its.object_pk FROM written CROSS JOIN LATERAL (
        SELECT sort_key, object_pk {_OF_KIND} AND token = written.token AND {{beyond}}
        ORDER BY sort_key {{way}}, object_pk {{way}} LIMIT %(rows)s
    ) AS its
"""
_FEW_WRITTEN = "(SELECT count(*) FROM written) <= %(most)s"
#: All objects of all these words, if they are not too many.
_EVERY = f"{_WORD.format(what='sort_key, object_pk', name='word0')} {{among}} LIMIT %(few)s + 1"
_FEW_MET = "(SELECT count(*) FROM met) <= %(few)s"
#: The first keys beyond a place of the list, and whether these are all; no row when they are more than `few` says.
#: Words are read from their index alone.
_FIRST = """
WITH {written}met AS MATERIALIZED ({met}), first AS MATERIALIZED (
    SELECT sort_key, object_pk FROM met WHERE {beyond} ORDER BY sort_key {way}, object_pk {way} LIMIT %(rows)s
)
SELECT
    ARRAY(SELECT object_pk FROM first WHERE TRUE {probed} ORDER BY sort_key {way}, object_pk {way}),
    (SELECT count(*) FROM first) < %(rows)s
WHERE {few}
"""
#: An object of the first word has another one too: found among all the objects of that one, or asked by its key.
_AMONG = f"AND object_pk IN ({_WORD.format(what='object_pk', name='{name}')})"
_PROBED = f"AND ({_WORD.format(what='TRUE', name='{name}')} AND object_pk = first.object_pk LIMIT 1)"
LARGEST_KEY = 2**63 - 1


def place_in_time(moment: datetime) -> str:
    """The `sort_key` of an object in a list that is in the order of moments, as its pages write them."""
    return moment.astimezone(UTC).isoformat()


def first_found(kind: str, query: str) -> Narrowed | None:
    """The `narrowed` of a page (`keyset_page`) in the order of `sort_key`, `id`, which the words of this kind must have
    been given; None when nothing was typed.

    The rows of a page are found among the words, and no other object that was found is read. Only for a list that
    nothing else filters.
    """
    words = _words(query)
    return partial(_first_found, kind, words) if words else None


def _first_found(kind: str, words: Sequence[str], beyond: Sequence[Any] | None, descending: bool, size: int) -> Q:
    asked: dict[str, Any] = {"workshop": current_workshop_id(), "kind": kind, "few": FEW, "most": MOST_READ_IN_ORDER}
    if len(words) > 1:
        words = sorted(words, key=lambda word: _guessed(asked, word))
    asked |= {f"word{rank}": word[:LONGEST] for rank, word in enumerate(words)}
    others = [name for name in asked if name.startswith("word")][1:]
    place = "TRUE"
    if beyond is not None:
        asked |= {"key": str(beyond[0]), "pk": max(-LARGEST_KEY, min(int(beyond[1]), LARGEST_KEY))}
        place = f"(sort_key, object_pk) {'<' if descending else '>'} (%(key)s, %(pk)s)"
    parts = {"beyond": place, "way": "DESC" if descending else "ASC"}
    # Words that often go together: the first objects of the rarest are asked for the others.
    asked["rows"], parts["probed"] = 4 * size, " ".join(_PROBED.format(name=name) for name in others)
    more = _FIRST.format(written=_WRITTEN, met=_IN_ORDER.format(**parts), few=_FEW_WRITTEN, **parts)
    found, is_all = _read_keys(more, asked)
    if found is None:
        more = _FIRST.format(written="", met=_EVERY.format(among=""), few=_FEW_MET, **parts)
        found, is_all = _read_keys(more, asked)
    if found is None and not others:
        return _each_probed(kind, words)
    if found is not None and (is_all or len(found) >= size):
        return Q(pk__in=found[:size])
    # An object is met once for each of its words that begins so, and words seldom go together: more are read.
    if others:
        every = _EVERY.format(among=" ".join(_AMONG.format(name=name) for name in others))
        more = _FIRST.format(written="", met=every, few=_FEW_MET, **(parts | {"probed": ""}))
    found, is_all = _read_keys(more, asked)
    while found is not None:
        if is_all or len(found) >= size:
            return Q(pk__in=found[:size])
        asked["rows"] *= 4
        found, is_all = _read_keys(more, asked)
    return _each_probed(kind, words)


def _read_keys(sql: str, asked: dict[str, Any]) -> tuple[list[int] | None, bool]:
    """The keys that are found, each once; None when too many words were met. Whether there are no more."""
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        for found, is_all in cursor.fetchall():
            return list(dict.fromkeys(found)), is_all
    return None, False


def _guessed(asked: dict[str, Any], word: str) -> int:
    """How many objects have a word that begins so, as the planner guesses: the statistics cost less than a count."""
    with connection.cursor() as cursor:
        sql = f"EXPLAIN (FORMAT JSON) {_WORD.format(what='1', name='word')}"
        cursor.execute(sql, asked | {"word": word[:LONGEST]})
        [([told],)] = cursor.fetchall()
    return int(told["Plan"]["Plan Rows"])


def _each_probed(kind: str, words: Sequence[str]) -> Q:
    """For common words: each row of a list is asked for all of them."""
    return reduce(and_, [Q(Exists(_tokens(kind, word).filter(object_pk=OuterRef("pk")))) for word in words])


def _words(query: str) -> list[str]:
    """The words that were typed, the longest first: it is the rarest, mostly."""
    return sorted(dict.fromkeys(tokens(query)), key=len, reverse=True)[:MOST_WORDS]


def _tokens(kind: str, word: str) -> "QuerySet[SearchToken]":
    return SearchToken.objects.filter(kind=kind, token__begins_with=word[:LONGEST])
