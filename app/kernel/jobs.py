"""Sending tasks from services, by name: a service never imports the task that calls it."""

from functools import cache, partial
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def send_on_commit(task: str, *, countdown: int = 0, **kwargs: Any) -> None:
    """Send the task once the transaction is committed, to be run `countdown` seconds later; never if it is rolled back.

    When the queue does not answer, nothing is lost: the row that says what is to be done is written, and the
    sweeping job of its app sends the task again.
    """
    transaction.on_commit(partial(_send, task, kwargs, **({"countdown": countdown} if countdown else {})))


def _send(task: str, kwargs: dict[str, Any], **later: int) -> None:
    if current_app.conf.task_always_eager:
        _load_tasks()
        current_app.tasks[task].apply(kwargs=kwargs, throw=True)
        return
    try:
        current_app.send_task(task, kwargs=kwargs, retry=False, **later)
    except OperationalError as error:
        log.warning("task_not_sent", task=task, error=str(error))


@cache
def _load_tasks() -> None:
    """Import every task, as a worker does at its start: once, since Celery checks every model each time it is asked."""
    current_app.loader.import_default_modules()
