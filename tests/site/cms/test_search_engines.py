"""What search engines, feed readers, sharers and lost visitors are given."""

import json
import re
from io import BytesIO
from typing import Any

import pytest
from blog.models import ArticlePage
from cms import social
from cms.models import PublisherSettings
from cms.typography import french_spaces
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.test import Client
from PIL import Image
from pytest_django import Settings
from wagtail.images.models import Image as WagtailImage
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction, Site

from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
ARTICLE = "/blog/temperature-piece-four/"


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def graph(client: Client, path: str) -> dict[str, Any]:
    [data] = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', text(client, path))
    return {node["@type"]: node for node in json.loads(data)["@graph"]}


@pytest.mark.spec("SEO-03")
@pytest.mark.parametrize("path", ["/", "/tarifs/", "/aide/premier-devis/", "/blog/", ARTICLE, "/nouveautes/"])
def test_every_page_says_what_it_is_when_it_is_shared(client: Client, path: str) -> None:
    body = text(client, path)
    for name in ("og:title", "og:url", "og:description", "og:type", "og:site_name", "og:image"):
        assert re.search(rf'<meta property="{name}" content="[^"]+">', body), name
    assert '<meta name="twitter:card" content="summary_large_image">' in body
    [image] = re.findall(r'og:image" content="http://testserver([^"]+)"', body)
    picture = client.get(image)
    assert Image.open(BytesIO(picture.content)).size == (1200, 630)
    assert "max-age" in picture.headers["Cache-Control"]
    assert len(picture.content) < 60_000


def test_the_picture_follows_the_title_and_is_drawn_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ArticlePage.objects.get(slug="temperature-piece-four")
    old = social.social_image_url(page).removeprefix("http://testserver")
    first = client.get(old).content
    monkeypatch.setattr(social, "draw", lambda *_: pytest.fail("drawn again"))
    assert client.get(old).content == first
    monkeypatch.undo()
    page.title = "Une autre cuisson"
    page.save_revision().publish()
    moved = client.get(old)
    assert moved.status_code == 302
    assert client.get(moved.headers["Location"]).content != first


def test_a_picture_is_drawn_of_nothing_that_is_not_published(client: Client) -> None:
    page = ArticlePage.objects.get(slug="temperature-piece-four")
    address = social.social_image_url(page).removeprefix("http://testserver")
    client.get(address)
    stored = len(default_storage.listdir("social")[1])
    assert client.get(address.replace(address.rsplit("/", 1)[1], "forge.png")).status_code == 302
    page.unpublish()
    assert client.get(address).status_code == 404
    assert client.get("/partage/999999/x.png").status_code == 404
    assert len(default_storage.listdir("social")[1]) == stored


def test_the_editors_picture_wins(client: Client) -> None:
    image = WagtailImage.objects.create(title="Four", file=get_test_image_file(size=(1600, 900)))
    page = ArticlePage.objects.get(slug="temperature-piece-four")
    page.social_image = image
    page.save_revision().publish()
    [address] = re.findall(r'og:image" content="([^"]+)"', text(client, ARTICLE))
    assert address.startswith(f"http://testserver{django_settings.MEDIA_URL}images/")


@pytest.mark.parametrize("title", ["x" * 200, "Un titre " * 40, "É"])
def test_any_title_fits_its_picture(title: str) -> None:
    assert Image.open(BytesIO(social.draw(title, "Le blog"))).size == (1200, 630)


@pytest.mark.spec("SEO-03")
def test_machines_read_who_publishes_where_it_stands_and_what_is_answered(client: Client) -> None:
    prices = graph(client, "/tarifs/")
    assert prices["Organization"]["name"] == "ThermoGestion"
    assert prices["BreadcrumbList"]["itemListElement"][-1]["item"] == "http://testserver/tarifs/"
    asked = prices["FAQPage"]["mainEntity"]
    body = text(client, "/tarifs/")
    assert asked
    assert all(question["name"] in body.replace("&#x27;", "'") for question in asked)
    home = graph(client, "/")
    assert {"Organization", "SoftwareApplication"} <= set(home)
    assert "BreadcrumbList" not in home


