"""The last run of each periodic job is kept, and a late one is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone
from structlog.testing import capture_logs

from status import heartbeats
from status.models import JobRun
from status.scheduler import RecordingScheduler
from status.selectors.jobs import list_jobs, list_overdue_jobs
from status.services import jobs as services
from status.tasks import report_overdue_jobs, worker_is_alive

pytestmark = [pytest.mark.spec("OPS-13"), pytest.mark.django_db]


@shared_task(name="tests.failing_job")
def failing_job() -> None:
    raise ValueError("jean.dupont@example.fr cannot be read")


@pytest.fixture
def schedule(settings: Any) -> dict[str, Any]:
    settings.CELERY_BEAT_SCHEDULE = {
        "often": {"task": "tests.often", "schedule": 30.0},
        "nightly": {"task": "tests.nightly", "schedule": crontab(hour="3", minute="0")},
        "failing": {"task": "tests.failing_job", "schedule": 60.0},
    }
    return dict(settings.CELERY_BEAT_SCHEDULE)


def test_a_job_of_the_schedule_records_its_run() -> None:
    report_overdue_jobs.delay()
    run = JobRun.objects.get(task="status.tasks.report_overdue_jobs")
    assert run.last_started_at is not None
    assert run.last_finished_at is not None
    assert run.last_finished_at >= run.last_started_at
    assert run.last_error == ""


def test_a_failure_keeps_its_kind_and_no_personal_data(schedule: dict[str, Any], settings: Any) -> None:
    failing_job.apply(throw=False)
    assert JobRun.objects.get(task="tests.failing_job").last_error == "ValueError"


def test_a_job_outside_the_schedule_is_not_recorded(settings: Any) -> None:
    settings.CELERY_BEAT_SCHEDULE = {}
    report_overdue_jobs.delay()
    assert not JobRun.objects.exists()


def test_an_interval_job_is_overdue_five_minutes_after_its_time(schedule: dict[str, Any]) -> None:
    services.register_jobs(tasks=["tests.often"])
    JobRun.objects.update(last_started_at=timezone.now() - timedelta(minutes=5, seconds=20))
    assert list_overdue_jobs() == []
    JobRun.objects.update(last_started_at=timezone.now() - timedelta(minutes=5, seconds=40))
    assert [job.task for job in list_overdue_jobs()] == ["tests.often"]


def test_a_nightly_job_is_overdue_only_after_its_hour(schedule: dict[str, Any], time_machine: Any) -> None:
    paris = timezone.get_default_timezone()
    time_machine.move_to(datetime(2026, 3, 10, 3, 0, 5, tzinfo=paris), tick=False)
    services.register_jobs(tasks=["tests.nightly"])
    services.record_start(task="tests.nightly")
    time_machine.move_to(datetime(2026, 3, 11, 3, 4, tzinfo=paris), tick=False)
    assert list_overdue_jobs() == []
    time_machine.move_to(datetime(2026, 3, 11, 3, 6, tzinfo=paris), tick=False)
    assert [job.task for job in list_overdue_jobs()] == ["tests.nightly"]


def test_a_job_that_never_ran_is_overdue_too(schedule: dict[str, Any], time_machine: Any) -> None:
    services.register_jobs(tasks=["tests.often"])
    time_machine.move_to(timezone.now() + timedelta(minutes=6))
    assert [job.task for job in list_overdue_jobs()] == ["tests.often"]


def test_registering_twice_keeps_the_runs_and_forgets_what_left_the_schedule(schedule: dict[str, Any]) -> None:
    services.register_jobs(tasks=["tests.often", "tests.gone"])
    services.record_start(task="tests.often")
    services.register_jobs(tasks=["tests.often", "tests.nightly"])
    assert list(JobRun.objects.order_by("task").values_list("task", flat=True)) == ["tests.nightly", "tests.often"]
    assert JobRun.objects.get(task="tests.often").last_started_at is not None


def test_each_job_of_the_schedule_is_listed_with_its_last_run(schedule: dict[str, Any]) -> None:
    services.record_start(task="tests.often")
    listed = {job.task: job.last_started_at is not None for job in list_jobs()}
    assert listed == {"tests.failing_job": False, "tests.nightly": False, "tests.often": True}


def test_an_overdue_job_is_an_error_in_the_log(schedule: dict[str, Any]) -> None:
    JobRun.objects.create(task="tests.often", last_started_at=timezone.now() - timedelta(minutes=20))
    with capture_logs() as logs:
        report_overdue_jobs()
    late = next(line for line in logs if line["event"] == "job_overdue")
    assert late["log_level"] == "error"
    assert late["job"] == "tests.often"


def test_the_scheduler_registers_its_jobs_and_shows_that_it_lives(tmp_path: Any) -> None:
    from config.celery import app

    scheduler = RecordingScheduler(app, schedule_filename=str(tmp_path / "schedule"))
    assert JobRun.objects.filter(task="status.tasks.report_overdue_jobs").exists()
    assert heartbeats.seconds_since(heartbeats.SCHEDULER) is None
    scheduler.tick()
    assert heartbeats.seconds_since(heartbeats.SCHEDULER) is not None
    scheduler.close()


def test_a_worker_shows_that_it_lives() -> None:
    worker_is_alive()
    seconds = heartbeats.seconds_since(heartbeats.WORKER)
    assert seconds is not None
    assert seconds < 5
