"""What is read of a session: its own data, while it lasts, and nothing for a key that somebody made up."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from app.accounts.sessions import SessionStore
from app.tenancy.models import Membership
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
