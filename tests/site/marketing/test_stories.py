"""Stories of customers: none is shown without a written agreement; anybody may offer theirs. Campaigns are sums."""

from datetime import date, timedelta
from typing import Any

import pytest
from cms.models import PublisherSettings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from marketing import services
from marketing.content import copy
from marketing.models import CampaignDay, HomePage, LandingPage, Story, StoryProposal
from marketing.selectors import sum_campaigns, sum_sign_ups
from wagtail.models import Site

from app.accounts.models import WorkshopRequest
from app.notify.models import PlatformEmail
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
OFFER = "/temoignages/proposer/"
WORDS = {"name": "Léa Blanc", "workshop": "Laquage des Alpes", "email": "lea@alpes.test",
         "text": "Deux heures gagnées <script>alert(1)</script> chaque semaine.", "agrees_to_be_called": "on",
         "website": ""}  # fmt: skip


def story(**fields: Any) -> Story:
    values = {"workshop": "Laquage des Alpes", "person": "Léa Blanc", "quotation": "Nous ne cherchons plus les pièces.",
              "consented_on": date(2026, 11, 2), "is_shown": True}  # fmt: skip
    return Story.objects.create(**{**values, **fields})


@pytest.mark.spec("SIT-07", "SIT-03")
def test_no_story_is_supplied_and_the_section_waits_for_a_real_one(client: Client) -> None:
    assert not Story.objects.exists()
    for path in ("/", "/temoignages/"):
        assert 'class="story"' not in client.get(path).content.decode()
    assert "Ce qu’en disent les ateliers" not in client.get("/").content.decode()
    story()
    for path in ("/", "/temoignages/"):
        assert "Nous ne cherchons plus les pièces." in client.get(path).content.decode()


@pytest.mark.spec("SIT-07")
def test_a_story_without_a_written_agreement_cannot_be_shown(client: Client) -> None:
    with pytest.raises(ValidationError):
        Story(workshop="X", person="Y", quotation="Z", is_shown=True).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        story(consented_on=None)
    story(is_shown=False)
    assert 'class="story"' not in client.get("/temoignages/").content.decode()


@pytest.mark.spec("SIT-07")
def test_a_workshop_offers_its_story_which_is_kept_and_mailed(client: Client) -> None:
    PublisherSettings.objects.create(site=Site.objects.get(is_default_site=True), email="bonjour@thermo.test")
    assert client.get(OFFER).status_code == 200
    answer = client.post(OFFER, WORDS, follow=True)
    assert answer.status_code == 200
    kept = StoryProposal.objects.get()
    assert kept.text == WORDS["text"]
    mail = PlatformEmail.objects.get(kind="story_offered")
    assert mail.to == "bonjour@thermo.test"
    assert "<script>" not in mail.html
    assert WORDS["text"] not in client.get("/temoignages/").content.decode()


def test_without_an_address_of_the_publisher_the_story_is_kept_all_the_same(client: Client) -> None:
    client.post(OFFER, WORDS)
    assert StoryProposal.objects.count() == 1
    assert not PlatformEmail.objects.filter(kind="story_offered").exists()


def test_a_robot_that_fills_the_trap_is_thanked_and_nothing_is_kept(client: Client) -> None:
    assert client.post(OFFER, {**WORDS, "website": "http://spam.test"}).status_code == 302
    assert not StoryProposal.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"email": "pas une adresse"},
        {"text": ""},
        {"text": "x" * 3001},
        {"agrees_to_be_called": ""},
        {"name": "x" * 200},
    ],
)
def test_a_story_that_cannot_be_kept_says_why(client: Client, change: dict[str, str]) -> None:
    answer = client.post(OFFER, {**WORDS, **change})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not StoryProposal.objects.exists()


def test_the_sixth_story_in_an_hour_waits(client: Client) -> None:
    answers = [client.post(OFFER, WORDS).status_code for _time in range(6)]
    assert answers == [302, 302, 302, 302, 302, 429]
    assert client.post(OFFER).status_code == 429  # nothing typed: the same answer
    assert StoryProposal.objects.count() == 5


def test_a_story_offered_goes_after_a_year(client: Client) -> None:
    client.post(OFFER, WORDS)
    client.post(OFFER, WORDS)
    first = StoryProposal.objects.order_by("pk").first()
    assert first is not None
    StoryProposal.objects.filter(pk=first.pk).update(at=timezone.now() - timedelta(days=366))
    assert services.forget_old_stories() == 1
    assert StoryProposal.objects.count() == 1


@pytest.fixture
def landing(site: None) -> LandingPage:
    home = HomePage.objects.get(slug="accueil")
    page = LandingPage(title="Portails", slug="portails", campaign="portails-2026", hero_title="Vos portails",
                       hero_text="Chiffrés devant le client.", body=copy.HOME["body"][-1:])  # fmt: skip
    home.add_child(instance=page)
    return page


@pytest.mark.spec("SIT-17")
def test_a_campaign_page_carries_its_name_to_the_sign_up_and_puts_nothing_in_the_browser(
    client: Client, landing: LandingPage
) -> None:
    response = client.get("/portails/")
    body = response.content.decode()
    assert body.count("?campagne=portails-2026") >= 2
    assert 'data-campaign="portails-2026"' in body
    assert not [name for name in response.cookies if "campa" in name]
    assert 'value="portails-2026"' in client.get("/inscription/?campagne=portails-2026").content.decode()


@pytest.mark.spec("SIT-17")
@pytest.mark.parametrize(("sent", "kept"), [("portails-2026", "portails-2026"), ("<b>", ""), ("X" * 90, ""), ("", "")])
def test_the_sign_up_keeps_the_campaign_and_never_refuses_because_of_it(client: Client, sent: str, kept: str) -> None:
    form = {"workshop_name": "Laquage des Alpes", "email": "lea@alpes.test", "telephone": "06 12 34 56 78",
            "password1": factories.PASSWORD, "accepts_terms": "on", "accepts_privacy": "on",
            "accepts_processing": "on", "website": "", "campagne": sent}  # fmt: skip
    assert client.post("/inscription/", form).status_code == 302
    assert WorkshopRequest.objects.get().campaign == kept
    assert sum_sign_ups() == ({kept: 1} if kept else {})


@pytest.mark.spec("SIT-17")
def test_visits_are_counted_by_day_as_a_sum(client: Client) -> None:
    for _time in range(3):
        assert client.post("/campagne/visite/", {"campaign": "portails-2026"}).status_code == 204
    assert client.post("/campagne/visite/", {"campaign": "Pas valable"}).status_code == 422
    assert client.get("/campagne/visite/").status_code == 405
    row = CampaignDay.objects.get()
    assert (row.campaign, row.visits) == ("portails-2026", 3)
    assert [(found.campaign, found.visits) for found in sum_campaigns()] == [("portails-2026", 3)]


def test_made_up_campaigns_cannot_fill_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_CAMPAIGNS_A_DAY", 2)
    for name in ("a", "b", "c", "a"):
        services.count_visit(campaign=name, day=timezone.localdate())
    assert {row.campaign: row.visits for row in CampaignDay.objects.all()} == {"a": 2, "b": 1}
