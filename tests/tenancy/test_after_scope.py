"""What is remembered once the scope is closed, whatever became of it."""

from collections.abc import Callable

import pytest

from app.tenancy.models import Workshop
from app.tenancy.scope import ScopeError, call_after_scope, current_scope, platform_scope, workshop_scope

pytestmark = pytest.mark.django_db


def test_it_is_called_once_the_outermost_scope_is_closed(workshop: Workshop) -> None:
    called: list[int | None] = []
    with platform_scope():
        with workshop_scope(workshop.pk):
            call_after_scope(lambda: called.append(current_scope()))
        assert called == []
    assert called == [None]


def _fail_in_scope(workshop: Workshop, afterwards: Callable[[], None]) -> None:
    with workshop_scope(workshop.pk):
        call_after_scope(afterwards)
        raise ZeroDivisionError


def test_it_is_called_after_a_failure_too(workshop: Workshop) -> None:
    called: list[str] = []
    with pytest.raises(ZeroDivisionError):
        _fail_in_scope(workshop, lambda: called.append("refused"))
    assert called == ["refused"]


def test_a_failure_of_its_own_harms_nobody(workshop: Workshop) -> None:
    called: list[str] = []
    with workshop_scope(workshop.pk):
        call_after_scope(lambda: [].pop())  # type: ignore[arg-type,return-value]
        call_after_scope(lambda: called.append("next"))
    assert called == ["next"]


def test_outside_a_scope_there_is_nothing_to_wait_for() -> None:
    with pytest.raises(ScopeError):
        call_after_scope(lambda: None)
