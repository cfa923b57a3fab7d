"""Rows of the workshop in scope by statements that are written once (app.kernel.written)."""

from collections.abc import Sequence
from typing import Any, TypeVar

from app.kernel.written import read_rows

from .base import TenantModel
from .scope import current_workshop_id

Row = TypeVar("Row", bound=TenantModel)


def workshop_rows(model: type[Row], rest: str = "", params: Sequence[Any] = ()) -> list[Row]:
    """The rows of the workshop in scope; `rest` is SQL (AND …, ORDER BY …). ScopeError outside a workshop's scope."""
    return read_rows(model, f"WHERE workshop_id = %s {rest}", [current_workshop_id(), *params])
