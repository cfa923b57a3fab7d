"""Keeping the last run of each periodic job."""

from collections.abc import Iterable

from django.utils import timezone

from ..models import JobRun


def register_jobs(*, tasks: Iterable[str]) -> None:
    """Know these jobs from now on, so that one that never runs is noticed; forget the others."""
    wanted = set(tasks)
    JobRun.objects.exclude(task__in=wanted).delete()
    JobRun.objects.bulk_create([JobRun(task=task) for task in sorted(wanted)], ignore_conflicts=True)


def record_start(*, task: str) -> None:
    """The job begins."""
    JobRun.objects.update_or_create(task=task, defaults={"last_started_at": timezone.now()})


def record_end(*, task: str, error: BaseException | None) -> None:
    """The job ended, well or with this exception (only its kind is kept: messages may hold personal data)."""
    kind = "" if error is None else type(error).__name__[:200]
    JobRun.objects.update_or_create(task=task, defaults={"last_finished_at": timezone.now(), "last_error": kind})