@pytest.mark.spec("SEO-03")
def test_a_translated_page_names_its_versions_both_ways(client: Client) -> None:
    french = text(client, "/tarifs/")
    for language in ("fr", "en", "x-default"):
        assert re.search(rf'<link rel="alternate" hreflang="{language}" href="http://testserver/[^"]*">', french)
    assert re.search(r'hreflang="x-default" href="http://testserver/tarifs/"', french)
    [english] = re.findall(r'hreflang="en" href="http://testserver([^"]+)"', french)
    assert re.search(r'hreflang="fr" href="http://testserver/tarifs/"', text(client, english))
    assert "hreflang" not in text(client, ARTICLE)


@pytest.mark.spec("SEO-03")
def test_the_map_lists_every_public_page_with_its_date_picture_and_languages(client: Client) -> None:
    image = WagtailImage.objects.create(title="Four", file=get_test_image_file(size=(1600, 900)))
    page = ArticlePage.objects.get(slug="temperature-piece-four")
    page.cover = image
    page.save_revision().publish()
    hidden = ArticlePage.objects.get(slug="eviter-non-conformites")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    index = text(client, "/sitemap.xml")
    assert "<lastmod>" in index
    blog = text(client, "/sitemap-blog.xml")
    assert f"<loc>http://testserver{ARTICLE}</loc>" in blog
    assert "<loc>http://testserver/blog/categorie/procede/</loc>" in blog
    assert "<image:loc>http://testserver" in blog
    assert "eviter-non-conformites" not in blog
    assert 'hreflang="en"' in text(client, "/sitemap-marketing.xml")
    text(client, "/sitemap-rien.xml", 404)
    with at_most(40):
        text(client, "/sitemap-blog.xml")


def test_security_txt_names_who_to_write_to_and_never_nobody(client: Client, settings: Settings) -> None:
    text(client, "/.well-known/security.txt", 404)
    publisher = PublisherSettings.for_site(Site.objects.get(is_default_site=True))
    publisher.email = "securite@thermo.test"
    publisher.save()
    body = text(client, "/.well-known/security.txt")
    assert "Contact: mailto:securite@thermo.test" in body
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT00:00:00Z$", body, re.MULTILINE)
    settings.SECURITY_CONTACT = "cert@thermo.test"
    assert "Contact: mailto:cert@thermo.test" in text(client, "/.well-known/security.txt")


def test_the_manifest_and_its_icons(client: Client) -> None:
    manifest = json.loads(text(client, "/site.webmanifest"))
    assert [icon["sizes"] for icon in manifest["icons"]] == ["192x192", "512x512"]
    assert client.get("/favicon.ico").status_code == 302


def test_a_missing_page_offers_a_search_and_the_main_pages(client: Client) -> None:
    body = text(client, "/nulle-part/", 404)
    assert 'action="/aide/"' in body
    assert 'href="/tarifs/"' in body
    assert 'href="/blog/"' in body


def test_the_page_of_a_failure_needs_neither_database_nor_request() -> None:
    with at_most(0):
        body = render_to_string("500.html")
    assert "<h1>" in body


def test_feeds_and_lists_keep_to_themselves_what_only_members_may_read(client: Client) -> None:
    page = ArticlePage.objects.get(slug="temperature-piece-four")
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    for path in ("/blog/", "/blog/flux/rss/", "/blog/?q=cuisson", "/blog/eviter-non-conformites/", "/sitemap-blog.xml"):
        assert "temperature-piece-four" not in text(client, path), path


def test_french_spaces_do_not_break() -> None:
    assert french_spaces("Prix : 15 000 € ; vrai ? « oui »") == (
        "Prix\xa0: 15\u202f000\u202f€\u202f; vrai\u202f? «\xa0oui\xa0»"
    )
