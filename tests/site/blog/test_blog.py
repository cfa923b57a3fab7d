"""The blog as visitors, feed readers and search engines see it."""

import json
import re
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from blog.models import ArticlePage, Author, BlogIndexPage, Category
from blog.reading import reading_minutes, with_anchors
from django.test import Client
from django.utils import timezone

from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
ARTICLE = "/blog/calculer-consommation-poudre/"


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.status_code
    return response.content.decode()


def write(slug: str, *, day: date = date(2026, 1, 1), live: bool = True, **values: Any) -> ArticlePage:
    page = ArticlePage(
        title=slug, slug=slug, introduction="Deux phrases.", author=Author.objects.get(), published_on=day, live=live,
        body=[("prose", "<p>Du texte.</p>")], **values,
    )  # fmt: skip
    BlogIndexPage.objects.get().add_child(instance=page)
    return page


@pytest.mark.spec("BLG-01")
def test_five_trade_articles_are_supplied_and_long_enough_to_be_useful() -> None:
    articles = ArticlePage.objects.live()
    assert articles.count() == 5
    for article in articles:
        words = len(re.sub(r"<[^>]+>", " ", str(article.body)).split())
        assert 850 < words < 1600, (article.slug, words)
        assert article.categories.exists() and article.tags.exists()


@pytest.mark.spec("BLG-01")
def test_the_index_shows_the_newest_first_and_nothing_that_is_not_published(client: Client) -> None:
    write("brouillon-secret", live=False)
    body = text(client, "/blog/")
    addresses = re.findall(r'<h2><a href="(/blog/[^"]+)"', body)
    days = [ArticlePage.objects.get(slug=address.split("/")[2]).published_on for address in addresses]
    assert days == sorted(days, reverse=True)
    assert len(days) == 5
    assert "brouillon-secret" not in body


@pytest.mark.spec("BLG-01")
@pytest.mark.parametrize(
    "path", ["/blog/", ARTICLE, "/blog/categorie/poudres/", "/blog/etiquette/chiffrage/", "/blog/auteur/equipe/"]
)
def test_pages_ask_little_of_the_database(client: Client, path: str) -> None:
    text(client, path)
    with at_most(15):
        text(client, path)


def test_the_list_has_pages_with_addresses_of_their_own(client: Client) -> None:
    for rank in range(9):
        write(f"ancien-{rank}")
    first, second = text(client, "/blog/"), text(client, "/blog/?page=2")
    assert 'href="?page=2"' in first
    assert '<link rel="canonical" href="http://testserver/blog/?page=2">' in second
    assert "ancien-0" in second
    for wrong in ("3", "0", "x", "-1"):
        text(client, f"/blog/?page={wrong}", 404)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/blog/categorie/gestion/", {"calculer-consommation-poudre", "facturation-electronique-ateliers"}),
        ("/blog/etiquette/chiffrage/", {"calculer-consommation-poudre", "facturation-electronique-ateliers"}),
        ("/blog/?q=dégazage", {"eviter-non-conformites", "choisir-poudre-exterieur", "temperature-piece-four"}),
    ],
)
@pytest.mark.spec("BLG-01")
def test_articles_are_found_by_category_tag_and_words(client: Client, path: str, expected: set[str]) -> None:
    found = set(re.findall(r'<h2><a href="/blog/([^/"]+)/"', text(client, path)))
    assert found == expected


def test_a_search_is_not_indexed_and_says_when_it_finds_nothing(client: Client) -> None:
    body = text(client, "/blog/?q=zyzzyva")
    assert '<meta name="robots" content="noindex">' in body
    assert "0 article" in body
    assert "&lt;script&gt;" in text(client, "/blog/?q=<script>")


@pytest.mark.parametrize("path", ["categorie/rien", "etiquette/rien", "auteur/rien", "rien"])
def test_an_unknown_list_does_not_exist(client: Client, path: str) -> None:
    text(client, f"/blog/{path}/", 404)


