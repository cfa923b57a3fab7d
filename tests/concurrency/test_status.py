"""Real threads, real commits: an incident is written by one at a time, a failure and a notice are told once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from celery import current_app
from django.core.exceptions import ValidationError
from django.db import Error, connection
from django.utils import timezone

from app.notify.models import PlatformEmail
from status.constants import Severity, Step
from status.models import Incident, IncidentDraft, IncidentUpdate, Notice, Reading, Subscriber
from status.probes import Measured
from status.services.incidents import add_update, publish_incident
from status.services.notices import tell_notices
from status.services.readings import keep_readings

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 6
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, transactional_db: None) -> None:
    settings.STATUS_FOLDER = tmp_path
    current_app.loader.import_default_modules()  # before the threads, which would meet half-registered tasks


def at_once(work: Callable[[int], object]) -> list[bool]:
    """Do it in threads that start on one signal; whether each was accepted."""
    start = Barrier(THREADS)

    def one(rank: int) -> bool:
        start.wait(10)
        try:
            work(rank)
        except (ValidationError, Error):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


def _incident() -> Incident:
    return publish_incident(
        by="Éditeur", title="Panne", text="t", severity=Severity.MINOR, components=["app"], workshops=[],
        started_at=NOW - timedelta(hours=1),
    )  # fmt: skip


@pytest.mark.spec("STA-12")
def test_an_incident_is_closed_once_and_nothing_follows_but_additions() -> None:
    incident = _incident()
    steps = [Step.RESOLVED, Step.IDENTIFIED, Step.RESOLVED, Step.MONITORING, Step.RESOLVED, Step.IDENTIFIED]

    def write(rank: int) -> None:
        add_update(by="x", incident_pk=incident.pk, step=steps[rank], severity=Severity.MINOR, text="t")

    accepted = at_once(write)
    written = list(IncidentUpdate.objects.order_by("number").values_list("number", "step"))
    assert [number for number, _step in written] == list(range(1, len(written) + 1))
    assert len(written) == 1 + sum(accepted) and any(accepted)
    names = [step for _number, step in written]
    assert names.count("resolved") <= 1 and "resolved" not in names[:-1]


@pytest.mark.spec("STA-02")
def test_two_probe_processes_open_one_draft_and_keep_each_measurement_once() -> None:
    def keep(rank: int) -> None:
        keep_readings(readings=[Measured("app", NOW, False, 20, "HTTP 502")])

    accepted = at_once(keep)
    keep(0)  # what was refused is kept at the next round
    assert any(accepted)
    assert (Reading.objects.count(), IncidentDraft.objects.count(), Notice.objects.count()) == (1, 1, 1)


@pytest.mark.spec("BEY-12")
def test_workers_that_tell_the_same_notice_send_each_mail_once() -> None:
    for rank in range(5):
        Subscriber.objects.create(email=f"abonne{rank}@client.test")
    _incident()
    at_once(lambda _rank: tell_notices())
    tell_notices()
    told = list(PlatformEmail.objects.order_by("to").values_list("to", flat=True))
    assert told == [f"abonne{rank}@client.test" for rank in range(5)]
    assert not Notice.objects.filter(told_at=None).exists()
