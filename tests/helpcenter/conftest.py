"""The help centre: `site` of tests/conftest.py is the site as a new installation has it."""

import pytest
from django.test import Client


@pytest.fixture
def client() -> Client:
    """A browser on one of our own pages, as it says with each request."""
    return Client(headers={"Sec-Fetch-Site": "same-origin"})
