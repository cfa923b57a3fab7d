"""The status page: real processes that stop and come back, and every screen in both themes."""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from devtools import postgres, services
from devtools.postgres import PostgresCluster
from devtools.processes import free_port, wait_until
from devtools.redisserver import RedisServer
from status import snapshot
from status.constants import Component, Severity, Step
from status.models import DayFigure, IncidentDraft, Maintenance, Reading
from status.probes import Measured
from status.services.incidents import add_update, publish_incident
from status.services.subscriptions import CONFIRM
from tests import factories
from tests.e2e.looking import look
from tests.processes import environment

INTERVAL = 6  # seconds; a worker is said to be gone after five without a sign of life
PATIENCE = 90


class Installation:
    """The processes of an installation, each of which may be stopped and started again."""

    def __init__(self, folder: Path, cluster: PostgresCluster, queue: RedisServer) -> None:
        self.folder, self.cluster = folder, cluster
        web, mail = free_port(), free_port()
        self.address = f"http://127.0.0.1:{web}"
        variables = environment(
            folder, database=cluster.url(postgres.APP, "thermo"), queue=queue, mail=f"smtp://127.0.0.1:{mail}"
        ) | {"THERMO_BASE_URL": self.address, "STATUS_INTERVAL": str(INTERVAL), "STATUS_TIMEOUT": "3"}
        self.mail = services.mail_catcher(folder, variables, port=mail, folder=folder / "mail")
        self.worker = services.worker(folder, variables)
        self.web = services.web(folder, variables, bind=f"127.0.0.1:{web}")
        self.probe = services.probe(folder, variables)

    def start(self) -> None:
        for service in (self.mail, self.worker, self.web):
            service.start()
        self.until(lambda: self.get("/healthz") is not None, "The web server")
        self.probe.start()

    def stop(self) -> None:
        for service in (self.probe, self.worker, self.web, self.mail):
            service.stop()

    def get(self, path: str) -> str | None:
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            return None

    def red(self) -> set[str]:
        """What is down by the public summary; the site is left aside: this installation has no page."""
        found = json.loads(self.get("/status/etat.json") or "{}").get("components", [])
        return {one["key"] for one in found if one["state"] == "down"} - {"site"}

    def states(self) -> set[str]:
        return {one["state"] for one in json.loads(self.get("/status/etat.json") or "{}").get("components", [])}

    def until(self, check: Callable[[], bool], what: str) -> None:
        wait_until(check, seconds=PATIENCE, what=what, log=self.probe.log, process=self.web.process)

    def rows(self, statement: str) -> list[Any]:
        with psycopg.connect(self.cluster.url(postgres.SUPERUSER, "thermo")) as connection:
            return connection.execute(statement.encode()).fetchall()


@pytest.fixture
def installation(tmp_path: Path, cluster: PostgresCluster, queue: RedisServer) -> Iterator[Installation]:
    held = Installation(tmp_path, cluster, queue)
    try:
        held.start()
        yield held
    finally:
        held.stop()


@pytest.mark.spec("STA-01", "STA-02", "STA-13", "BOF-20")
def test_what_stops_turns_red_within_two_rounds_and_green_again_when_it_is_back(installation: Installation) -> None:
    one = installation
    one.until(lambda: "up" in one.states() and not one.red(), "Everything")
    one.worker.stop()
    stopped_at = {"queue": datetime.now(UTC)}
    one.mail.stop()
    stopped_at["mail"] = datetime.now(UTC)
    one.until(lambda: one.red() == {"queue", "mail"}, "The worker's and the mail server's failure")
    one.mail.start()
    one.worker.start()
    one.until(lambda: not one.red(), "The worker's and the mail server's return")

    one.cluster.stop()
    stopped_at["database"] = datetime.now(UTC)
    one.until(lambda: "database" in one.red(), "The failure of the database")
    page = one.get("/status/")
    assert page is not None and 'class="status-hero status-down"' in page
    waiting = one.folder / "status" / "waiting.jsonl"
    time.sleep(INTERVAL)
    assert any('"database"' in path.read_text() for path in waiting.parent.glob("waiting.jsonl*"))
    one.cluster.start()
    one.until(lambda: not one.red(), "The return of the database")

    def drafts() -> dict[str, Any]:
        return dict(one.rows("SELECT component, ended_at FROM status_incidentdraft WHERE component <> 'site'"))

    one.until(lambda: stopped_at.keys() <= drafts().keys() and all(drafts().values()), "The drafts with their ends")
    assert one.rows("SELECT count(*) FROM status_incident") == [(0,)]
    counts = dict(one.rows("SELECT component, count(*) FROM status_incidentdraft GROUP BY component"))
    assert {counts[name] for name in stopped_at} == {1}
    for name, moment in stopped_at.items():
        after = one.rows(
            f"SELECT is_up FROM status_reading WHERE component = '{name}' AND at > '{moment.isoformat()}' ORDER BY at"
        )
        assert not all(row[0] for row in after[:2]), name  # red at the second measurement after the stop, at the latest


