"""The publisher, and workshops that have lived."""

import pytest
from django.test import Client

from app.accounts.models import User
from tests import factories


@pytest.fixture
def publisher(db: None) -> User:
    """The publisher's one account, with its second factor."""
    user = factories.person(email="editeur@thermogestion.test", is_staff=True, is_superuser=True)
    factories.add_second_factor(user)
    return user


@pytest.fixture
def publisher_client(publisher: User) -> Client:
    client = Client()
    client.force_login(publisher, backend="app.accounts.backends.PersonBackend")
    return client
