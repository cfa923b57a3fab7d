"""How long a message takes from its row to the mail server: sent, taken out of the outbox, accepted, settled.

`make bench` prints the mean; a message is to leave within five seconds.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from app.notify.services.delivery import send_workshop_email
from app.tenancy.models import Workshop
from tests.app.notify.conftest import queue
from tests.fakes.smtp import Mailbox, smtp_server

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark(group="mails")]


@pytest.fixture
def server(settings: Settings) -> Iterator[Mailbox]:
    with smtp_server() as found:
        settings.PLATFORM_EMAIL_URL = found.url
        yield found


@pytest.mark.spec("NOT-08")
def test_a_message_leaves_the_outbox(benchmark: Any, workshop: Workshop, server: Mailbox) -> None:
    def leave() -> None:
        send_workshop_email(workshop_id=workshop.pk, email_pk=queue(workshop).pk)

    benchmark(leave)
    assert server.messages
