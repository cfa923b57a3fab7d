"""The main pages in English, under /en/, tied to those in French."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from marketing.models import HomePage, StoryProposal, TopicPage
from wagtail.models import Site

from app.accounts.models import User
from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
PAIRS = [("/", "/en/"), ("/fonctionnalites/", "/en/features/"), ("/tarifs/", "/en/pricing/"),
         ("/temoignages/", "/en/stories/"), ("/a-propos/", "/en/about/"), ("/inscription/", "/en/sign-up/")]  # fmt: skip


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.spec("LNG-01")
@pytest.mark.parametrize(("french", "english"), PAIRS)
def test_each_main_page_exists_in_both_languages_and_leads_to_the_other(
    client: Client, french: str, english: str
) -> None:
    for path, language in ((french, "fr"), (english, "en")):
        body = text(client, path)
        assert f'<html lang="{language}"' in body
        if "sign" not in path and "inscription" not in path:
            assert f'href="{french}" hreflang="fr"' in body
            assert f'href="{english}" hreflang="en"' in body
            assert f'<link rel="canonical" href="http://testserver{path}">' in body


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_a_page_has_one_language_whatever_the_browser_asks_for(client: Client, language: str) -> None:
    french = client.get("/tarifs/", headers={"Accept-Language": language}).content.decode()
    assert "Comparez les formules" in french or "Compare" in french
    assert '<html lang="fr"' in french
    assert '<html lang="en"' in client.get("/en/pricing/", headers={"Accept-Language": language}).content.decode()


def test_a_person_s_language_does_not_change_the_pages(owner_client: Client) -> None:
    User.objects.update(language="en")
    assert '<html lang="fr"' in owner_client.get("/tarifs/").content.decode()


def test_menus_and_calls_stay_in_the_language_of_the_page(client: Client) -> None:
    body = text(client, "/en/about/")
    assert 'href="/en/features/"' in body
    assert 'href="/en/pricing/"' in body
    assert 'href="/tarifs/"' not in body.partition("<main")[0]
    home = text(client, "/en/").partition("<main")[2]
    assert 'href="/en/pricing/"' in home
    assert 'href="/en/sign-up/"' in home
    assert 'href="/en/sign-up/?plan=lite"' in home
    assert "/inscription/" not in home
    assert "l’atelier au quotidien" not in home, "the catalogue speaks French only: its sentences stay out"


def test_pages_in_french_only_are_reached_from_english_ones_and_say_their_language(client: Client) -> None:
    body = text(client, "/en/about/")
    header, _main, after = body.partition("<main")
    footer = after.partition("<footer")[2]
    assert '<a href="/en/">' in header
    assert 'href="/en/sign-up/"' in header
    for path in ("/mentions-legales/", "/confidentialite/", "/aide/", "/blog/", "/contact/"):
        assert f'href="{path}" hreflang="fr"' in footer
        assert f'href="{path}"' not in header
    for french, english in PAIRS[1:]:
        assert f'href="{english}"' in footer
        assert f'<a href="{french}" hreflang="fr"><span' not in footer, "it exists in English"
    home = text(client, "/a-propos/")
    assert '<a href="/">' in home.partition("<main")[0]
    assert "(in French)" not in home


def test_the_story_form_speaks_the_language_of_its_address(client: Client) -> None:
    assert 'href="/en/stories/tell/"' in text(client, "/en/stories/")
    assert 'href="/temoignages/proposer/"' in text(client, "/temoignages/")
    for path, language, back in (("/en/stories/tell/", "en", "/en/stories/"),
                                 ("/temoignages/proposer/", "fr", "/temoignages/")):  # fmt: skip
        body = client.get(path, headers={"Accept-Language": "de"}).content.decode()
        assert f'<html lang="{language}"' in body
        assert f'href="{back}"' in body
    words = {"name": "Ann", "workshop": "Alps Coating", "email": "ann@alps.test", "text": "Two hours a week.",
             "agrees_to_be_called": "on"}  # fmt: skip
    sent = client.post("/en/stories/tell/", words)
    assert (sent.status_code, sent["Location"]) == (302, "/en/stories/tell/")
    refused = client.post("/en/stories/tell/", {**words, "email": "no"})
    assert refused.status_code == 422
    assert "Enter a valid email address" in refused.content.decode()
    assert StoryProposal.objects.get().workshop == "Alps Coating"


def test_what_knows_its_translations_says_so_with_whole_addresses() -> None:
    page = TopicPage.objects.get(slug="about")
    assert [(version.language, version.url, version.current) for version in page.translations] == [
        ("fr", "http://testserver/a-propos/", False),
        ("en", "http://testserver/en/about/", True),
    ]
    assert TopicPage.objects.get(slug="accessibilite").translations == []
    page.unpublish()
    assert TopicPage.objects.get(slug="a-propos").translations == []


def test_addresses_are_reversed_in_the_language_in_force() -> None:
    for language, expected in (("fr", "/x/"), ("en", "/en/x/")):
        with translation.override(language):
            assert reverse("wagtail_serve", args=["x/"]) == expected
    assert HomePage.objects.get(slug="home-en").url == "/en/"


def test_an_unknown_page_of_a_language_is_not_found(client: Client) -> None:
    for path in ("/en/tarifs/", "/en/rien/", "/de/", "/rien/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", [english for _french, english in PAIRS])
def test_a_page_in_english_asks_little_of_the_database_too(client: Client, path: str) -> None:
    text(client, path)
    Site.clear_site_root_paths_cache()
    with at_most(15):
        text(client, path)
