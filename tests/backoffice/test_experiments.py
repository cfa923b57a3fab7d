"""The results of the A/B tests, as the publisher reads them."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from marketing.comparing import Tally, Verdict
from marketing.models import Experiment, ExperimentDay, HomePage
from marketing.selectors import list_compared

from app.accounts.models import WorkshopRequest
from tests import factories
from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
PAGE = "/editeur/essais/"


@pytest.mark.spec("SEO-07")
def test_the_publisher_reads_the_results(client: Client, publisher_client: Client) -> None:
    assert "/cms/snippets/marketing/experiment/add/" in publisher_client.get(PAGE).content.decode()
    running = Experiment.objects.create(
        name="Titre du four", page=HomePage.objects.get(slug="accueil"), title_b="Le four n’attend plus."
    )
    assert "Titre du four" in publisher_client.get(PAGE).content.decode()
    for letter, views, calls in (("a", 1000, 50), ("b", 1000, 75)):
        ExperimentDay.objects.create(
            experiment=running, variant=letter, day=date(2026, 12, 1), views=views, calls=calls
        )
    WorkshopRequest.objects.create(user=factories.person(), workshop_name="Alpes", campaign=f"essai-{running.pk}-b")
    [found] = list_compared()
    assert found.first == Tally(1000, 50)
    assert found.second == Tally(1000, 75, 1)
    assert (found.first.rate, found.second.rate) == (Decimal("5.0"), Decimal("7.5"))
    assert found.verdict == Verdict.B_BETTER
    publisher_client.get(PAGE)
    with at_most(10):
        body = publisher_client.get(PAGE).content.decode()
    assert "7,5" in body
    assert client.get(PAGE).status_code == 404
