"""The scope: one transaction in which the process sees one workshop's rows, or (platform) every workshop's.

The scope is the Python net (a context variable that the manager of each tenant model reads) and the PostgreSQL net
(role and `app.workshop_id`, both local to the transaction, so that nothing outlives it behind a pooler) in one place.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import structlog
from django.db import connection, transaction

log = structlog.get_logger(__name__)

APP_ROLE: Final = "thermo_app"
PLATFORM_ROLE: Final = "thermo_platform"
PLATFORM: Final = 0  # no workshop has this key
TELL: Final = "SELECT set_config('role', %s, true), set_config('app.workshop_id', %s, true)"

_scope: ContextVar[int | None] = ContextVar("workshop_scope", default=None)
_afterwards: ContextVar[list[Callable[[], None]] | None] = ContextVar("after_scope", default=None)


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
def imagined_scope(workshop_id: int) -> Iterator[None]:
    """Write a question as in the scope of this workshop; PostgreSQL is not told, so that nothing can be asked in it."""
    token = _scope.set(workshop_id)
    try:
        yield
    finally:
        _scope.reset(token)


def read_across(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of one statement that crosses workshops; ScopeError inside a workshop's scope.

    Outside a transaction, role and statement leave in one message instead of four: PostgreSQL runs the statements of
    a message in a transaction of their own, and the role ends with it. For what each request asks.
    """
    if connection.in_atomic_block:
        with platform_scope(), connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())
    outer = _scope.get()
    if outer not in (None, PLATFORM):
        raise ScopeError(f"the scope of workshop {outer} cannot enter the platform")
    with connection.cursor() as cursor:
        cursor.execute(f"{TELL}; {sql}", [PLATFORM_ROLE, "", *params])
        cursor.nextset()
        return list(cursor.fetchall())


def call_after_scope(function: Callable[[], None]) -> None:
    """Call `function` once the outermost scope is closed, whether it was committed or rolled back.

    For what must be remembered of a refused act; what depends on the act itself goes to `transaction.on_commit`.
    A failure is logged and changes nothing else. ScopeError outside a scope.
    """
    waiting = _afterwards.get()
    if waiting is None:
        raise ScopeError("nothing to wait for: no scope is open")
    waiting.append(function)


@contextmanager
def _entered(scope: int, outer: int | None) -> Iterator[None]:
    if outer is not None:
        with _transaction(scope, outer):
            yield
        return
    waiting: list[Callable[[], None]] = []
    token = _afterwards.set(waiting)
    try:
        with _transaction(scope, outer):
            yield
    finally:
        _afterwards.reset(token)
        for function in waiting:
            _call(function)


def _call(function: Callable[[], None]) -> None:
    try:
        function()
    except Exception as error:  # the act is over: nothing of it may be undone any more
        log.exception("after_scope_failed", error=str(error))


@contextmanager
def _transaction(scope: int, outer: int | None) -> Iterator[None]:
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
        cursor.execute(TELL, [role, workshop])
