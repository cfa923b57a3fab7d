"""The page of the maker's catalogue: what was read, what was not, and reading it now."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from app.powders.models import CatalogueReading
from app.tenancy.scope import platform_scope

pytestmark = pytest.mark.django_db
PAGE = "/editeur/poudres/"


@pytest.fixture
def connected(settings: Any) -> None:
    settings.CATALOGUE_URL, settings.CATALOGUE_SECRET = "http://127.0.0.1:9/export", "secret"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that were asked for."""
    asked: list[str] = []
    monkeypatch.setattr("backoffice.services.powders.send_on_commit", asked.append)
    return asked


def test_it_says_when_it_was_read_what_failed_and_what_was_not_understood(
    publisher_client: Client, connected: None
) -> None:
    read_at = timezone.now()
    problems = [{"number": 31, "reference": "TP-31", "reasons": ["Finition inconnue"]}]
    with platform_scope():
        CatalogueReading.objects.create(
            source="module", read_at=read_at, failure="the shop answers 403", problems=problems
        )
    answer = publisher_client.get(PAGE)
    page = answer.content.decode()
    assert answer.context["state"].reading.read_at == read_at
    assert all(word in page for word in ("the shop answers 403", "TP-31", "Finition inconnue"))


def test_it_is_read_now(publisher_client: Client, connected: None, sent: list[str]) -> None:
    assert publisher_client.get(PAGE).status_code == 200
    assert publisher_client.get(f"{PAGE}lire/").status_code == 405
    assert publisher_client.post(f"{PAGE}lire/").status_code == 302
    assert sent == ["powders.read_catalogue"]


def test_without_a_shop_nothing_is_read(publisher_client: Client, settings: Any, sent: list[str]) -> None:
    settings.CATALOGUE_URL = settings.CATALOGUE_API_URL = ""
    assert f"{PAGE}lire/" not in publisher_client.get(PAGE).content.decode()
    assert publisher_client.post(f"{PAGE}lire/").status_code == 302
    assert sent == []


def test_it_is_the_publishers_alone(owner_client: Client, client: Client, connected: None, sent: list[str]) -> None:
    for somebody in (owner_client, client):
        assert somebody.get(PAGE).status_code in (302, 404)
        assert somebody.post(f"{PAGE}lire/").status_code in (302, 404)
    assert sent == []
