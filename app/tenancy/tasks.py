"""The base of every task that works for one workshop."""

from functools import partial
from typing import Any

import structlog
from celery import Task
from django.db import transaction

from .scope import workshop_scope


class WorkshopTask(Task):  # type: ignore[misc]
    """Runs in the scope of the `workshop_id` it is given; the task's other arguments are identifiers."""

    abstract = True

    def __call__(self, *args: Any, workshop_id: int, **kwargs: Any) -> Any:
        structlog.contextvars.bind_contextvars(workshop_id=workshop_id)
        with workshop_scope(workshop_id):
            return super().__call__(*args, workshop_id=workshop_id, **kwargs)

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Send the task once the transaction is committed; never if it is rolled back."""
        transaction.on_commit(partial(self.delay, *args, **kwargs))
