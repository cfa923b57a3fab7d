"""What is read of a session: its own data, while it lasts, and nothing for a key that somebody made up."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from app.accounts.sessions import SessionStore
from app.tenancy.models import Membership, Workshop
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


def test_a_session_is_read_back_until_it_expires() -> None:
    store = SessionStore()
    store["theme"] = "dark"
    store.save()
    key = store.session_key
    assert SessionStore(key)["theme"] == "dark"
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    late = SessionStore(key)
    assert late.get("theme") is None
    assert late.session_key is None


def test_a_key_that_nobody_gave_is_not_taken_over() -> None:
    store = SessionStore("0123456789abcdef0123456789abcdef")
    store["theme"] = "dark"
    store.save()
    assert store.session_key != "0123456789abcdef0123456789abcdef"
    assert not Session.objects.filter(pk="0123456789abcdef0123456789abcdef").exists()


def test_a_session_that_was_withdrawn_lets_nobody_in(owner: Membership) -> None:
    client: Client = signed_in(owner)
    here = f"/app/{owner.workshop.slug}/clients/"
    assert client.get(here).status_code == 200
    Session.objects.all().delete()
    assert client.get(here).status_code == 302


@pytest.mark.parametrize(
    "cookie", ['"0123456789abcdef\\000"', "x" * 3000, "0123456789ABCDEF0123456789ABCDEF", "é" * 32]
)
@pytest.mark.parametrize("path", ["/compte/login/", "/app/atelier-vulcain/", "/espace/atelier-vulcain/"])
def test_a_key_that_cannot_be_one_is_no_session_and_no_failure(workshop: Workshop, path: str, cookie: str) -> None:
    browser = Client(raise_request_exception=False)
    known = browser.get(path)
    answer = browser.get(path, headers={"cookie": f"sessionid={cookie}"})
    assert (answer.status_code, answer.get("Location")) == (known.status_code, known.get("Location"))
