"""Watching the workers: their sign of life and the last run of each periodic job.

Celery's signals are used here, and only here, because every task of every app passes through them.
"""

from typing import Any

import structlog
from celery import Task, shared_task
from celery.signals import heartbeat_sent, task_postrun, task_prerun

from . import heartbeats
from .selectors.jobs import list_overdue_jobs, periodic_tasks
from .services import incidents, notices, readings
from .services.jobs import record_end, record_start

logger = structlog.get_logger(__name__)


@heartbeat_sent.connect
def worker_is_alive(**kwargs: Any) -> None:
    """A worker says every two seconds that its main process lives."""
    heartbeats.leave(heartbeats.WORKER)


@task_prerun.connect
def periodic_job_starts(task: Task, **kwargs: Any) -> None:
    """Keep when a job of the schedule begins."""
    if task.name in periodic_tasks():
        record_start(task=task.name)


@task_postrun.connect
def periodic_job_ends(task: Task, retval: Any = None, state: str = "", **kwargs: Any) -> None:
    """Keep when it ends, and how."""
    if task.name in periodic_tasks():
        record_end(task=task.name, error=retval if isinstance(retval, BaseException) else None)


@shared_task
def report_overdue_jobs() -> None:
    """Put each late job in the log as an error, where alerts are made from."""
    for job in list_overdue_jobs():
        logger.error("job_overdue", job=job.task, minutes=round(job.late_by.total_seconds() / 60))


@shared_task
def tell_notices() -> None:
    """Publish what nobody has dealt with in time, then queue the mails of the notices that wait."""
    incidents.publish_unattended()
    notices.tell_notices()


@shared_task
def forget_old_readings() -> None:
    """Remove measurements whose time is over."""
    readings.forget_old_readings()
