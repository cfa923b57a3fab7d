"""A message leaves within seconds: it is sent by the task that its commit queues; the sweep is for lost ones alone."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from pytest_django import DjangoCaptureOnCommitCallbacks

from app.accounts.models import User
from app.kernel import jobs
from app.notify.constants import FIRST_SWEEP_AFTER, SEND_PLATFORM_EMAIL, SEND_WORKSHOP_EMAIL
from app.notify.kinds import KINDS
from app.notify.models import OutgoingEmail, PlatformEmail, PushDevice, PushMessage, WorkshopEmail
from app.notify.services.outbox import queue_platform_email
from app.tenancy.models import Workshop
from tests.app.notify.conftest import queue

pytestmark = pytest.mark.django_db
SECONDS = 5


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What the queue is given: its name and the options that would put it off."""
    given: list[tuple[str, dict[str, Any]]] = []
    queue_of = SimpleNamespace(
        conf=SimpleNamespace(task_always_eager=False),
        send_task=lambda name, **options: given.append((name, options)),
    )
    monkeypatch.setattr(jobs, "current_app", queue_of)
    return given


@pytest.mark.spec("NOT-08")
def test_the_commit_itself_queues_the_sending_without_any_delay(
    workshop: Workshop,
    sent: list[tuple[str, dict[str, Any]]],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        queue(workshop)
        kind = next(kind for kind in KINDS.values() if kind.key == "errors_above_threshold")
        queue_platform_email(kind=kind.key, to="a@b.test", context={name: "x" for name in kind.variables})
        assert sent == []
    assert [name for name, _options in sent] == [SEND_WORKSHOP_EMAIL, SEND_PLATFORM_EMAIL]
    for _name, options in sent:
        assert not {"countdown", "eta", "queue"} & options.keys()


@pytest.mark.spec("NOT-08")
def test_nothing_waits_for_a_periodic_job_but_what_a_job_lost() -> None:
    """The sweep looks at messages older than what the task needs, often enough for what it finds to leave at once."""
    assert settings.CELERY_BEAT_SCHEDULE["sweep the outbox"]["schedule"] <= 30
    assert FIRST_SWEEP_AFTER.total_seconds() >= SECONDS
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1  # no message waits behind another's long work on one worker


@pytest.mark.spec("NOT-01")
def test_customers_are_written_to_by_mail_and_by_nothing_else() -> None:
    """What leaves is a mail, or a notification on a device; a device belongs to an account, never to a customer."""
    assert set(OutgoingEmail.__subclasses__()) == {WorkshopEmail, PlatformEmail}
    leaving = {model for model in apps.get_models() if {"attempts", "state", "sent_at"} <= _fields(model)}
    assert leaving <= {WorkshopEmail, PlatformEmail, PushMessage}
    assert PushDevice._meta.get_field("user").related_model is User
    assert not any("customer" in name for name in _fields(PushDevice) | _fields(PushMessage))


def _fields(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields()}
