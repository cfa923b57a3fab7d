"""The site as a new installation has it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once for each file, in a transaction that each test's own stands in."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_plans", verbosity=0)
        call_command("load_site", verbosity=0)
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


@pytest.fixture
def client() -> Client:
    """A browser on one of our own pages, as it says with each request."""
    return Client(headers={"Sec-Fetch-Site": "same-origin"})
