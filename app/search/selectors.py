"""Finding objects by the beginnings of their words."""

from typing import Any

from django.db.models import CharField, Lookup, QuerySet

from app.kernel.text import tokens

from .models import SearchToken
from .services import LONGEST

MOST_WORDS = 5


@CharField.register_lookup
class BeginsWith(Lookup[str]):
    """`token ^@ 'prefix'`: PostgreSQL's starts_with, leakproof, so its index works under row security."""

    lookup_name = "begins_with"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", (*left_params, *right_params)


def matching(kind: str, query: str) -> "QuerySet[SearchToken, int] | None":
    """The keys of the objects each of whose typed words begins one of their words; None when nothing was typed.

    Use it as `queryset.filter(pk__in=…)`. Accents and case are forgiven on both sides.
    """
    words = list(dict.fromkeys(tokens(query)))[:MOST_WORDS]
    if not words:
        return None
    found = SearchToken.objects.filter(kind=kind, token__begins_with=words[0][:LONGEST])
    for word in words[1:]:
        again = SearchToken.objects.filter(kind=kind, token__begins_with=word[:LONGEST])
        found = found.filter(object_pk__in=again.values("object_pk"))
    return found.values_list("object_pk", flat=True)
