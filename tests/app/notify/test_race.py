"""Several workers on one message, with real threads and real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from app.notify.constants import EmailState
from app.notify.services.delivery import send_workshop_email
from tests import factories
from tests.app.notify.conftest import queue, reread
from tests.fakes.smtp import Mailbox

WORKERS = 4


@pytest.mark.spec("NOT-05")
@pytest.mark.django_db(transaction=True)
def test_workers_that_take_the_same_message_at_once_send_it_once(
    platform_smtp: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.kernel.jobs._send", lambda task, kwargs: None)  # the queue is not what is tried here
    workshop = factories.workshop()
    email = queue(workshop)
    barrier = Barrier(WORKERS)

    def work(_number: int) -> None:
        try:
            barrier.wait(timeout=10)
            send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    assert len(platform_smtp.messages) == 1
    row = reread(email)
    assert (row.state, row.attempts) == (EmailState.SENT, 1)