@pytest.mark.spec("BLG-03")
def test_an_article_describes_itself_to_machines_and_to_those_who_share_it(client: Client) -> None:
    body = text(client, ARTICLE)
    assert f'<link rel="canonical" href="http://testserver{ARTICLE}">' in body
    assert '<meta property="og:type" content="article">' in body
    [image] = re.findall(r'<meta property="og:image" content="http://testserver([^"]+)">', body)
    picture = client.get(image)
    assert picture["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    [data] = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', body)
    graph = {node["@type"]: node for node in json.loads(data)["@graph"]}
    article = ArticlePage.objects.get(slug="calculer-consommation-poudre")
    assert graph["BlogPosting"]["headline"] == article.title
    assert graph["BlogPosting"]["datePublished"] == "2026-11-06"
    assert [item["name"] for item in graph["BreadcrumbList"]["itemListElement"]][1:] == ["Blog", article.title]
    assert graph["BreadcrumbList"]["itemListElement"][0]["item"] == "http://testserver/"


def test_an_article_shows_its_author_its_time_its_contents_and_its_neighbours(client: Client) -> None:
    body = text(client, ARTICLE)
    assert 'rel="author" href="/blog/auteur/equipe/"' in body
    assert re.search(r"\d minutes", body)
    anchors = re.findall(r'<li><a href="#([^"]+)"', body)
    assert len(anchors) >= 6
    assert all(f'<h2 id="{anchor}"' in body for anchor in anchors)
    assert 'rel="prev" href="/blog/choisir-poudre-exterieur/"' in body
    assert 'rel="next" href="/blog/temperature-piece-four/"' in body


def test_related_articles_share_the_most(client: Client) -> None:
    body = text(client, "/blog/temperature-piece-four/")
    related = body.split('id="related-title"')[1]
    assert re.findall(r'<h2><a href="/blog/([^/"]+)/"', related)[0] == "eviter-non-conformites"
    assert "/blog/facturation-electronique-ateliers/" not in related


@pytest.mark.spec("BLG-01")
@pytest.mark.parametrize(
    ("name", "entry"), [("flux/rss/", "item"), ("flux/atom/", "{http://www.w3.org/2005/Atom}entry")]
)
def test_feeds_hold_the_published_articles(client: Client, name: str, entry: str) -> None:
    write("brouillon-secret", live=False)
    response = client.get(f"/blog/{name}")
    found = list(ElementTree.fromstring(response.content).iter(entry))
    assert len(found) == 5
    assert b"brouillon-secret" not in response.content
    assert b"http://testserver/blog/calculer-consommation-poudre/" in response.content
    assert f'href="/blog/{name}"' in text(client, "/blog/")


@pytest.mark.parametrize("name", ["flux/rss/", "flux/atom/"])
def test_a_text_copied_from_a_document_stops_no_feed(client: Client, name: str) -> None:
    page = write("colle")
    page.title, page.introduction = "Collé\x0bd’un \x01document", "Avec\x0cses sauts"
    page.save_revision().publish()
    said = "".join(ElementTree.fromstring(client.get(f"/blog/{name}").content).itertext())
    assert "Collé d’un  document" in said
    assert "Avec ses sauts" in said


def test_an_article_planned_for_later_appears_when_its_hour_has_come(client: Client) -> None:
    from cms.tasks import publish_scheduled

    page = write("plus-tard", live=False)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision(approved_go_live_at=page.go_live_at).publish()
    publish_scheduled()
    text(client, "/blog/plus-tard/", 404)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        publish_scheduled()
    assert "plus-tard" in text(client, "/blog/plus-tard/")


def test_a_table_needs_as_many_cells_in_each_row() -> None:
    from blog.blocks import Table
    from wagtail.blocks import StructBlockValidationError

    block = Table()
    assert block.clean(block.to_python({"caption": "C", "rows": "a | b\n1 | 2"}))["rows"]
    for rows in ("a | b", "a | b\n1"):
        with pytest.raises(StructBlockValidationError):
            block.clean(block.to_python({"caption": "C", "rows": rows}))


def test_anchors_are_unique_and_reading_time_counts_words() -> None:
    html, headings = with_anchors("<h2>Le four</h2><p>x</p><h2>Le <b>four</b></h2><h2>!</h2>")
    assert [heading.anchor for heading in headings] == ["le-four", "le-four-2", "partie"]
    assert html.startswith('<h2 id="le-four">Le four</h2>')
    assert reading_minutes("<p>" + "mot " * 660 + "</p>") == 3
    assert reading_minutes("") == 1


def test_a_category_of_an_editor_keeps_its_words() -> None:
    from blog.content import load

    Category.objects.filter(slug="poudres").update(name="Nos poudres")
    assert load() == 6
    assert Category.objects.get(slug="poudres").name == "Nos poudres"
