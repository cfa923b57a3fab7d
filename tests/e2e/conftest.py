"""Browser journeys: a real server, real mail over SMTP, a phone and a desk."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.management import call_command
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.fakes.smtp import Mailbox, smtp_server

# Playwright's synchronous interface runs an event loop in this thread; Django would refuse its own database calls.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture
def post(settings: Settings, live_server: LiveServer) -> Iterator[Mailbox]:
    """The mail server that everything is sent to; links in the mails lead to the live server."""
    settings.BASE_URL = live_server.url
    settings.EMAIL_BACKEND = "app.notify.backend.OutboxBackend"
    with smtp_server() as server:
        settings.PLATFORM_EMAIL_URL = server.url
        yield server


@pytest.fixture
def site(db: None, transactional_db: None) -> None:
    """What `make run` loads: the colour chart, the plans, the pages of the site."""
    for command in ("load_catalogue", "load_plans", "load_site"):
        call_command(command, verbosity=0)


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A customer's telephone."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="fr-FR", base_url=live_server.url
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The desk: a French browser, 1440 pixels wide."""
    return {**browser_context_args, "locale": "fr-FR", "viewport": {"width": 1440, "height": 900}}


def link_in(post: Mailbox, to: str, pattern: str = r"https?://[^\s\"<>]+") -> str:
    """The first link of the latest message to somebody."""
    message = next(message for message in reversed(post.messages) if message["To"] == to)
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(pattern, body.get_content())
    assert found, body.get_content()
    return found.group()


def one_time_code(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
