"""Browser journeys: a real server, real mail over SMTP, a phone and a desk."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, Playwright, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from devtools import postgres, system
from devtools.postgres import PostgresCluster
from devtools.redisserver import RedisServer
from tests.e2e.webkit import WebKitWindow, screen
from tests.e2e.windows import DESK, PHONE, PlaywrightWindow, Size, Window
from tests.fakes.smtp import Mailbox, smtp_server
from tests.folders import folder_for_postgres
from tests.kept_rows import Rows, put_instead

# Playwright's synchronous interface runs an event loop in this thread; Django would refuse its own database calls.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
#: Journeys that take long, the longest first; the first one takes half of the time of all.
LONGEST = (
    "test_run.py", "test_screens.py", "test_spine.py", "test_status.py", "test_public.py", "test_kills.py",
    "test_backoffice.py", "test_lighthouse.py",
)  # fmt: skip
#: A Firefox that nobody looks at draws ten pictures a second instead of sixty, and keeps no empty processes ready.
UNSEEN = {"layout.frame_rate": 10, "dom.ipc.processPrelaunch.enabled": False, "dom.ipc.processCount": 1}
#: Four browsers share two cores with all that they ask for: a page that is late is not a page that is wrong.
expect.set_options(timeout=20_000)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker begins with long ones, the first with the longest alone, so that nobody is left with one at the end.

    Each is given as many that follow one another, and those who have done theirs take of the last ones of others
    (xdist's worksteal).
    """
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    longest = sorted((item for item in items if item.path.name in ranks), key=lambda item: ranks[item.path.name])
    others = [item for item in items if item.path.name not in ranks]
    workers, dealt = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")), list[pytest.Item]()
    others_begin = [longest[rank :: workers - 1] for rank in range(1, workers)]
    for worker, begun in enumerate([longest[:1], *others_begin] if workers > 1 else [longest]):
        share = (len(items) - len(dealt)) // (workers - worker)
        rest = max(0, share - len(begun))
        dealt += begun + others[:rest]
        others = others[rest:]
    items[:] = dealt + others


@pytest.fixture
def post(settings: Settings, live_server: LiveServer) -> Iterator[Mailbox]:
    """The mail server that everything is sent to; links in the mails lead to the live server."""
    settings.BASE_URL = live_server.url
    settings.EMAIL_BACKEND = "app.notify.backend.OutboxBackend"
    with smtp_server() as server:
        settings.PLATFORM_EMAIL_URL = server.url
        yield server


@pytest.fixture
def site(site_rows: Rows, transactional_db: None) -> None:
    """The database as `make run` furnishes it."""
    put_instead(site_rows)


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


@pytest.fixture(scope="session")
def firefox_arguments() -> dict[str, Any]:
    """How Playwright starts the system's Firefox, by the protocol that Firefox itself speaks."""
    program = system.firefox()
    if program is None:
        pytest.skip("No Firefox on this machine: install firefox-esr")
    return {"channel": "moz-firefox", "executable_path": program, "firefox_user_prefs": UNSEEN}


@pytest.fixture(scope="module")
def firefox(playwright: Playwright, firefox_arguments: dict[str, Any]) -> Iterator[Browser]:
    """The system's Firefox, closed after the file that asked for it: it is busy even when nobody looks."""
    started = playwright.firefox.launch(**firefox_arguments)
    yield started
    started.close()


@pytest.fixture
def webkit_display(tmp_path: Path) -> Iterator[str]:
    """The screen for the windows of the system's WebKit."""
    if system.webkit() is None or shutil.which(system.SCREEN) is None:
        pytest.skip("No WebKit on this machine: install webkit2gtk-driver and xvfb")
    with screen(tmp_path) as display:
        yield display


@pytest.fixture
def open_window(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, Size], Window]]:
    """Opens a French window of `chromium`, `firefox` or `webkit`, each with cookies of its own."""
    with ExitStack() as opened:

        def opening(name: str, size: Size) -> Window:
            if name == "webkit":
                display = request.getfixturevalue("webkit_display")
                window = WebKitWindow(tmp_path_factory.mktemp("webkit"), display, size)
                opened.callback(window.close)
                return window
            browser: Browser = request.getfixturevalue("firefox" if name == "firefox" else "browser")
            touched = {"has_touch": size != DESK, "is_mobile": size == PHONE} if name == "chromium" else {}
            context = browser.new_context(locale="fr-FR", **touched)
            opened.callback(context.close)
            return PlaywrightWindow(name, context.new_page(), size)

        yield opening


@pytest.fixture
def broken_pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What pages tell our server of their own errors, whatever the browser."""
    told: list[str] = []
    hear = lambda *, error, workshop_id: told.append(f"{error.page}: {error.message}")  # noqa: E731
    monkeypatch.setattr("backoffice.views.browser_errors.report_browser_error", hear)
    return told


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[RedisServer]:
    """A queue of one's own, which may be killed."""
    server = RedisServer(tmp_path / "redis", tmp_path / "redis.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def cluster(db: None) -> Iterator[PostgresCluster]:
    """A PostgreSQL of one's own, which may be killed, with the schema of the tests."""
    with folder_for_postgres("thermo-postgres-") as folder:
        server = PostgresCluster(folder / "postgres", folder / "postgres.log")
        try:
            server.start()
            server.ensure_database("thermo")
            command = [postgres.program("pg_dump"), django_settings.TEST_ADMIN_URL]
            dump = subprocess.run(command, check=True, capture_output=True, timeout=120).stdout
            superuser = server.url(postgres.SUPERUSER, "thermo")
            # In one transaction: this server writes each commit to the disk, and there are five thousand statements.
            load = [postgres.program("psql"), "-q", "-1", "-v", "ON_ERROR_STOP=1", superuser]
            subprocess.run(load, input=dump, check=True, capture_output=True)
            yield server
        finally:
            server.stop()


def link_in(post: Mailbox, to: str, pattern: str = r"https?://[^\s\"<>]+") -> str:
    """The first link of the latest message to somebody."""
    message = next(message for message in reversed(post.messages) if message["To"] == to)
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(pattern, body.get_content())
    assert found, body.get_content()
    return found.group()
