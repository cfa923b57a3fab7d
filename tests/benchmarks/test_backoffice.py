"""The publisher's first page over a thousand workshops and three years, beside the page of one workshop.

`make bench` prints both: the overview is to stay under five times the other.
"""

from typing import Any

import pytest
from django.test import Client

from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope
from tests import factories
from tests.backoffice.test_figures import _live

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark(group="backoffice")]


@pytest.fixture
def desk(db: None) -> Client:
    """The publisher, before a thousand workshops that have lived."""
    _live(1000, seed=11)
    user = factories.person(is_staff=True, is_superuser=True)
    factories.add_second_factor(user)
    client = Client()
    client.force_login(user, backend="app.accounts.backends.PersonBackend")
    return client


@pytest.mark.spec("BOF-06", "BOF-11")
def test_overview(benchmark: Any, desk: Client) -> None:
    assert benchmark(lambda: desk.get("/editeur/").status_code) == 200


@pytest.mark.spec("BOF-05")
def test_list_of_workshops(benchmark: Any, desk: Client) -> None:
    assert benchmark(lambda: desk.get("/editeur/ateliers/?stockage=80").status_code) == 200


@pytest.mark.spec("BOF-05")
def test_page_of_a_workshop(benchmark: Any, desk: Client) -> None:
    with platform_scope():
        workshop = Workshop.objects.latest("pk")
    assert benchmark(lambda: desk.get(f"/editeur/ateliers/{workshop.pk}/").status_code) == 200
