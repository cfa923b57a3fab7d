"""Pages given from memory: to whom, until when, and never with something of somebody else's."""

import gzip
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from blog.models import ArticlePage, Category
from cms import page_cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from marketing.models import PricingPage
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from redis.exceptions import ConnectionError as RedisConnectionError
from wagtail.models import Site

from app.accounts.models import User
from app.billing.models import Offer
from app.tenancy.scope import platform_scope
from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site", "kept")]
PAGES = ["/", "/tarifs/", "/aide/", "/blog/", "/blog/temperature-piece-four/", "/nouveautes/", "/feuille-de-route/"]


@pytest.fixture
def kept(settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = 300


def state(client: Client, path: str, **headers: Any) -> str:
    return str(client.get(path, **headers).headers.get("X-Page-Cache", "no"))


@pytest.mark.parametrize("path", PAGES)
def test_the_second_visitor_costs_no_query_and_reads_the_same_page(client: Client, path: str) -> None:
    first = client.get(path)
    with at_most(0):
        second = Client().get(path)
    assert (first.headers["X-Page-Cache"], second.headers["X-Page-Cache"]) == ("miss", "hit")
    assert second.content == first.content
    for name in ("Content-Security-Policy", "Content-Type", "Permissions-Policy", "X-Frame-Options", "Vary"):
        assert second.headers[name] == first.headers[name]


@pytest.mark.parametrize("path", PAGES)
def test_a_kept_page_holds_nothing_of_the_visitor_who_was_first(client: Client, path: str) -> None:
    response = client.get(path)
    body = response.content.decode()
    assert not response.cookies
    assert "csrf" not in body.lower()
    assert "nonce" not in body + response.headers["Content-Security-Policy"]


def test_a_page_with_a_form_of_its_own_is_never_kept(client: Client) -> None:
    assert "csrfmiddlewaretoken" in client.get("/inscription/").content.decode()
    assert state(client, "/inscription/") == "no"


@pytest.mark.parametrize("control", ["private", "no-store", "max-age=0, no-cache"])
def test_an_answer_that_asks_not_to_be_kept_is_not(rf: RequestFactory, control: str) -> None:
    request = rf.get("/")
    request.resolver_match = SimpleNamespace(view_name="wagtail_serve", func=None)  # type: ignore[assignment]
    assert page_cache.is_shareable(request, HttpResponse("page"))
    assert not page_cache.is_shareable(request, HttpResponse("page", headers={"Cache-Control": control}))


def test_somebody_signed_in_gets_their_own_page_and_leaves_nothing_behind(owner_client: Client) -> None:
    body = owner_client.get("/").content.decode()
    assert "hx-headers" in body
    assert state(owner_client, "/") == "no"
    anonymous = Client().get("/")
    assert anonymous.headers["X-Page-Cache"] == "miss"
    assert "hx-headers" not in anonymous.content.decode()
    assert "hx-headers" in owner_client.get("/").content.decode()


@pytest.mark.parametrize("query", ["?q=four", "?page=2", "?projets=10", "?anything=1"])
def test_a_query_with_an_effect_is_never_kept_nor_answered_from_memory(client: Client, query: str) -> None:
    client.get("/blog/")
    assert state(client, f"/blog/{query}") == "no"


def test_parameters_of_campaigns_are_the_same_page(client: Client) -> None:
    client.get("/")
    assert state(client, "/?utm_source=lettre&gclid=1") == "hit"


def test_other_methods_and_missing_pages_are_not_kept(client: Client) -> None:
    client.get("/")
    assert "X-Page-Cache" not in client.post("/").headers
    assert client.get("/rien/").status_code == 404
    assert state(client, "/rien/") == "no"
    assert client.head("/").headers["X-Page-Cache"] == "hit"


def test_each_theme_and_language_has_its_copy(client: Client) -> None:
    assert 'data-theme="system"' in client.get("/").content.decode()
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/").content.decode()
    assert state(client, "/") == "hit"
    client.cookies["theme"] = "<script>"
    assert 'data-theme="system"' in client.get("/").content.decode()
    assert state(client, "/", headers={"accept-language": "en"}) == "miss"


def test_a_message_for_one_visitor_is_not_kept(client: Client) -> None:
    client.cookies["messages"] = "anything"
    assert state(client, "/") == "no"
    assert state(Client(), "/") == "miss"


def test_each_browser_gets_the_encoding_that_it_takes(client: Client) -> None:
    plain = client.get("/").content
    packed = client.get("/", headers={"accept-encoding": "gzip, deflate, br"})
    assert packed.headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed.content) == plain
    zipped = client.get("/", headers={"accept-encoding": "gzip, br;q=0"})
    assert gzip.decompress(zipped.content) == plain
    assert {part.strip() for part in zipped.headers["Vary"].split(",")} >= {
        "Accept-Encoding",
        "Accept-Language",
        "Cookie",
    }
    assert zipped.headers["ETag"] != packed.headers["ETag"]


