"""Questions of the ORM that are written once, and asked again with other keys.

The ORM takes longer to write most questions (0.3 to 0.5 ms) than PostgreSQL to answer them. A question of the workshop
in scope is written with marks in place of its keys and days; when it is asked, they are put where the marks were.
"""

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date, timedelta
from functools import lru_cache, wraps
from typing import Any, Final, TypeVar

from django.conf import settings
from django.db import connections
from django.db.models import Model, QuerySet

from .scope import current_workshop_id, imagined_scope

Row = TypeVar("Row", bound=Model)
#: A key that no row has, and a day that is none of a workshop's: the first of those that stand where others will.
FIRST_KEY: Final = 9_000_000_000_000_000_000
FIRST_DAY: Final = date(1, 1, 1)
LARGEST: Final = 2**63 - 1


class QuestionError(TypeError):
    """What cannot be written once."""


def written_once(ask: "Callable[..., QuerySet[Row]]") -> Callable[..., list[Row]]:
    """The rows of the queryset that `ask` makes of its arguments, which is made once.

    A question is asked with keys (whole numbers) and days; of anything else (a truth, a status) each value makes
    another question, of which a process keeps 256. The queryset depends on its arguments and on the workshop in scope
    alone; the tests write each question anew and compare (QUESTIONS_ARE_COMPARED). Rows that belong to rows are asked
    for apart, not by prefetch_related. ScopeError outside a workshop's scope, QuestionError for what cannot be written
    so.
    """

    @lru_cache(maxsize=256)
    def write(shape: tuple[tuple[type, Any], ...]) -> _Question:
        marks = [_mark(kind, rank) if _is_asked_with(kind) else value for rank, (kind, value) in enumerate(shape, 1)]
        with imagined_scope(FIRST_KEY):
            return _Question(ask(*marks))

    @wraps(ask)
    def answer(*given: Any) -> list[Row]:
        values = [current_workshop_id(), *given]
        if any(type(value) is int and not 0 <= value <= LARGEST for value in values):
            return list(ask(*given))  # no key: the ORM knows that nothing has it
        kinds = [type(value) for value in given]
        pairs = zip(kinds, given, strict=True)
        question = write(tuple([(kind, None if _is_asked_with(kind) else value) for kind, value in pairs]))
        if settings.QUESTIONS_ARE_COMPARED:
            question.compare(ask(*given), values)
        return question.answer(values)

    return answer


def the_one(model: type[Row], rows: Sequence[Row]) -> Row:
    """The row that a key names; `model`.DoesNotExist when there is none."""
    if not rows:
        absent: Any = model
        raise absent.DoesNotExist(f"no {model.__name__} has this key")
    return rows[0]


def _is_asked_with(kind: type) -> bool:
    return kind in (int, date)


def _mark(kind: type, rank: int) -> int | date:
    return FIRST_KEY + rank if kind is int else FIRST_DAY + timedelta(rank)


def _rank(param: object) -> int | None:
    """Where the value is that replaces a mark, 0 being the workshop's; None for what is no mark."""
    if isinstance(param, int) and param >= FIRST_KEY:  # some fields make an Int8 of it
        return param - FIRST_KEY
    return (param - FIRST_DAY).days if type(param) is date and param.year == FIRST_DAY.year else None


class _Question:
    def __init__(self, rows: Any) -> None:
        if rows._prefetch_related_lookups:
            raise QuestionError("what belongs to the rows is asked for apart")
        compiler = rows.query.get_compiler(using=rows.db)
        self.sql, params = compiler.as_sql()
        if str(FIRST_KEY)[:-3] in self.sql:
            raise QuestionError("a limit is no key")
        self.params = [(param, _rank(param)) for param in params]
        if any(rank is None and isinstance(param, date) for param, rank in self.params):
            raise QuestionError("a day is given, or the next day asks for this one")
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _columns: converters
        self.rows, self.compiler = rows, compiler

    def answer(self, values: Sequence[Any]) -> list[Any]:
        compiler, asked = copy(self.compiler), (self.sql, self._with(values))
        compiler.connection = connections[self.rows.db]  # this thread's
        compiler.as_sql = lambda: asked
        query = _Instead(self.rows.query, get_compiler=lambda *_args, **_using: compiler)
        return [*self.rows._iterable_class(_Instead(self.rows, query=query))]

    def _with(self, values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple([param if rank is None else values[rank] for param, rank in self.params])

    def compare(self, rows: "QuerySet[Any]", values: Sequence[Any]) -> None:
        """QuestionError when these rows would be asked for otherwise."""
        if rows.query.sql_with_params() != (self.sql, self._with(values)):
            raise QuestionError(f"{rows.model.__name__}: asked for by more than its arguments")


class _Instead:
    """An object of which some attributes are others."""

    def __init__(self, target: object, **others: object) -> None:
        self.__dict__.update(others)
        self._target = target

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)
