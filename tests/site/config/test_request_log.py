"""Each request has an identifier, answered and carried to its tasks."""

import re
from typing import Any

import pytest
import structlog
from celery import current_app
from celery.signals import before_task_publish
from django.conf import settings
from django.test import Client
from django_structlog.celery.receivers import CeleryReceiver
from structlog.testing import capture_logs

pytestmark = pytest.mark.spec("OPS-02")


def test_the_answer_names_its_request(client: Client) -> None:
    first, second = client.get("/healthz"), client.get("/healthz")
    assert re.fullmatch(r"[0-9a-f-]{36}", first["X-Request-ID"])
    assert first["X-Request-ID"] != second["X-Request-ID"]


def test_an_identifier_that_a_client_sends_is_not_believed(client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "forged"})
    assert answer["X-Request-ID"] != "forged"


def test_each_request_is_logged_once_at_its_end(client: Client) -> None:
    with capture_logs() as logs:
        client.get("/healthz")
    ended = [line for line in logs if line["event"] == "request_finished"]
    assert len(ended) == 1
    assert ended[0]["request"] == "GET /healthz"
    assert "ip" not in ended[0]


def test_a_task_is_sent_with_the_identifier_of_its_request() -> None:
    headers: dict[str, Any] = {}
    with structlog.contextvars.bound_contextvars(request_id="the-request", workshop_id=4):
        CeleryReceiver().receiver_before_task_publish(headers=headers)
    assert headers["__django_structlog__"]["request_id"] == "the-request"
    assert headers["__django_structlog__"]["workshop_id"] == 4
    assert settings.DJANGO_STRUCTLOG_CELERY_ENABLED
    assert before_task_publish.receivers, "nothing adds the identifier to the tasks"


def test_a_worker_binds_it_again() -> None:
    steps = {step.__name__ for step in current_app.steps["worker"]}
    assert "DjangoStructLogInitStep" in steps
