"""The periodic jobs, with what is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery.schedules import maybe_schedule
from django.conf import settings
from django.utils import timezone

from ..constants import OVERDUE_AFTER
from ..models import JobRun


@dataclass(frozen=True)
class JobState:
    """One periodic job: its last run, and since how long its next one should have begun."""

    task: str
    last_started_at: datetime | None
    last_finished_at: datetime | None
    last_error: str
    late_by: timedelta

    @property
    def is_overdue(self) -> bool:
        """Whether the job should have started more than five minutes ago."""
        return self.late_by > OVERDUE_AFTER


def periodic_tasks() -> dict[str, Any]:
    """The schedule of each periodic task, by task name."""
    return {str(entry["task"]): entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def list_jobs() -> list[JobState]:
    """Every job of the schedule; one that the scheduler has never registered counts as never due."""
    runs = {run.task: run for run in JobRun.objects.all()}
    return [_state(task, schedule, runs.get(task)) for task, schedule in sorted(periodic_tasks().items())]


def list_overdue_jobs() -> list[JobState]:
    """The jobs that should have run by now."""
    return [job for job in list_jobs() if job.is_overdue]


def _state(task: str, schedule: Any, run: JobRun | None) -> JobState:
    if run is None:
        return JobState(task, None, None, "", timedelta())
    since = run.last_started_at or run.registered_at
    # The scheduler counts from the last start, in its own time zone.
    remaining = maybe_schedule(schedule).remaining_estimate(timezone.localtime(since))
    late = max(-remaining, timedelta())
    return JobState(task, run.last_started_at, run.last_finished_at, run.last_error, late)
