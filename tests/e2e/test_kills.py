"""Processes killed by the kernel in the middle of their work: what was promised is done, and done once.

Between the SMTP server's keeping of a message and its answer, nobody can know on which side it is: it is sent again
with the same Message-ID, by which servers and mail programs drop the second copy.
"""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from celery import Celery
from django.utils import timezone

from app.dataio.constants import LOST_AFTER
from app.notify.constants import SEND_WORKSHOP_EMAIL, SENDING_LASTS_AT_MOST, EmailState
from app.notify.models import WorkshopEmail
from app.notify.services import outbox, queue_email
from app.notify.services.delivery import send_workshop_email, take_due
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from devtools import postgres, services
from devtools.paths import REPOSITORY
from devtools.postgres import PostgresCluster
from devtools.processes import wait_until
from devtools.redisserver import RedisServer
from tests import factories
from tests.fakes.smtp import Mailbox, smtp_server
from tests.processes import environment, kill

LINES = 6_000
PATIENCE = 120
SEED = f"""
import time
from io import BytesIO
import django
django.setup()
from app.dataio.models import CustomerImport
from app.dataio.services.preparing import confirm, keep_file, start_check
from app.tenancy.scope import workshop_scope
from tests import factories

workshop = factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")
lines = ["Nom;Prénom;E-mail"] + [f"Nom{{rank}};Zoé;p{{rank}}@client.fr" for rank in range({LINES})]
with workshop_scope(workshop.pk):
    held = keep_file(workshop=workshop, actor=factories.ACTOR, name="c.csv", file=BytesIO("\\n".join(lines).encode()))
    start_check(workshop=workshop, held=held)
while True:
    with workshop_scope(workshop.pk):
        held = CustomerImport.objects.get()
        if held.state == "checked":
            confirm(workshop=workshop, actor=factories.ACTOR, held=held)
            break
    time.sleep(0.1)
"""


@dataclass
class Pausing(Mailbox):
    """Stops at one moment of the conversation, until the test has killed who is at the other end."""

    stage: str = ""
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._pause("before the message")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        await self._pause("between the message and its answer")
        return answer

    async def _pause(self, stage: str) -> None:
        if stage == self.stage:
            self.reached.set()
            await asyncio.to_thread(self.released.wait, PATIENCE)


def ask(queue: RedisServer, task: str, **arguments: Any) -> None:
    """Put a task in the queue, as another process of the product would."""
    with closing(Celery(broker=queue.url(), set_as_current=False)) as app:
        app.send_task(task, kwargs=arguments)


def every(seconds: float, act: Callable[[], None]) -> Callable[[], bool]:
    """Acts at once and again after this time whenever it is looked at, as the scheduler does: what Redis gives to the
    connection of a dead worker before it knows is lost. Never true."""
    due = 0.0

    def look() -> bool:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + seconds
            act()
        return False

    return look


def until(check: Callable[[], bool], worker: services.Program, what: str) -> None:
    wait_until(check, seconds=PATIENCE, what=what, log=worker.log, process=worker.process)


@pytest.mark.spec("NOT-05")
@pytest.mark.parametrize(("stage", "copies"), [("before the message", 1), ("between the message and its answer", 2)])
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_sending_loses_no_mail_and_repeats_none_that_could_be_told(
    transactional_db: None, tmp_path: Path, queue: RedisServer, monkeypatch: pytest.MonkeyPatch, stage: str, copies: int
) -> None:
    shop = factories.workshop()
    monkeypatch.setattr(outbox, "send_on_commit", lambda *_args, **_kwargs: None)  # the worker will be asked below
    with workshop_scope(shop.pk):
        values = {"nom_client": "Zoé", "duree": "30 minutes", "lien": "https://exemple.fr"}
        mail = queue_email(
            workshop=shop, actor=factories.ACTOR, kind="portal_link", to="zoe@client.test", context=values
        )
    with smtp_server(Pausing(stage=stage)) as server:
        assert isinstance(server, Pausing)
        worker = services.worker(
            tmp_path, environment(tmp_path, database=os.environ["DATABASE_URL"], queue=queue, mail=server.url)
        )
        try:
            worker.start()
            ask(queue, SEND_WORKSHOP_EMAIL, workshop_id=shop.pk, email_pk=mail.pk)
            until(server.reached.is_set, worker, "The message")
            kill(worker.process)
            assert state_of(mail, shop) == EmailState.SENDING
            server.stage = ""
            server.released.set()
            age(mail, shop)
            worker.start()
            asked = every(5, lambda: ask(queue, "app.notify.tasks.sweep_outbox"))
            until(lambda: asked() or state_of(mail, shop) == EmailState.SENT, worker, "The message")
        finally:
            worker.stop()
        assert take_due().workshops == []
        send_workshop_email(workshop_id=shop.pk, email_pk=mail.pk)  # the task that the dead worker never acknowledged
        assert [message["Message-ID"] for message in server.messages] == [mail.message_id] * copies


def state_of(mail: WorkshopEmail, shop: Workshop) -> str:
    with workshop_scope(shop.pk):
        return str(WorkshopEmail.objects.get(pk=mail.pk).state)


def age(mail: WorkshopEmail, shop: Workshop) -> None:
    """The time after which a message that is being sent belongs to a dead worker."""
    with workshop_scope(shop.pk):
        WorkshopEmail.objects.filter(pk=mail.pk).update(claimed_at=timezone.now() - 2 * SENDING_LASTS_AT_MOST)


def test_an_import_survives_the_death_of_the_database_and_of_the_queue(
    tmp_path: Path, cluster: PostgresCluster, queue: RedisServer
) -> None:
    variables = environment(tmp_path, database=cluster.url(postgres.APP, "thermo"), queue=queue)
    worker = services.worker(tmp_path, variables)
    try:
        worker.start()
        seed = subprocess.Popen([sys.executable, "-c", SEED], cwd=REPOSITORY, env=variables)
        until(lambda: 0 < imported(cluster)[1] < LINES // 2, worker, "The import")
        kill(queue.process)
        kill(cluster.process)
        assert seed.wait(PATIENCE) == 0
        cluster.start()
        queue.start()
        worker.stop()  # one that loses the queue with a task in hand ends by itself: its supervisor starts it again
        worker.start()
        state, done = imported(cluster)
        assert (state, 0 < done < LINES) == ("running", True)
        cluster.execute(
            f"UPDATE dataio_customerimport SET moved_at = moved_at - interval '{2 * LOST_AFTER // timedelta(seconds=1)} s'",
            "thermo",
        )
        ask(queue, "dataio.sweep")
        until(lambda: imported(cluster)[0] == "done", worker, "The import")
    finally:
        worker.stop()
    with psycopg.connect(cluster.url(postgres.SUPERUSER, "thermo")) as connection:
        rows = connection.execute("SELECT count(*), count(DISTINCT email) FROM crm_customer").fetchone()
        lines = connection.execute("SELECT count(*), count(DISTINCT line) FROM dataio_importline").fetchone()
    assert rows == lines == (LINES, LINES)


def imported(cluster: PostgresCluster) -> tuple[str, int]:
    """The state of the import and how many lines it has written."""
    with psycopg.connect(cluster.url(postgres.SUPERUSER, "thermo")) as connection:
        row = connection.execute("SELECT state, created FROM dataio_customerimport").fetchone()
    time.sleep(0.02)
    return (str(row[0]), int(row[1]) if row[0] in ("running", "done") else 0) if row else ("", 0)
