"""Real measurements: of servers that answer, refuse, fail, hang, or trickle."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from status import files, heartbeats
from status.constants import Component
from status.models import Incident, IncidentDraft, IncidentUpdate, Notice, Reading
from status.probes import Measured, Prober, configured_probes
from status.probing import Probing
from status.services.incidents import publish_incident
from status.services.readings import keep_readings
from tests.fakes.smtp import smtp_server

NOW = timezone.now().replace(microsecond=0)


class Answering(BaseHTTPRequestHandler):
    """Answers the code that the server holds."""

    def do_GET(self) -> None:
        self.send_response(self.server.code)  # type: ignore[attr-defined]
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def server(settings: Any) -> Iterator[Any]:
    held = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    held.code = 200  # type: ignore[attr-defined]
    threading.Thread(target=held.serve_forever, daemon=True).start()
    settings.STATUS_TARGET = f"http://127.0.0.1:{held.server_port}"
    settings.STATUS_TIMEOUT = 2.0
    yield held
    held.shutdown()
    held.server_close()


def _ask(*names: str, timeout: float = 2.0) -> dict[str, Measured]:
    probes = {name: probe for name, probe in configured_probes().items() if name in names}
    return {found.component: found for found in Prober(probes, timeout=timeout).run()}


@pytest.mark.spec("STA-01", "STA-02")
def test_pages_are_asked_for_over_http_and_timed(server: Any) -> None:
    found = _ask("site", "app", "portal")
    assert all(one.is_up and 0 <= one.duration_ms < 2000 for one in found.values())
    server.code = 404  # the customer space of nobody; of a page it is a failure
    found = _ask("site", "app", "portal")
    assert [found[name].is_up for name in ("site", "app", "portal")] == [False, False, True]
    server.code = 502
    assert {one.fault for one in _ask("site", "app", "portal").values()} == {"HTTP 502"}


@pytest.mark.spec("STA-02")
def test_a_target_that_hangs_delays_no_other_and_is_not_asked_twice(server: Any, settings: Any) -> None:
    released, asked = threading.Event(), []

    def hangs() -> None:
        asked.append(1)
        released.wait(20)

    prober = Prober({"hung": hangs, "site": configured_probes()[Component.SITE]}, timeout=0.6)
    for _round in range(3):
        started = time.monotonic()
        found = {one.component: one for one in prober.run()}
        assert time.monotonic() - started < 5
        assert (found["hung"].is_up, found["hung"].fault, found["site"].is_up) == (False, "timeout", True)
    assert len(asked) == 1
    released.set()
    for thread in prober._running.values():
        thread.join(5)
    released.clear()
    assert not any(thread.is_alive() for thread in prober._running.values())
    released.set()
    assert {one.component: one.is_up for one in prober.run()} == {"hung": True, "site": True}


@pytest.mark.spec("STA-02")
def test_the_mail_server_is_greeted_and_its_absence_seen(settings: Any) -> None:
    with smtp_server() as mailbox:
        settings.PLATFORM_EMAIL_URL = mailbox.url
        assert _ask("mail")["mail"].is_up
    assert not _ask("mail")["mail"].is_up
    with socket.socket() as silent:  # accepts, says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.PLATFORM_EMAIL_URL, settings.STATUS_TIMEOUT = f"smtp://127.0.0.1:{silent.getsockname()[1]}", 0.5
        found = _ask("mail", timeout=1.0)["mail"]
    assert not found.is_up and found.fault


@pytest.mark.spec("STA-02")
def test_the_queue_needs_a_worker_that_speaks(time_machine: Any) -> None:
    assert _ask("queue")["queue"].fault == "no worker"
    heartbeats.leave(heartbeats.WORKER)
    assert _ask("queue")["queue"].is_up
    time_machine.move_to(timezone.now() + timedelta(seconds=11))
    assert not _ask("queue")["queue"].is_up


@pytest.mark.spec("STA-02")
def test_storage_and_database_are_really_used(settings: Any, db: None) -> None:
    assert all(one.is_up for one in _ask("storage", "database").values())
    settings.STORAGES["private"]["OPTIONS"]


@pytest.mark.spec("STA-01")
def test_payments_are_measured_only_where_they_are_set_up(server: Any, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""
    assert Component.PAYMENTS not in configured_probes()
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_1", settings.STATUS_TARGET
    server.code = 401
    assert _ask("payments")["payments"].is_up
    server.code = 503
    assert not _ask("payments")["payments"].is_up


def _reading(component: str, is_up: bool, at: datetime) -> Measured:
    return Measured(component, at, is_up, 20, "" if is_up else "HTTP 502")


@pytest.mark.spec("STA-02", "BOF-20")
@pytest.mark.django_db
def test_red_writes_one_draft_and_green_notes_its_end() -> None:
    keep_readings(readings=[_reading("app", True, NOW)])
    assert not IncidentDraft.objects.exists()
    keep_readings(readings=[_reading("app", False, NOW + timedelta(seconds=30))])
    keep_readings(readings=[_reading("app", False, NOW + timedelta(seconds=60))])
    [draft] = IncidentDraft.objects.all()
    assert (draft.component, draft.fault, draft.ended_at) == ("app", "HTTP 502", None)
    assert Notice.objects.get().draft == draft
    keep_readings(readings=[_reading("app", True, NOW + timedelta(seconds=90))])
    draft.refresh_from_db()
    assert draft.ended_at == NOW + timedelta(seconds=90)
    assert (Reading.objects.count(), Incident.objects.count()) == (4, 0)


@pytest.mark.spec("STA-02")
@pytest.mark.django_db
def test_the_same_measurements_twice_are_kept_once_and_open_nothing_new() -> None:
    batch = [_reading("app", False, NOW), _reading("app", True, NOW + timedelta(seconds=30))]
    keep_readings(readings=batch)
    keep_readings(readings=batch)
    assert (Reading.objects.count(), IncidentDraft.objects.count(), Notice.objects.count()) == (2, 1, 1)
    assert IncidentDraft.objects.get().ended_at is not None


@pytest.mark.django_db
def test_a_failure_that_comes_back_at_once_is_the_same_and_one_of_later_is_another() -> None:
    moments = [(False, 0), (True, 30), (False, 90), (True, 120), (False, 2000)]
    keep_readings(readings=[_reading("app", is_up, NOW + timedelta(seconds=after)) for is_up, after in moments])
    assert list(IncidentDraft.objects.order_by("pk").values_list("detected_at", flat=True)) == [
        NOW, NOW + timedelta(seconds=2000),
    ]  # fmt: skip


@pytest.mark.spec("STA-12", "BOF-20")
@pytest.mark.django_db
def test_a_recovery_is_noted_on_a_public_incident_which_a_person_closes() -> None:
    keep_readings(readings=[_reading("app", False, NOW)])
    draft = IncidentDraft.objects.get()
    incident = publish_incident(
        by="Éditeur", title="Panne", text="Nous cherchons.", severity="critical", components=["app"], workshops=[],
        started_at=NOW, draft=draft,
    )  # fmt: skip
    keep_readings(readings=[_reading("app", True, NOW + timedelta(minutes=5))])
    steps = list(IncidentUpdate.objects.filter(incident=incident).values_list("step", "by"))
    assert steps == [("investigating", "Éditeur"), ("monitoring", "probes")]


@pytest.mark.spec("STA-02")
def test_measurements_wait_on_the_disk_and_survive_a_cut_line(folder: Path) -> None:
    files.keep_waiting([_reading("app", True, NOW)])
    with (folder / files.WAITING).open("a") as out:
        out.write('{"component": "app", "at"')
    taken, found = files.take_waiting()
    assert taken is not None and found == [_reading("app", True, NOW)]
    files.keep_waiting([_reading("app", False, NOW)])  # meanwhile
    assert files.take_waiting() == (taken, found)  # not removed: taken again after a crash
    taken.unlink()
    assert files.take_waiting()[1] == [_reading("app", False, NOW)]


@pytest.mark.spec("STA-02", "STA-13")
@pytest.mark.django_db
def test_a_round_shows_its_state_before_the_database_knows_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise ConnectionRefusedError

    probing = Probing(Prober({"database": fails, "mail": lambda: None}, timeout=2))
    monkeypatch.setattr(probing, "keep", lambda: None)
    probing.turn()
    live = json.loads((folder / files.LIVE).read_text())["components"]
    assert (live["database"]["up"], live["mail"]["up"]) == (False, True)
    first = live["database"]["since"]
    probing.turn()
    assert json.loads((folder / files.LIVE).read_text())["components"]["database"]["since"] == first
    assert Probing(Prober({}, timeout=1)).states["database"][0] is False  # a restart remembers since when
    probing.keep_now()
    assert Reading.objects.count() == 4
    assert IncidentDraft.objects.get().component == "database"
    assert (folder / files.FACTS).exists() and not (folder / f"{files.WAITING}.taken").exists()
