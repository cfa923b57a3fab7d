"""The cast and the stage that every test shares.

The database is a copy of a migrated template, connected to as the production role: row security holds in every test.
"""

import functools
import gc
import time
from collections.abc import Callable, Iterator
from typing import Any

import django_ratelimit.core
import hypothesis
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.db import connection
from django.template import Context
from django.template.base import Template
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import _TestState
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from app.accounts.models import User
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from devtools import system
from devtools.testing import drop_worker_database
from tests import factories
from tests.emptying import empty_quickly
from tests.kept_rows import Rows, loaded_rows, put_instead, rows_now

# The same examples in every run: a change that breaks one is seen at once, and no run fails by chance.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.load_profile("steady")
empty_quickly()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What loads the demonstration comes first, what connects this process to an error tracker last.

    A file in the middle is shared between the workers, and each would load the demonstration, once or more often.
    Sentry wraps Django for good, and slows down the rest.
    """
    ranks = {"loaded": -1, "tracker": 1}
    items.sort(key=lambda item: sum(ranks.get(name, 0) for name in getattr(item, "fixturenames", ())))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave what is loaded by now out of every garbage collection: looking through it again takes a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """The settings made the database of this process; drop it at the end."""
    yield
    with django_db_blocker.unblock():
        connection.close()
    drop_worker_database({"DATABASE_ADMIN_URL": settings.TEST_ADMIN_URL})


@pytest.fixture(scope="session", autouse=True)
def new_rows(django_db_setup: None, django_db_blocker: Any) -> Rows:
    """What the migrations have written, read before a test could commit."""
    with django_db_blocker.unblock():
        return rows_now()


@pytest.fixture(scope="session")
def site_rows(new_rows: Rows, django_db_blocker: Any) -> Rows:
    """The rows of a database that `make run` has furnished."""
    with django_db_blocker.unblock():
        return loaded_rows(new_rows)


@pytest.fixture(scope="module")
def site(site_rows: Rows, new_rows: Rows, django_db_blocker: Any) -> Iterator[None]:
    """The site as a new installation has it, for each test of a file; what a test changes is rolled back."""
    with django_db_blocker.unblock():
        put_instead(site_rows)
    yield
    with django_db_blocker.unblock():
        put_instead(new_rows)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """No test reads what another one cached, nor goes on in the language and the time zone of its last request."""
    yield
    cache.clear()
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits count by the minute and the hour of the clock: what a test sends never falls on both sides of an end."""
    monkeypatch.setattr("django_ratelimit.core._get_window", functools.cache(django_ratelimit.core._get_window))


@pytest.fixture(scope="session", autouse=True)
def pages_recorded(django_test_environment: None) -> None:
    """A test looks at the context of a page, not of the hundred pieces that it is drawn of: they are not recorded."""
    drawn: Callable[[Template, Context], SafeString] = _TestState.saved_data.template_render
    templates: Any = Template

    def render(self: Template, context: Context) -> SafeString:
        if context.template is self:
            template_rendered.send(sender=self, template=self, context=context)
        return drawn(self, context)

    templates._render = render


@pytest.fixture
def workshop(db: None) -> Workshop:
    """The workshop of the tests: Atelier Vulcain."""
    return factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


@pytest.fixture
def other_workshop(db: None) -> Workshop:
    """A competitor, whose rows must never be seen."""
    return factories.workshop(name="Laquage Concurrent", slug="laquage-concurrent")


@pytest.fixture
def in_scope(workshop: Workshop) -> Iterator[Workshop]:
    """The workshop, with its scope open for the whole test."""
    with workshop_scope(workshop.pk):
        yield workshop


@pytest.fixture
def owner(workshop: Workshop) -> Membership:
    return factories.member(workshop, Role.OWNER, email="olivia@vulcain.test", first_name="Olivia", last_name="Roche")


@pytest.fixture
def operator(workshop: Workshop) -> Membership:
    return factories.member(workshop, Role.OPERATOR, email="omar@vulcain.test", first_name="Omar", last_name="Petit")


@pytest.fixture
def accountant(workshop: Workshop) -> Membership:
    return factories.member(workshop, Role.ACCOUNTANT, email="ada@vulcain.test", first_name="Ada", last_name="Blin")


@pytest.fixture
def viewer(workshop: Workshop) -> Membership:
    return factories.member(workshop, Role.VIEWER, email="victor@vulcain.test", first_name="Victor", last_name="Lang")


@pytest.fixture
def stranger(other_workshop: Workshop) -> Membership:
    """The owner of the other workshop."""
    return factories.member(other_workshop, Role.OWNER, email="serge@concurrent.test", first_name="Serge")


@pytest.fixture
def actor(owner: Membership) -> Actor:
    """The owner, acting on a screen."""
    return Actor(label="Olivia Roche", origin=Origin.SCREEN, user_id=owner.user_id, ip="127.0.0.1")


def one_time_code(secret: str, later: int = 0) -> str:
    """What an authenticator app shows now, or so many half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def signed_in(member: Membership) -> Client:
    """A browser in which this member has signed in: with their session, and nothing of what signing in notes."""
    session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    session[SESSION_KEY] = str(member.user.pk)
    session[BACKEND_SESSION_KEY] = "app.accounts.backends.PersonBackend"
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


@pytest.fixture
def owner_client(owner: Membership) -> Client:
    return signed_in(owner)


@pytest.fixture
def operator_client(operator: Membership) -> Client:
    return signed_in(operator)


@pytest.fixture
def accountant_client(accountant: Membership) -> Client:
    return signed_in(accountant)


@pytest.fixture
def viewer_client(viewer: Membership) -> Client:
    return signed_in(viewer)


@pytest.fixture
def stranger_client(stranger: Membership) -> Client:
    return signed_in(stranger)


@pytest.fixture
def person(db: None) -> User:
    """Somebody with an account and no workshop."""
    return factories.person(email="paul@exemple.test")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], browser_name: str) -> dict[str, Any]:
    """The system's Chromium, without the calls home that a closed network refuses; Playwright's own of the others.

    No script lives long enough here to earn back what optimising it costs, a sixth of what pages take of the processor.
    """
    if browser_name != "chromium":
        return browser_type_launch_args
    arguments = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --no-first-run"
    return {
        **browser_type_launch_args,
        "executable_path": system.chromium(),
        "args": [*arguments.split(), "--js-flags=--no-opt --no-maglev"],
    }