@pytest.fixture
def told(settings: Any, tmp_path: Path, transactional_db: None) -> int:
    """A page with everything on it: long words, an open incident, a closed one, maintenance, ninety days."""
    settings.STATUS_FOLDER = tmp_path / "status"
    now, today = timezone.now(), timezone.localdate()
    for back in range(80):
        for name in [*Component.values, "service"]:
            DayFigure.objects.create(
                component=name, day=today - timedelta(days=back), measured=86000, down=4000 if back == 9 else 0,
                maintenance=3600 if back == 20 else 0, answers=2800, fast=2799, p50=80, p95=160, p99=400,
            )  # fmt: skip
    for name in (Component.SITE, Component.APP, Component.PORTAL):
        Reading.objects.create(component=name, at=now - timedelta(hours=1), is_up=True, duration_ms=120)
    long = "Anticonstitutionnellement" * 3
    values: dict[str, Any] = {"by": "Éditeur", "text": f"Nous cherchons. {long}", "workshops": []}
    closed = publish_incident(
        title="Application indisponible", severity=Severity.CRITICAL, components=["app", "database"],
        started_at=now - timedelta(days=9), **values,
    )  # fmt: skip
    add_update(by="É", incident_pk=closed.pk, step=Step.RESOLVED, severity=Severity.CRITICAL, text="Fini.")
    publish_incident(
        title=f"Envois {long}", severity=Severity.MAJOR, components=["mail"], started_at=now - timedelta(hours=30),
        **values,
    )  # fmt: skip
    Maintenance.objects.create(
        title="Base de données", text="Lecture seule.", starts_at=now + timedelta(hours=40),
        ends_at=now + timedelta(hours=42),
    )  # fmt: skip
    IncidentDraft.objects.create(component="mail", fault="ConnectionRefusedError", detected_at=now)
    measured = [Measured(name, now, name != "mail", 40) for name in Component.values]
    snapshot.write_live(measured, names=Component.values, since=dict.fromkeys(Component.values, now))
    snapshot.write_facts()
    return closed.pk


@pytest.mark.e2e
@pytest.mark.spec("A11-01", "A11-02", "TST-07", "STA-01")
def test_every_screen_of_the_status_page(page: Page, live_server: LiveServer, told: int) -> None:
    token = signing.dumps({"e": "zoe@client.test", "c": ["mail"]}, salt=CONFIRM, compress=True)
    problems: list[str] = []
    for name in (
        "",
        "historique/",
        f"incidents/{told}/",
        "abonnement/demande/",
        f"abonnement/confirmer/{token}/",
        "abonnement/arreter/x/",
    ):
        problems += look(page, f"{live_server.url}/status/{name}", name or "status")
    page.goto(f"{live_server.url}/status/")
    for summary in page.locator("summary").all():
        summary.click()
    assert page.locator("table").count() == 3
    assert not problems, "\n".join(problems)


@pytest.mark.e2e
@pytest.mark.spec("A11-01", "A11-02", "TST-07", "BOF-20")
def test_every_screen_of_incidents_in_the_backoffice(page: Page, live_server: LiveServer, told: int) -> None:
    user = factories.person(email="editeur@thermogestion.test", is_staff=True, is_superuser=True)
    factories.add_second_factor(user)
    client = Client()
    client.force_login(user, backend="app.accounts.backends.PersonBackend")
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    draft = IncidentDraft.objects.get()
    problems: list[str] = []
    for name, arguments in (
        ("incident_list", []), ("incident_create", []), ("incident_publish", [draft.pk]), ("incident_plan", []),
        ("incident_detail", [told]),
    ):  # fmt: skip
        address = live_server.url + reverse(f"backoffice:{name}", args=arguments)
        problems += look(page, address, name)
    assert not problems, "\n".join(problems)
