"""The supplied pages: put in place once, never over an editor's words."""

from pathlib import Path

import pytest
from django.core.management import call_command
from marketing.content import copy
from marketing.models import HomePage, LegalPage, PricingPage
from wagtail.models import Page, Site

from app.accounts.constants import DOCUMENT_PATHS, SUPPLIED_VERSION
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("site")
def test_the_home_page_takes_the_place_of_the_page_of_a_new_installation() -> None:
    home = HomePage.objects.get(slug="accueil")
    assert Site.objects.get(is_default_site=True).root_page_id == home.pk
    assert [page.slug for page in Page.objects.filter(depth=2)] == ["accueil", "home-en"]


@pytest.mark.usefixtures("site")
def test_loading_again_writes_nothing() -> None:
    before = {page.pk: page.latest_revision_id for page in Page.objects.filter(depth__gte=2)}
    call_command("load_site", verbosity=0)
    assert {page.pk: page.latest_revision_id for page in Page.objects.filter(depth__gte=2)} == before


@pytest.mark.spec("SIT-01")
@pytest.mark.usefixtures("site")
def test_the_words_of_an_editor_are_never_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    page = PricingPage.objects.get(slug="tarifs")
    page.introduction = "Nos prix, expliqués par nous."
    page.save_revision(user=factories.person()).publish()
    monkeypatch.setitem(copy.PRICING, "introduction", "Une nouvelle version fournie.")
    call_command("load_site", verbosity=0)
    assert PricingPage.objects.get(slug="tarifs").introduction == "Nos prix, expliqués par nous."


@pytest.mark.usefixtures("site")
def test_a_draft_of_an_editor_protects_the_page_too(monkeypatch: pytest.MonkeyPatch) -> None:
    page = PricingPage.objects.get(slug="tarifs")
    page.introduction = "Un brouillon."
    page.save_revision(user=factories.person())
    monkeypatch.setitem(copy.PRICING, "introduction", "Une nouvelle version fournie.")
    call_command("load_site", verbosity=0)
    assert PricingPage.objects.get(slug="tarifs").get_latest_revision_as_object().introduction == "Un brouillon."


@pytest.mark.usefixtures("site")
def test_a_page_that_nobody_touched_follows_the_supplied_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(copy.PRICING, "introduction", "Une nouvelle version fournie.")
    call_command("load_site", verbosity=0)
    assert PricingPage.objects.get(slug="tarifs").introduction == "Une nouvelle version fournie."


@pytest.mark.usefixtures("site")
def test_a_page_withdrawn_by_an_editor_stays_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    PricingPage.objects.get(slug="tarifs").unpublish()
    monkeypatch.setitem(copy.PRICING, "introduction", "Une nouvelle version fournie.")
    call_command("load_site", verbosity=0)
    assert not PricingPage.objects.get(slug="tarifs").live


@pytest.mark.spec("LEG-09")
@pytest.mark.usefixtures("site")
def test_each_document_that_sign_up_accepts_is_published_in_its_version() -> None:
    published = {f"/{page.slug}/": page.version for page in LegalPage.objects.live()}
    assert {published[path] for path in DOCUMENT_PATHS.values()} == {SUPPLIED_VERSION}


def test_blocks_stay_out_of_the_migrations() -> None:
    for migration in Path("site/marketing/migrations").glob("0*.py"):
        assert "wagtail.blocks" not in migration.read_text()
