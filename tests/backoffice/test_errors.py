"""Errors of the server and of browsers reach the log and the error tracker, without personal data; too many are told."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import config.urls
import pytest
import sentry_sdk
import structlog
from config.errors import cleaned, start
from django.core.cache import cache
from django.test import Client
from django.urls import path
from pytest_django import Settings

from app.notify.models import PlatformEmail
from app.tenancy.models import Membership
from app.tenancy.scope import platform_scope
from backoffice.models import LogLine
from backoffice.services.browser_errors import frames_of
from backoffice.services.error_alert import QUIET_SECONDS, busiest_minute, warn_of_errors
from tests.conftest import signed_in
from tests.fakes.sentry import PROJECT, Inbox, sentry

pytestmark = pytest.mark.django_db
WHO = ("jeanne.durand" + chr(64) + "exemple.fr", "06 " + "12 34 56 78")
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
STACK = """TypeError: x is undefined
    at save (https://app.test/static/dist/app.js?v=2:12:34)
    at https://app.test/static/dist/app.js:1:2"""


def _break(request: Any) -> None:
    raise ValueError("cannot write to {}, {}".format(*WHO))


urlpatterns = [path("casse/", _break), *config.urls.urlpatterns]


@pytest.fixture
def tracker() -> Iterator[Inbox]:
    """A server that speaks Sentry's protocol, and this process connected to it."""
    with sentry() as inbox:
        start(dsn=inbox.dsn, release="thermogestion@9.9", environment="tests")
        yield inbox
        sentry_sdk.get_client().close(timeout=2)
        sentry_sdk.init()


def _arrived(inbox: Inbox) -> list[dict[str, Any]]:
    sentry_sdk.flush(timeout=5)
    return inbox.events


def _tell(client: Client, told: Any, **headers: str) -> Any:
    body = told if isinstance(told, str) else json.dumps(told)
    return client.post(
        "/erreurs/", body, content_type="application/json", headers={"Sec-Fetch-Site": "same-origin", **headers}
    )


def _lines(number: int, *, until: datetime = NOW, level: str = "error", every: float = 1) -> None:
    with platform_scope():
        LogLine.objects.bulk_create(
            LogLine(at=until - timedelta(seconds=every * rank), level=level, event="request_failed")
            for rank in range(number)
        )


@pytest.mark.spec("OPS-01")
@pytest.mark.urls(__name__)
def test_an_error_of_the_server_arrives_with_its_stack_and_nobody_in_it(tracker: Inbox) -> None:
    with structlog.contextvars.bound_contextvars(workshop_id=12, user_id=7):
        answer = Client(raise_request_exception=False).post("/casse/?q=durand", {"nom": "Durand"})
    assert answer.status_code == 500
    [event] = [found for found in _arrived(tracker) if found.get("exception")]
    assert tracker.paths[0] == f"/api/{PROJECT}/envelope/"
    assert (event["release"], event["tags"]["workshop"]) == ("thermogestion@9.9", "12")
    [fault] = event["exception"]["values"]
    assert fault["type"] == "ValueError"
    assert fault["stacktrace"]["frames"][-1]["function"] == "_break"
    assert event["transaction"] == "/casse/"
    for private in ("durand@", "06 12", "Durand", "sessionid", '"vars"'):
        assert private not in "".join(tracker.bodies)


def test_of_the_request_only_the_method_and_the_address_leave() -> None:
    asked = {
        "method": "POST",
        "url": "https://app.test/espace/9f8e7d6c5b4a3f2e1d0c9b8a7f6e5d4c/?q=durand",
        "query_string": "q=durand",
        "headers": {"Authorization": "Bearer x"},
        "cookies": {"sessionid": "x"},
        "data": {"nom": "Durand"},
        "env": {"REMOTE_ADDR": "192.0.2.1"},
    }
    event = cleaned({"request": asked, "user": {"email": "a@b.fr"}, "breadcrumbs": {}, "server_name": "web-1"}, {})
    assert event == {
        "request": {"method": "POST", "url": "https://app.test/espace/[masked]/"},
        "user": {},
        "tags": {},
        "extra": {},
    }


@pytest.mark.spec("OPS-01")
def test_an_error_line_of_the_log_arrives_masked(tracker: Inbox) -> None:
    structlog.get_logger("app.crm").error("import_failed", email="a@b.fr", rows=3)
    [event] = _arrived(tracker)
    assert event["logentry"]["message"] == "import_failed"
    assert (event["extra"]["rows"], event["extra"]["email"]) == (3, "[masked]")


@pytest.mark.spec("OPS-01")
def test_an_error_of_a_browser_arrives_with_its_stack_and_its_workshop(tracker: Inbox, owner: Membership) -> None:
    page = f"/app/{owner.workshop.slug}/devis/?q=durand"
    told = {"message": "Uncaught TypeError: x is undefined", "stack": STACK, "page": page}
    assert _tell(signed_in(owner), told).status_code == 204
    [event] = _arrived(tracker)
    assert (event["tags"]["side"], event["tags"]["workshop"]) == ("browser", str(owner.workshop_id))
    [fault] = event["exception"]["values"]
    assert (fault["type"], fault["value"]) == ("TypeError", "x is undefined")
    assert [frame["function"] for frame in fault["stacktrace"]["frames"]] == ["?", "save"]
    assert "durand" not in "".join(tracker.bodies)


def test_the_error_tracker_may_fail_and_nobody_waits_for_it(tracker: Inbox) -> None:
    tracker.status = 500
    assert _tell(Client(), {"message": "Error: x"}).status_code == 204
    assert _arrived(tracker) == []


@pytest.mark.spec("OPS-01")
def test_without_a_tracker_errors_of_browsers_are_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert _tell(Client(), {"message": "Error: x", "page": "/tarifs/"}).status_code == 204
    assert [record.msg["event"] for record in caplog.records if isinstance(record.msg, dict)] == ["browser_error"]


@pytest.mark.parametrize(
    "told",
    [
        "",
        "not json",
        "[" * 10_000,
        "[]",
        "3",
        {},
        {"message": ""},
        {"stack": "x"},
        {"message": "x" * 20_000},
        {"message": []},
    ],
)
def test_what_is_not_an_error_is_refused(told: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert _tell(Client(), told).status_code == 400
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_only_our_own_pages_tell_and_only_some_times_a_minute(owner: Membership) -> None:
    assert Client().get("/erreurs/").status_code == 405
    assert _tell(Client(), {"message": "x"}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    cache.clear()
    answers = [_tell(Client(), {"message": "x"}).status_code for _time in range(22)]
    assert answers[:20] == [204] * 20
    assert set(answers[20:]) == {429}


def test_a_stranger_cannot_name_a_workshop(tracker: Inbox, owner: Membership) -> None:
    _tell(Client(), {"message": "Error: x", "page": f"/app/{owner.workshop.slug}/"})
    [event] = _arrived(tracker)
    assert "workshop" not in event["tags"]


def test_the_stacks_of_each_browser_are_read() -> None:
    firefox = "save@https://app.test/app.js:12:34\n@https://app.test/app.js:1:2\nnothing here"
    assert [(frame["function"], frame["lineno"]) for frame in frames_of(firefox)] == [("?", 1), ("save", 12)]
    assert [(frame["function"], frame["filename"]) for frame in frames_of(STACK)][1] == (
        "save",
        "https://app.test/static/dist/app.js",
    )


@pytest.mark.spec("OPS-03", "EML-60")
def test_more_than_ten_errors_a_minute_are_told_once_an_episode(publisher_client: Client, publisher: Any) -> None:
    cache.clear()
    _lines(10)
    assert warn_of_errors(NOW) == 10
    assert not PlatformEmail.objects.exists()
    _lines(1)
    assert warn_of_errors(NOW) == 11
    warn_of_errors(NOW + timedelta(seconds=20))
    _lines(30, until=NOW + timedelta(minutes=2))
    warn_of_errors(NOW + timedelta(minutes=2))
    [mail] = PlatformEmail.objects.filter(kind="errors_above_threshold")
    assert mail.to == publisher.email
    assert "11" in mail.subject and "request_failed" in mail.text
    cache.clear()  # QUIET_SECONDS have passed
    later = NOW + timedelta(seconds=QUIET_SECONDS * 2)
    _lines(11, until=later)
    warn_of_errors(later)
    assert PlatformEmail.objects.filter(kind="errors_above_threshold").count() == 2


@pytest.mark.spec("OPS-03")
def test_a_critical_error_is_told_alone_and_a_warning_never(publisher: Any) -> None:
    cache.clear()
    _lines(50, level="warning")
    warn_of_errors(NOW)
    assert not PlatformEmail.objects.exists()
    _lines(1, level="critical")
    warn_of_errors(NOW)
    assert PlatformEmail.objects.count() == 1


def test_a_minute_is_any_sixty_seconds() -> None:
    times = [NOW + timedelta(seconds=second) for second in (0, 30, 59, 60, 61, 200)]
    assert busiest_minute(times) == 4
    assert busiest_minute([]) == 0


@pytest.mark.spec("OPS-01")
def test_the_publisher_sees_whether_it_is_connected_and_makes_a_test_error(
    publisher_client: Client, tracker: Inbox, settings: Settings, owner: Membership
) -> None:
    assert "SENTRY_DSN" in publisher_client.get("/editeur/surveillance/").content.decode()
    settings.SENTRY_DSN = "https://secretkey@sentry.exemple.fr/3"
    page = publisher_client.get("/editeur/surveillance/").content.decode()
    assert "sentry.exemple.fr" in page and "secretkey" not in page and "data-test-error" in page
    assert publisher_client.post("/editeur/surveillance/erreur/").status_code == 302
    [event] = _arrived(tracker)
    assert event["exception"]["values"][0]["type"] == "TestError"
    assert signed_in(owner).post("/editeur/surveillance/erreur/").status_code == 404
