"""Keyset pagination: a page costs the same whether it is the first or the thousandth."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable

Row = TypeVar("Row", bound=Model)
#: A quicker way to the rows of a page (`keyset_page`).
Narrowed = Callable[[Sequence[Any] | None, bool, int], Q | Combinable]
PAGE_SIZE = 25
LARGEST_PAGE = 100


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A page of rows and the cursors of its neighbours; None where there is none."""

    rows: list[Row]
    next_cursor: str | None
    previous_cursor: str | None

    def __bool__(self) -> bool:
        return bool(self.rows)


def keyset_page(
    queryset: "QuerySet[Row]", *, keys: Sequence[str], cursor: str | None = None, size: int = PAGE_SIZE,
    narrowed: Narrowed | None = None,
) -> Page[Row]:  # fmt: skip
    """A page ordered by `keys` (a leading "-" for descending; the last one unique), after or before a cursor.

    All keys go the same way, so that one index serves. A cursor that is not one of ours gives the first page.
    `narrowed` may know a quicker way to the rows: of the values beyond which they stand, whether the order is
    descending, and how many are wanted, it makes a condition that holds for these at least.
    """
    size = min(size, LARGEST_PAGE)
    backwards, values = _read(cursor, len(keys))
    names = [key.removeprefix("-") for key in keys]
    descending = keys[0].startswith("-") != backwards
    if values is not None:
        try:
            queryset = queryset.filter(_beyond(names, values, descending))
        except (ValidationError, ValueError, TypeError, OverflowError):  # a cursor made by hand, of the wrong types
            return keyset_page(queryset, keys=keys, size=size, narrowed=narrowed)
    if narrowed is not None:
        queryset = queryset.filter(narrowed(values, descending, size + 1))
    rows = list(queryset.order_by(*[("-" if descending else "") + name for name in names])[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    after = (more or backwards) and bool(rows)
    before = (values is not None and not backwards) or (backwards and more)
    return Page(
        rows,
        _write("a", rows[-1], names) if after else None,
        _write("b", rows[0], names) if before and rows else None,
    )


def first_page(rows: "Sequence[Row]", *, keys: Sequence[str], size: int = PAGE_SIZE) -> Page[Row]:
    """The first page, of the first rows in the order of `keys`: one more than it shows, where there are more."""
    shown, names = list(rows[:size]), [key.removeprefix("-") for key in keys]
    return Page(shown, _write("a", shown[-1], names) if len(rows) > size else None, None)


def _beyond(names: Sequence[str], values: Sequence[Any], descending: bool) -> Q:
    """(a, b) > (x, y), written so that the planner can start from the first key."""
    sign = "lt" if descending else "gt"
    test = Q(**{f"{names[-1]}__{sign}": values[-1]})
    for name, value in reversed(list(zip(names[:-1], values[:-1], strict=True))):
        test = Q(**{f"{name}__{sign}": value}) | Q(**{name: value}) & test
    return Q(**{f"{names[0]}__{sign}e": values[0]}) & test


def _write(way: str, row: Model, names: Sequence[str]) -> str:
    values = [_plain(_value(row, name)) for name in names]
    return urlsafe_b64encode(json.dumps([way, *values]).encode()).decode().rstrip("=")


def _value(row: Model, name: str) -> Any:
    value: Any = row
    for part in name.split("__"):
        value = getattr(value, part)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(cursor: str | None, count: int) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        way, *values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError):
        return False, None
    plain = all(isinstance(value, int | float) or (isinstance(value, str) and _is_text(value)) for value in values)
    if way not in ("a", "b") or len(values) != count or not plain:
        return False, None
    return way == "b", values


def _is_text(value: str) -> bool:
    """Whether the database can be given it: no zero, no half of a pair of UTF-16."""
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
