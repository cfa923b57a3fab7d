"""The help centre: guides, their search, the help of a screen."""

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from helpcenter.content import GUIDES
from helpcenter.models import GuidePage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def test_every_guide_is_published_and_can_be_read(client: Client) -> None:
    assert len(GUIDES) >= 6
    for slug, guide in GUIDES.items():
        response = client.get(f"/aide/{slug}/")
        assert response.status_code == 200
        assert guide["title"] in response.content.decode()


@pytest.mark.spec("HLP-05", "HLP-15")
@pytest.mark.parametrize(
    ("screen", "page"),
    [
        ("quotes:quote_edit", "/aide/premier-devis/"),
        ("projects:project_detail", "/aide/etapes-de-l-atelier/"),
        ("mfa_index", "/aide/double-authentification/"),
        ("nowhere:at_all", "/aide/"),
    ],
)
def test_the_help_of_a_screen_is_its_guide_or_the_index(client: Client, screen: str, page: str) -> None:
    assert client.get(f"/aide/ecran/{screen}/")["Location"] == page


def test_a_guide_of_one_screen_comes_before_that_of_its_module(client: Client) -> None:
    guide = GuidePage.objects.get(slug="poudres")
    GuidePage.objects.filter(pk=guide.pk).update(screens=["quotes:line_form"])
    assert client.get("/aide/ecran/quotes:line_form/")["Location"] == "/aide/poudres/"
    assert client.get("/aide/ecran/quotes:quote_list/")["Location"] == "/aide/premier-devis/"


def test_help_changes_nothing(client: Client) -> None:
    assert client.post("/aide/ecran/quotes:quote_edit/").status_code == 405


def test_every_screen_named_by_a_guide_exists() -> None:
    modules = set(get_resolver().app_dict)
    for namespace in get_resolver().namespace_dict:
        modules.add(namespace)
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    for guide in GUIDES.values():
        for screen in guide["screens"]:
            module, _colon, _name = screen.partition(":")
            assert module in modules or screen in names, screen


def test_a_page_that_an_editor_deleted_does_not_break_the_help(client: Client) -> None:
    GuidePage.objects.get(slug="premier-devis").delete()
    assert client.get("/aide/ecran/quotes:quote_edit/")["Location"] == "/aide/"
    call_command("load_site", verbosity=0)
    assert client.get("/aide/premier-devis/").status_code == 200


@pytest.mark.spec("HLP-03")
def test_a_film_loads_nothing_before_it_is_asked_for_and_only_its_page_may_frame_its_host(
    client: Client, settings: Settings
) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    guide = GuidePage.objects.get(slug="poudres")
    film = {"host": "youtube", "key": "abcDEF12345", "title": "Peser", "minutes": 2, "transcript": "On pose le carton."}
    guide.body = [("film", film)]
    guide.save_revision().publish()
    response = client.get("/aide/poudres/")
    body = response.content.decode()
    assert "<iframe" not in body
    assert "On pose le carton." in body
    assert 'data-film="https://www.youtube-nocookie.com/embed/abcDEF12345' in body
    assert "frame-src https://www.youtube-nocookie.com" in response["Content-Security-Policy"]
    again = client.get("/aide/poudres/")
    assert again["X-Page-Cache"] == "hit"
    assert "frame-src https://www.youtube-nocookie.com" in again["Content-Security-Policy"]
    assert "youtube" not in client.get("/aide/premier-devis/")["Content-Security-Policy"]


@pytest.mark.spec("HLP-10")
def test_whoever_reads_in_another_language_is_told_that_the_guide_is_in_french(client: Client) -> None:
    body = client.get("/aide/panneau/powders:powder_list/", headers={"Accept-Language": "en"}).content.decode()
    assert "This guide exists in French only." in body
    assert '<article class="panel-guide" lang="fr">' in body
    french = client.get("/aide/panneau/powders:powder_list/", headers={"Accept-Language": "fr"}).content.decode()
    assert "panel-guide" in french
    assert "help-language" not in french


@pytest.mark.spec("HLP-06", "HLP-09", "HLP-15")
@pytest.mark.parametrize(
    "path",
    ["migrer/", "conservation-et-effacement/", "donnees-personnelles/", "clients/vos-donnees/", "clients/renoncer/"],
)
def test_leaving_and_erasure_are_explained_to_workshops_and_to_their_customers(client: Client, path: str) -> None:
    assert client.get(f"/aide/{path}").status_code == 200


@pytest.mark.parametrize(
    "slug",
    ["importer-ses-clients", "premier-devis", "comprendre-l-accueil", "ouvrir-un-projet", "photos-du-travail", "series",
     "stock", "espace-client"],
)  # fmt: skip
def test_each_main_path_of_the_product_has_its_guide(client: Client, slug: str) -> None:
    """First import, quote, alerts, project, photo, batch, weighing, portal; invoices and reviews are not built."""
    body = client.get(f"/aide/{slug}/").content.decode()
    article = body.partition("<article")[2].partition("</article>")[0]
    assert len(article) > 1500
    assert article.count("<h2") >= 2


def test_the_page_for_developers_names_addresses_that_answer_and_says_what_is_missing(client: Client) -> None:
    body = client.get("/aide/developpeurs/").content.decode().partition("<article")[2]
    assert "pas encore d’API publique ni de webhooks" in body
    addresses = re.findall(r"<code>(/[^<]+)</code>", body)
    assert len(addresses) >= 6
    for address in addresses:
        assert client.get(address).status_code in (200, 503), address
    assert "app.api" not in settings.INSTALLED_APPS, "an API is built: document it here"


@pytest.mark.spec("HLP-15")
def test_the_portal_leads_to_its_own_articles_only(client: Client) -> None:
    body = client.get("/aide/clients/").content.decode()
    assert "/aide/clients/lire-et-signer/" in body
    assert "/aide/premier-devis/" not in body


def test_an_injected_script_in_a_guide_comes_out_as_text(client: Client) -> None:
    guide = GuidePage.objects.get(slug="poudres")
    guide.title = guide.summary = "<script>alert(1)</script>"
    guide.body = [("prose", "<p onclick='x()'>a</p><script>alert(2)</script>")]
    guide.save_revision().publish()
    body = client.get("/aide/poudres/").content.decode()
    assert "<script>alert" not in body
    assert "onclick" not in body


@pytest.mark.spec("SIT-09", "HLP-01")
def test_documentation_is_another_name_of_the_help(client: Client) -> None:
    assert client.get("/documentation/?q=poudre")["Location"] == "/aide/?q=poudre"
