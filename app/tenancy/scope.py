"""The scope: one transaction in which the process sees one workshop's rows, or (platform) every workshop's.

The scope is the Python net (a context variable that the manager of each tenant model reads) and the PostgreSQL net
(role and `app.workshop_id`, both local to the transaction, so that nothing outlives it behind a pooler) in one place.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.db import connection, transaction

APP_ROLE: Final = "thermo_app"
PLATFORM_ROLE: Final = "thermo_platform"
PLATFORM: Final = 0  # no workshop has this key

_scope: ContextVar[int | None] = ContextVar("workshop_scope", default=None)


class ScopeError(RuntimeError):
    """A tenant row was asked for outside a scope, or a scope tried to enter another one."""


def current_scope() -> int | None:
    """The key of the workshop in scope, PLATFORM, or None outside any scope."""
    return _scope.get()


def current_workshop_id() -> int:
    """The key of the workshop in scope; ScopeError when there is none."""
    scope = _scope.get()
    if not scope:
        raise ScopeError("no workshop is in scope")
    return scope


@contextmanager
def workshop_scope(workshop_id: int) -> Iterator[None]:
    """Open a transaction that sees only the rows of this workshop; ScopeError inside another workshop's scope."""
    outer = _scope.get()
    if outer not in (None, PLATFORM, workshop_id):
        raise ScopeError(f"the scope of workshop {outer} cannot enter workshop {workshop_id}")
    with _entered(workshop_id, outer):
        yield


@contextmanager
def platform_scope() -> Iterator[None]:
    """Open a transaction that sees every workshop's rows; ScopeError inside a workshop's scope."""
    outer = _scope.get()
    if outer not in (None, PLATFORM):
        raise ScopeError(f"the scope of workshop {outer} cannot enter the platform")
    with _entered(PLATFORM, outer):
        yield


@contextmanager
def _entered(scope: int, outer: int | None) -> Iterator[None]:
    nested = connection.in_atomic_block
    with transaction.atomic():
        if scope != outer or not nested:
            _tell_database(scope)
        token = _scope.set(scope)
        try:
            yield
        finally:
            _scope.reset(token)
        # The end of the transaction (or of the savepoint, on error) forgets the settings; inside a longer
        # transaction they would outlive the scope.
        if nested and scope != outer and not connection.needs_rollback:
            _tell_database(outer)


def _tell_database(scope: int | None) -> None:
    role = {None: "none", PLATFORM: PLATFORM_ROLE}.get(scope, APP_ROLE)
    workshop = str(scope) if scope else ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true), set_config('app.workshop_id', %s, true)", [role, workshop])
