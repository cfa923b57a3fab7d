"""Texts that bind: versions kept, agreement recorded and asked again, Owners told once."""

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cms.models import PublisherSettings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone
from marketing import services
from marketing.content import ON_DEMAND
from marketing.content.copy import LEGAL
from marketing.models import LegalPage, LegalVersion
from wagtail.models import Site

from app.accounts.constants import SUPPLIED_VERSION, Document
from app.accounts.models import Consent
from app.home.legal import WAITING
from app.notify.models import PlatformEmail
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from tests import factories
from tests.conftest import one_time_code, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
CHANGES = "Le préavis d’un changement de prix passe à soixante jours."


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def new_version(slug: str = "cgv", *, days: int = 30, version: str = "2027-01", substantive: bool = True) -> LegalPage:
    """What an editor does: new words, a new version, a date, published."""
    page = LegalPage.objects.get(slug=slug)
    page.version, page.effective_on = version, timezone.localdate() + timedelta(days=days)
    page.is_substantive, page.changes = substantive, CHANGES if substantive else ""
    page.body = [("prose", f"<p>Nouvelles conditions de {{company}}, version {version}.</p>")]
    page.save_revision(user=factories.person()).publish()
    return LegalPage.objects.get(slug=slug)


def agree(member: Membership, version: str = SUPPLIED_VERSION) -> None:
    Consent.objects.bulk_create(
        Consent(user=member.user, document=document, version=version) for document in Document.values
    )


@pytest.mark.spec("SIT-14", "LEG-01", "LEG-02", "LEG-03", "LEG-04", "LEG-05", "LEG-07", "LEG-08")
@pytest.mark.parametrize("slug", [slug for slug in LEGAL if slug not in ON_DEMAND])
def test_every_legal_text_stands_at_its_address_with_its_version(client: Client, slug: str) -> None:
    body = text(client, f"/{slug}/")
    assert SUPPLIED_VERSION in body
    assert "{company}" not in body
    assert f"/{slug}/" in text(client, "/")


@pytest.mark.spec("SIT-06", "LEG-06")
def test_the_refund_policy_exists_once_the_publisher_publishes_it(client: Client) -> None:
    assert client.get("/remboursement/").status_code == 404
    assert 'href="/remboursement/"' not in text(client, "/")
    LegalPage.objects.get(slug="remboursement").get_latest_revision().publish()
    assert "trente jours" in text(client, "/remboursement/")
    assert 'href="/remboursement/"' in text(client, "/")


def test_an_address_of_the_past_leads_to_today_s(client: Client) -> None:
    answer = client.get("/conditions-generales/")
    assert answer.status_code == 301
    assert answer["Location"].endswith("/cgu/")


@pytest.mark.spec("LEG-14")
def test_the_publisher_s_values_stand_in_the_texts_and_are_never_markup(client: Client) -> None:
    assert "[" in text(client, "/cgu/"), "a missing value is shown as missing"
    site = Site.objects.get(is_default_site=True)
    PublisherSettings.objects.filter(site=site).update(company="Four <b>& Fils</b>", office="1 rue du Four, Grenoble")
    body = text(client, "/cgu/")
    assert "Four &lt;b&gt;&amp; Fils&lt;/b&gt;" in body
    assert "1 rue du Four, Grenoble" in body


@pytest.mark.spec("LEG-14")
def test_publishing_a_text_with_a_missing_value_warns_its_publisher_and_publishes(client: Client) -> None:
    assert len(LegalPage.objects.get(slug="cgu").missing) == 3, "company, e-mail, office"
    site = Site.objects.get(is_default_site=True)
    values = {name: "x" for name in PublisherSettings.VALUES}
    PublisherSettings.objects.update_or_create(site=site, defaults=values)
    assert LegalPage.objects.get(slug="cgu").missing == []


@pytest.mark.spec("LEG-09")
def test_a_past_version_stays_readable_as_it_was(client: Client) -> None:
    before = text(client, f"/cgv/versions/{SUPPLIED_VERSION}/")
    assert "Formules et prix" in before
    new_version(days=-1)
    assert "version 2027-01" in text(client, "/cgv/")
    past = text(client, f"/cgv/versions/{SUPPLIED_VERSION}/")
    assert "Formules et prix" in past
    assert "version 2027-01." not in past
    assert 'content="noindex"' in past
    assert f"/cgv/versions/{SUPPLIED_VERSION}/" in text(client, "/cgv/")
    assert client.get("/cgv/versions/jamais/").status_code == 404


