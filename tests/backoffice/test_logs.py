"""The log: what leaves a process, what is kept of it, what the publisher finds, and that it never breaks anything."""

import json
import logging
import logging.config
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from config.logs import logging_config
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope
from backoffice import log_store
from backoffice.log_store import StoreHandler
from backoffice.models import LogLine
from backoffice.services import logs
from backoffice.services.logs import forget_old_lines, keep_lines
from backoffice.tasks import forget_old_log_lines, keep_log_lines
from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BOF-25")]
PAGE = "/editeur/journal/"
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def stored() -> Iterator[logging.Logger]:
    """A logger that writes to the store as the product's do, and nothing else, in a store without what others left."""
    with log_store.client(settings.REDIS_URL) as connection:
        connection.delete(log_store.KEY)
    configured = logging_config(json=True, level="INFO", store_url=settings.REDIS_URL)
    handler = StoreHandler(settings.REDIS_URL)
    formatter = configured["formatters"]["stored"]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
        )
    )
    logger = logging.getLogger("tests.stored")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger
    logger.removeHandler(handler)
    logger.propagate = True


def _lines() -> list[LogLine]:
    with platform_scope():
        return list(LogLine.objects.order_by("pk"))


def _line(event: str, *, at: datetime | None = None, **values: Any) -> LogLine:
    with platform_scope():
        return LogLine.objects.create(at=at or timezone.now(), level="warning", event=event, **values)


@pytest.mark.spec("PRV-10")
def test_warnings_and_errors_are_kept_with_their_workshop_and_no_personal_data(
    workshop: Workshop, stored: logging.Logger
) -> None:
    with structlog.contextvars.bound_contextvars(workshop_id=workshop.pk, user_id=7, request_id="a-request"):
        stored.info("nothing to see")
        stored.warning("mail to zoe@client.test refused")
        try:
            raise ValueError("Zoé Lefèvre has no telephone")
        except ValueError:
            stored.exception("not_done")
    keep_log_lines()
    warning, error = _lines()
    assert (warning.level, warning.event, warning.logger) == ("warning", "mail to [masked] refused", "tests.stored")
    assert (error.level, error.workshop_id, error.user_id, error.request_id) == ("error", workshop.pk, 7, "a-request")
    assert error.fault.startswith("ValueError – File ") and "test_logs.py" in error.fault
    with platform_scope():
        assert "Lefèvre" not in json.dumps(list(LogLine.objects.values()), default=str, ensure_ascii=False)
    assert keep_lines() == 0


def test_a_store_that_does_not_answer_breaks_nothing_and_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logger, handler = logging.getLogger("tests.lost"), StoreHandler("redis://127.0.0.1:1/0")
    asked: list[int] = []
    real = handler._client.pipeline

    def counted() -> Any:
        asked.append(1)
        return real()

    monkeypatch.setattr(handler._client, "pipeline", counted)
    logger.addHandler(handler)
    for _twice in range(2):
        logger.error("still here")
    logger.removeHandler(handler)
    assert asked == [1]


def test_lines_wait_while_the_database_does_not_take_them(
    stored: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.warning("first")
    stored.warning("second")

    def refused(rows: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(logs.LogLine.objects, "bulk_create", refused)
        with pytest.raises(DatabaseError):
            keep_lines()
    assert keep_lines() == 2
    assert [line.event for line in _lines()] == ["first", "second"]


def test_what_is_not_a_line_of_ours_is_left_out_and_the_rest_is_kept(stored: logging.Logger) -> None:
    with log_store.client(settings.REDIS_URL) as connection:
        connection.rpush(log_store.KEY, "not json", "[]", '{"event": "no date", "level": "error"}',
                         '{"timestamp": "2026-11-21T10:00:00Z", "level": "fatal", "event": "x"}')  # fmt: skip
    # Straight to the handler: pytest would keep the half character for its report, which must be UTF-8.
    record = {"name": stored.name, "levelno": logging.WARNING, "levelname": "WARNING"}
    stored.handlers[0].handle(logging.makeLogRecord({**record, "msg": "half \ud800 and nul \x00" + "x" * 400}))
    assert keep_lines() == 1
    assert [len(line.event) for line in _lines()] == [300]


def test_no_more_than_so_many_lines_wait(stored: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_store, "MOST_WAITING", 3)
    for number in range(5):
        stored.warning("line %d", number)
    assert keep_lines() == 3
    assert [line.event for line in _lines()] == ["line 2", "line 3", "line 4"]


@pytest.mark.spec("PRV-02")
def test_lines_go_after_ninety_days_or_when_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    _line("old", at=now - timedelta(days=90, minutes=1))
    for name in ("young", "a", "b"):
        _line(name, at=now - timedelta(days=89))
    forget_old_log_lines()
    assert [line.event for line in _lines()] == ["young", "a", "b"]
    monkeypatch.setattr(logs, "MOST_KEPT", 2)
    assert forget_old_lines() == 1
    assert [line.event for line in _lines()] == ["a", "b"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {"mail_refused", "not_done", "late"}),
        ({"atelier": "vulcain"}, {"mail_refused"}),
        ({"atelier": "personne"}, set()),
        ({"niveau": "error"}, {"not_done"}),
        ({"niveau": "nonsense"}, {"mail_refused", "not_done", "late"}),
        ({"mots": "REFUSED"}, {"mail_refused"}),
        ({"mots": "req-1"}, {"not_done"}),
        ({"du": "2026-11-20", "au": "2026-11-20"}, {"late"}),
        ({"du": "0001-01-01", "au": "9999-12-31"}, {"mail_refused", "not_done", "late"}),
        ({"atelier": "vulcain", "niveau": "error"}, set()),
    ],
)
def test_the_publisher_searches_by_workshop_level_words_and_period(
    publisher_client: Client, workshop: Workshop, other_workshop: Workshop, asked: dict[str, str], expected: set[str]
) -> None:
    noon = datetime(2026, 11, 18, 12, tzinfo=PARIS)
    _line("mail_refused", workshop_id=workshop.pk, at=noon, details={"code": "550"})
    with platform_scope():
        values: dict[str, Any] = {
            "level": "error",
            "event": "not_done",
            "workshop_id": other_workshop.pk,
            "request_id": "req-1",
        }
        LogLine.objects.create(at=noon, **values)
    _line("late", at=datetime(2026, 11, 20, 23, 30, tzinfo=PARIS))
    publisher_client.get(PAGE)
    with at_most(9):
        answer = publisher_client.get(PAGE, asked)
    assert {line.event for line in answer.context["page"].rows} == expected
    if not asked:
        html = answer.content.decode()
        assert "Atelier Vulcain" in html and "550" in html and "req-1" in html


def test_it_does_not_exist_for_anybody_else(client: Client, owner_client: Client) -> None:
    assert client.get(PAGE).status_code == 404
    assert owner_client.get(PAGE).status_code == 404