def test_a_browser_that_has_the_page_is_told_so(client: Client) -> None:
    etag = client.get("/").headers["ETag"]
    again = client.get("/", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == etag


def _retitle() -> None:
    page = PricingPage.objects.get(slug="tarifs")
    page.title = "Combien cela coûte"
    page.save_revision().publish()


def _withdraw() -> None:
    PricingPage.objects.get(slug="tarifs").unpublish()


def _move() -> None:
    page = ArticlePage.objects.get(slug="temperature-piece-four")
    page.move(page.get_siblings().first(), pos="left")


def _delete() -> None:
    ArticlePage.objects.get(slug="temperature-piece-four").delete()


def _reprice() -> None:
    with platform_scope():
        offer = Offer.objects.get(key="lite")
        offer.price_excl_tax = Decimal("55.00")
        offer.save()


def _rename_category() -> None:
    Category.objects.get(slug="poudres").save()


def _move_site() -> None:
    Site.objects.get(is_default_site=True).save()


@pytest.mark.parametrize("change", [_retitle, _withdraw, _move, _delete, _reprice, _rename_category, _move_site])
def test_a_change_is_seen_at_once_everywhere(
    client: Client, change: Any, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    for path in ("/", "/blog/"):
        client.get(path)
        assert state(client, path) == "hit"
    with django_capture_on_commit_callbacks(execute=True):
        change()
    assert state(client, "/") == "miss"
    assert state(client, "/blog/") == "miss"


def test_a_price_changed_in_the_backoffice_stands_on_the_prices_page_at_once(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert "49,00" in client.get("/tarifs/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        _reprice()
    body = client.get("/tarifs/").content.decode()
    assert "55,00" in body
    assert "49,00" not in body


def test_nothing_is_forgotten_before_the_commit_nor_after_a_rollback(client: Client) -> None:
    client.get("/tarifs/")
    with transaction.atomic():
        _retitle()
        assert state(Client(), "/tarifs/") == "hit"
        transaction.set_rollback(True)
    assert state(client, "/tarifs/") == "hit"


def test_a_page_drawn_while_another_is_published_is_not_given_afterwards(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The publication lands between the drawing of the page and its keeping."""
    keep = page_cache._keep

    def published_meanwhile(*args: Any, **kwargs: Any) -> Any:
        page_cache.forget_pages()
        return keep(*args, **kwargs)

    monkeypatch.setattr(page_cache, "_keep", published_meanwhile)
    client.get("/")
    monkeypatch.setattr(page_cache, "_keep", keep)
    assert state(client, "/") == "miss"
    assert state(client, "/") == "hit"


def test_a_page_does_not_outlive_its_time(client: Client, settings: Settings) -> None:
    settings.PAGE_CACHE_SECONDS = -1
    client.get("/")
    assert state(client, "/") == "miss"


def test_without_redis_pages_are_drawn(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*args: Any, **kwargs: Any) -> Any:
        raise RedisConnectionError

    down = SimpleNamespace(get=unreachable, get_many=unreachable, set=unreachable, add=unreachable)
    monkeypatch.setattr(page_cache, "cache", down)
    assert client.get("/").status_code == 200
    page_cache.forget_pages()


def test_two_hosts_do_not_share_pages(client: Client) -> None:
    client.get("/")
    assert state(client, "/", headers={"host": "autre.test"}) == "miss"


def test_private_faces_are_not_even_looked_for(client: Client, person: User) -> None:
    for path in ("/compte/login/", "/healthz", "/cms/", "/static/dist/public.css"):
        assert state(client, path) == "no"


def test_the_map_of_the_site_is_kept_too(client: Client) -> None:
    address = re.findall(r"<loc>http://testserver(/[^<]+)</loc>", client.get("/sitemap.xml").content.decode())[0]
    client.get(address)
    assert state(client, address) == "hit"


def test_what_a_visitor_accepted_stays_around_the_page_that_everybody_gets(client: Client) -> None:
    """The first visitor has accepted a tool: its policy is theirs alone, before and after."""
    client.cookies["consent"] = "abc.audience-1.chat-0"
    assert "googletagmanager" in client.get("/").headers["Content-Security-Policy"]
    other = Client().get("/")
    assert other.headers["X-Page-Cache"] == "hit"
    assert "googletagmanager" not in other.headers["Content-Security-Policy"]
    again = client.get("/")
    assert again.headers["X-Page-Cache"] == "hit"
    assert "googletagmanager" in again.headers["Content-Security-Policy"]