@pytest.mark.spec("LEG-09")
def test_a_version_that_takes_effect_later_says_which_one_applies(client: Client) -> None:
    new_version(days=30)
    banner = text(client, "/cgv/").partition("banner-info")[2].partition("</div>")[0]
    assert f"/cgv/versions/{SUPPLIED_VERSION}/" in banner


@pytest.mark.spec("LEG-09")
def test_the_words_of_a_published_version_cannot_be_changed() -> None:
    page = LegalPage.objects.get(slug="cgv")
    page.body = [("prose", "<p>D’autres mots, la même version.</p>")]
    with pytest.raises(ValidationError, match="version"):
        page.save_revision(user=factories.person())
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE marketing_legalversion SET body = '[]'")
    assert LegalVersion.objects.filter(slug="cgv").count() == 1


def test_a_substantive_change_says_what_it_is() -> None:
    page = LegalPage.objects.get(slug="cgv")
    page.version, page.is_substantive = "2027-02", True
    with pytest.raises(ValidationError, match="change"):
        page.save_revision(user=factories.person())


@pytest.mark.spec("LEG-09", "ACT-02")
def test_a_sign_up_agrees_to_the_version_in_force_and_not_to_a_later_one(client: Client) -> None:
    new_version(days=30)
    form = {"workshop_name": "Laquage des Alpes", "email": "lea@alpes.test", "telephone": "06 12 34 56 78",
            "password1": factories.PASSWORD, "accepts_terms": "on", "accepts_privacy": "on",
            "accepts_processing": "on", "website": ""}  # fmt: skip
    assert client.post("/inscription/", form).status_code == 302
    kept = dict(Consent.objects.filter(user__email="lea@alpes.test").values_list("document", "version"))
    assert kept == dict.fromkeys(Document.values, SUPPLIED_VERSION)


def sign_in(member: Membership, onward: str = "") -> Any:
    """Through the sign-in page and the second factor, as the person would."""
    cache.clear()  # a code serves once
    client = Client()
    suffix = f"?next={onward}" if onward else ""
    answer = client.post(f"/compte/login/{suffix}", {"login": member.user.email, "password": factories.PASSWORD})
    held = Authenticator.objects.filter(user=member.user, type=Authenticator.Type.TOTP).first()
    if held:
        secret = get_adapter().decrypt(held.data["secret"])
        answer = client.post(answer["Location"], {"code": one_time_code(secret)})
    return client, answer


@pytest.fixture
def boss(owner: Membership) -> Membership:
    """An Owner with a second factor."""
    return owner


@pytest.mark.spec("LEG-09")
def test_an_owner_is_asked_at_the_next_sign_in_and_goes_on_once_it_is_done(boss: Membership) -> None:
    agree(boss)
    _client, answer = sign_in(boss)
    assert answer["Location"] == "/app/"
    new_version(days=30)
    client, answer = sign_in(boss, "/app/atelier-vulcain/devis/")
    assert answer["Location"] == "/compte/textes/?next=%2Fapp%2Fatelier-vulcain%2Fdevis%2F"
    page = client.get(answer["Location"]).content.decode()
    assert CHANGES in page
    assert 'href="/app/atelier-vulcain/devis/"' in page, "it may wait until the date of effect"
    assert client.post("/compte/textes/", {"next": "/app/"}).status_code == 422
    assert not Consent.objects.filter(version="2027-01").exists()
    done = client.post("/compte/textes/", {"accepts": "1", "next": "/app/atelier-vulcain/devis/"})
    assert done["Location"] == "/app/atelier-vulcain/devis/"
    consent = Consent.objects.get(user=boss.user, version="2027-01")
    assert (consent.document, consent.ip) == (Document.SALE, "127.0.0.1")
    _client, answer = sign_in(boss)
    assert answer["Location"] == "/app/"


@pytest.mark.spec("LEG-09")
def test_after_its_date_a_text_no_longer_offers_to_wait_and_still_lets_one_leave(boss: Membership) -> None:
    agree(boss)
    new_version(days=-1)
    client, answer = sign_in(boss)
    page = client.get(answer["Location"]).content.decode()
    assert 'href="/app/"' in page
    assert client.session[WAITING] is True


