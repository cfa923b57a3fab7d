"""The health addresses tell what works and hide everything else."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.utils import timezone

from status import health, heartbeats
from status.constants import State
from status.models import JobRun

pytestmark = pytest.mark.spec("OPS-13")


@pytest.fixture(autouse=True)
def fresh_checks() -> Iterator[None]:
    health.forget()
    yield
    health.forget()


@pytest.fixture
def everything_alive() -> None:
    heartbeats.leave(heartbeats.WORKER)
    heartbeats.leave(heartbeats.SCHEDULER)


@pytest.mark.parametrize("address", ["/sante/vivant", "/healthz"])
def test_liveness_answers_without_the_database(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.json() == {"state": "ok"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/sante/pret", "/readyz"])
def test_readiness_is_ok_when_every_part_is(client: Client, everything_alive: None, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.json()["state"] == "ok", answer.json()
    assert set(answer.json()["parts"]) == set(health.CHECKS)


@pytest.mark.django_db
def test_a_silent_worker_degrades_but_the_web_still_serves(client: Client) -> None:
    heartbeats.leave(heartbeats.SCHEDULER)
    answer = client.get("/sante/pret")
    assert answer.status_code == 200
    assert answer.json()["state"] == "degraded"
    assert answer.json()["parts"]["worker"] == {"state": "degraded", "detail": "not seen"}
    assert client.get("/sante/pret/worker").status_code == 503
    assert client.get("/sante/pret/scheduler").status_code == 200


@pytest.mark.django_db
def test_a_worker_that_stopped_speaking_is_reported(client: Client, time_machine: Any) -> None:
    heartbeats.leave(heartbeats.WORKER)
    time_machine.move_to(timezone.now() + timedelta(seconds=61))
    assert "silent for" in client.get("/sante/pret").json()["parts"]["worker"]["detail"]


@pytest.mark.django_db
def test_an_overdue_job_degrades_and_is_named(client: Client, everything_alive: None) -> None:
    long_ago = timezone.now() - timedelta(minutes=16)
    JobRun.objects.create(task="status.tasks.report_overdue_jobs", last_started_at=long_ago)
    answer = client.get("/sante/pret")
    assert answer.json()["state"] == "degraded"
    assert "status.tasks.report_overdue_jobs" in answer.json()["parts"]["jobs"]["detail"]


@pytest.mark.django_db
def test_a_missing_migration_stops_the_traffic(client: Client, everything_alive: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'status'")
    answer = client.get("/sante/pret")
    assert answer.status_code == 503
    assert "to apply" in answer.json()["parts"]["migrations"]["detail"]


@pytest.mark.django_db
def test_a_dead_redis_stops_the_traffic(client: Client, settings: Any, everything_alive: None) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/sante/pret")
    assert answer.status_code == 503
    assert answer.json()["parts"]["redis"] == {"state": "down", "detail": "ConnectionError"}


@pytest.mark.django_db
def test_a_storage_that_cannot_be_written_stops_the_traffic(client: Client, settings: Any, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {**settings.STORAGES["private"], "OPTIONS": {"location": in_the_way}},
    }
    assert client.get("/sante/pret").json()["parts"]["storage"]["state"] == "down"
    assert client.get("/sante/pret").status_code == 503


@pytest.mark.django_db
def test_the_storage_check_leaves_no_file(client: Client) -> None:
    assert client.get("/sante/pret").json()["parts"]["storage"]["state"] == "ok"
    assert storages["private"].listdir("health") == ([], [])


@pytest.mark.django_db
def test_a_dead_database_is_told_without_its_address(
    client: Client, monkeypatch: pytest.MonkeyPatch, everything_alive: None
) -> None:
    real = connection.get_connection_params()
    monkeypatch.setattr(connection, "get_connection_params", lambda: {**real, "port": 1, "password": "s3cret"})
    answer = client.get("/sante/pret")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"]["state"] == "down"
    assert answer.json()["parts"]["migrations"] == {"state": "down", "detail": "database is down"}
    assert "s3cret" not in json.dumps(answer.json())
    assert "127.0.0.1" not in json.dumps(answer.json())


@pytest.mark.django_db
def test_a_superuser_connection_is_refused(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = psycopg.conninfo.conninfo_to_dict(settings.TEST_ADMIN_URL)
    monkeypatch.setattr(connection, "get_connection_params", lambda: parameters)
    assert health.check_part("database") == health.Part(State.DOWN, "the role is not under row security")


@pytest.mark.django_db
def test_an_answer_is_kept_for_a_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def counted() -> health.Part:
        calls.append(1)
        return health.Part(State.OK)

    monkeypatch.setitem(health.CHECKS, "storage", counted)
    health.check_part("storage")
    health.check_part("storage")
    assert len(calls) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), [("/sante/pret/unknown", 404), ("/sante/pret/../../etc", 404)])
def test_an_unknown_part_is_not_found(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
