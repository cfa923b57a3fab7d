"""The base of every task that works for one workshop."""

from typing import Any

import structlog
from celery import Task

from .clock import workshop_clock
from .scope import workshop_scope


class WorkshopTask(Task):  # type: ignore[misc]
    """Runs in the scope and on the clock of its `workshop_id`; the task's other arguments are identifiers."""

    abstract = True

    def __call__(self, *args: Any, workshop_id: int, **kwargs: Any) -> Any:
        structlog.contextvars.bind_contextvars(workshop_id=workshop_id)
        with workshop_scope(workshop_id), workshop_clock(workshop_id):
            return super().__call__(*args, workshop_id=workshop_id, **kwargs)