def test_the_address_where_one_goes_on_is_ours(boss: Membership) -> None:
    agree(boss)
    new_version(days=30)
    client, _answer = sign_in(boss)
    done = client.post("/compte/textes/", {"accepts": "1", "next": "https://ailleurs.test/"})
    assert done["Location"] == "/app/"


@pytest.mark.spec("LEG-09")
def test_a_change_that_is_not_substantive_and_a_person_who_owns_nothing_are_left_alone(
    boss: Membership, workshop: Workshop
) -> None:
    agree(boss)
    new_version(substantive=False)
    assert sign_in(boss)[1]["Location"] == "/app/"
    viewer = factories.member(workshop, Role.VIEWER, email="victor@vulcain.test")
    new_version(slug="cgu", version="2027-03")
    assert sign_in(viewer)[1]["Location"] == "/app/"


def test_who_accepted_a_later_version_is_not_asked_about_an_earlier_one(boss: Membership) -> None:
    agree(boss)
    new_version(version="2027-01")
    new_version(version="2027-02", substantive=False)
    Consent.objects.create(user=boss.user, document=Document.SALE, version="2027-02")
    assert sign_in(boss)[1]["Location"] == "/app/"


def test_the_page_is_nobody_s_without_a_session_and_leads_on_when_nothing_waits(
    client: Client, boss: Membership
) -> None:
    assert client.get("/compte/textes/")["Location"].startswith("/compte/login/")
    assert signed_in(boss).get("/compte/textes/?next=/app/")["Location"] == "/app/"


@pytest.mark.parametrize("onward", ["999", "home_entry", "a%00b", "//ailleurs.test/", "javascript:alert(1)", "%5C%5Ca"])
def test_a_page_to_go_on_to_that_is_no_address_of_ours_leads_home(boss: Membership, onward: str) -> None:
    assert signed_in(boss).get(f"/compte/textes/?next={onward}")["Location"] == "/app/"


@pytest.mark.spec("LEG-09")
def test_every_owner_is_told_once_even_when_the_job_is_stopped_half_way(
    boss: Membership, stranger: Membership, operator: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_version()
    told = services._announce
    calls: list[Any] = []

    def dies_after_one(version: Any, person: Any) -> None:
        if calls:
            raise RuntimeError("killed")
        calls.append(person)
        told(version, person)

    monkeypatch.setattr(services, "_announce", dies_after_one)
    with pytest.raises(RuntimeError, match="killed"):
        services.announce_texts()
    monkeypatch.setattr(services, "_announce", told)
    assert services.announce_texts() == 1
    assert services.announce_texts() == 0
    mails = PlatformEmail.objects.filter(kind="legal_change")
    assert sorted(mail.to for mail in mails) == sorted([boss.user.email, stranger.user.email])
    assert CHANGES in mails[0].text
    assert "/cgv/versions/2027-01/" in mails[0].text


def test_a_change_that_is_not_substantive_is_announced_to_nobody(boss: Membership) -> None:
    new_version(substantive=False)
    assert services.announce_texts() == 0
    assert not PlatformEmail.objects.filter(kind="legal_change").exists()


@pytest.mark.spec("LEG-08")
def test_the_guaranteed_uptime_is_the_catalogue_s(client: Client) -> None:
    body = text(client, "/engagement-de-service/").replace("\u00a0", " ").replace("\u202f", " ")
    assert "99,9 %" in body
    assert LegalVersion.objects.get(slug="engagement-de-service").effective_on <= date.today()  # noqa: DTZ011


@pytest.mark.spec("LEG-09")
def test_loading_other_words_under_a_published_version_leaves_it_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = LegalVersion.objects.get(slug="cgv").body
    monkeypatch.setattr("marketing.content._text", lambda slug: {"version": SUPPLIED_VERSION, "body": []})
    call_command("load_site", verbosity=0)
    assert LegalVersion.objects.get(slug="cgv").body == kept
    assert len(LegalPage.objects.get(slug="cgv").body) > 0


@pytest.mark.spec("LEG-12")
def test_models_of_texts_are_there_to_copy_and_are_marked_as_models(client: Client) -> None:
    body = text(client, "/modeles-de-textes/")
    for part in ("conditions", "espace-client", "photos"):
        assert f'id="{part}"' in body or part in body
    assert "[Nom de l’atelier]" in body
