"""What a visitor is served."""

import gzip
import json
import re
from decimal import Decimal
from typing import Any

import pytest
from cms.comparison import compare
from cms.models import PublisherSettings
from django.test import Client
from marketing.models import HomePage
from wagtail.models import Site

from app.accounts.models import User
from app.billing.models import Offer, OveragePrice, SaasSettings
from app.entitlements.constants import UNBUILT, Feature
from app.tenancy.scope import platform_scope
from tests import factories
from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

PAGES = ["/", "/tarifs/", "/inscription/", "/confidentialite/", "/mentions-legales/", "/aide/", "/aide/premier-devis/"]


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_light_and_asks_little_of_the_database(client: Client, path: str) -> None:
    text(client, path)  # content types are read once for each process
    Site.clear_site_root_paths_cache()
    with at_most(15):
        body = text(client, path)
    assert len(gzip.compress(body.encode())) < 20_000


@pytest.mark.spec("SEO-03")
@pytest.mark.parametrize("path", PAGES)
def test_every_page_names_itself_to_search_engines_at_one_address(client: Client, path: str) -> None:
    body = text(client, path)
    assert len(re.findall(r"<h1[ >]", body)) == 1
    assert re.search(r"<title>[^<]*ThermoGestion[^<]*</title>", body)
    if path != "/inscription/":  # served by the sign-up itself
        assert f'<link rel="canonical" href="http://testserver{path}">' in body
        assert re.search(r'<meta name="description" content="[^"]{30,}">', body)
        assert '<meta property="og:title"' in body


@pytest.mark.parametrize("path", PAGES)
def test_no_page_calls_another_site_nor_carries_inline_code(client: Client, path: str) -> None:
    body = text(client, path)
    loaded = re.findall(r'<(?:script|img|link|iframe)[^>]*\s(?:src|href)="(https?://[^"]+)"', body)
    assert [address for address in loaded if not address.startswith("http://testserver/")] == []
    assert not re.search(r"<script(?![^>]*(?:src=|application/ld\+json))", body)
    assert not re.search(r'\sstyle="', body)


@pytest.mark.spec("SIT-02")
def test_the_home_page_says_what_it_is_and_calls_to_try_twice(client: Client) -> None:
    body = text(client, "/")
    assert "Du devis au four" in body
    assert "Pourquoi ThermoGestion" in body
    assert body.count('href="/inscription/') >= 3


@pytest.mark.spec("SIT-02")
def test_the_call_says_the_days_that_the_publisher_gives(client: Client) -> None:
    with platform_scope():
        SaasSettings.objects.update(trial_days=21)
    assert re.search(r"21\D{0,6}(days?|jours?|-day)", text(client, "/"))


@pytest.mark.spec("SIT-02")
def test_the_number_of_workshops_is_shown_only_when_it_is_true(client: Client) -> None:
    factories.workshop()
    factories.workshop()
    assert "hero-proof" not in text(client, "/")
    HomePage.objects.update(proof_from=3)
    assert "hero-proof" not in text(client, "/")
    HomePage.objects.update(proof_from=2)
    assert re.search(r'hero-proof">[^<]*\b2\b', text(client, "/"))


def test_machines_read_the_offer_at_its_real_price(client: Client) -> None:
    with platform_scope():
        Offer.objects.filter(key="lite").update(price_excl_tax=Decimal("51.50"))
    [data] = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', text(client, "/"))
    product = json.loads(data)["@graph"][1]
    assert product["offers"][0] == {"@type": "Offer", "name": "Lite", "price": "51.50", "priceCurrency": "EUR"}


@pytest.mark.spec("SIT-05")
def test_prices_are_those_of_the_catalogue_at_once(client: Client) -> None:
    assert "49,00" in text(client, "/tarifs/")
    with platform_scope():
        Offer.objects.filter(key="lite").update(price_excl_tax=Decimal("53.00"))
    with platform_scope():
        Offer.objects.filter(key="pro").update(price_excl_tax=None)
    body = text(client, "/tarifs/")
    assert "53,00" in body
    assert "49,00" not in body
    assert "99,00" not in body


@pytest.mark.spec("SIT-05")
def test_a_plan_withdrawn_from_the_site_is_not_offered(client: Client) -> None:
    with platform_scope():
        Offer.objects.filter(key="pro").update(is_public=False)
    body = text(client, "/tarifs/")
    assert "?plan=lite" in body
    assert "?plan=pro" not in body


def test_the_prices_page_stands_without_any_plan(client: Client) -> None:
    with platform_scope():
        Offer.objects.update(is_public=False)
    assert 'class="compare"' not in text(client, "/tarifs/")


def test_the_comparison_puts_first_what_every_plan_has() -> None:
    small = Offer(name="S", features=["quotes"])
    large = Offer(name="L", features=["projects", "quotes"])
    rows = compare([small, large])
    assert [row.held for row in rows] == [(True, True), (False, True)]


@pytest.mark.spec("SIT-13")
def test_sign_up_answers_on_the_page_of_the_site(client: Client) -> None:
    assert client.get("/inscription/").status_code == 200
    refused = client.post("/inscription/", {"email": "pas une adresse"})
    assert refused.status_code == 422
    assert User.objects.count() == 0


@pytest.mark.spec("LEG-14")
def test_a_missing_value_of_the_publisher_is_told_to_the_staff_only(client: Client) -> None:
    assert "banner-warn" not in text(client, "/mentions-legales/")
    client.force_login(factories.person(is_staff=True), backend="app.accounts.backends.PersonBackend")
    assert "banner-warn" in text(client, "/mentions-legales/")


@pytest.mark.spec("LEG-04")
def test_the_legal_notice_names_the_publisher_of_the_settings(client: Client) -> None:
    site = Site.objects.get(is_default_site=True)
    PublisherSettings.objects.create(site=site, company="Éditions du Four", director="Jeanne Dupré")
    body = text(client, "/mentions-legales/")
    assert "Éditions du Four" in body
    assert "Jeanne Dupré" in body


@pytest.mark.spec("SEO-03")
def test_robots_keep_out_of_private_addresses_and_find_the_map(client: Client) -> None:
    body = text(client, "/robots.txt")
    assert "Disallow: /app/" in body
    assert "Disallow: /espace/" in body
    assert "Sitemap: http://testserver/sitemap.xml" in body
    lists = re.findall(r"<loc>http://testserver(/sitemap-[a-z]+\.xml)</loc>", text(client, "/sitemap.xml"))
    listed = "".join(text(client, address) for address in lists)
    for path in PAGES:
        assert f"<loc>http://testserver{path}</loc>" in listed


def test_a_draft_is_nobodys(client: Client) -> None:
    HomePage.objects.get(slug="accueil").get_children().get(slug="tarifs").unpublish()
    assert client.get("/tarifs/").status_code == 404
    assert "/tarifs/" not in text(client, "/sitemap-marketing.xml")


@pytest.mark.spec("SIT-12")
def test_the_short_addresses_lead_where_they_say(client: Client) -> None:
    def target(path: str) -> Any:
        return client.get(path)["Location"]

    assert target("/connexion/") == "/compte/login/"
    assert target("/documentation/") == "/aide/"


@pytest.mark.spec("PLN-07", "PLN-11")
def test_the_limits_and_the_published_prices_beyond_them_are_those_of_the_catalogue(client: Client) -> None:
    body = text(client, "/tarifs/").replace("\u00a0", " ").replace("\u202f", " ")
    assert "20 Go" in body or "20 GB" in body
    assert "ENTERPRISE" not in body
    assert "0,02" not in body
    with platform_scope():
        Offer.objects.filter(key="lite").update(limits={"projects": 1234, "emails": 5000})
        OveragePrice.objects.filter(dimension="emails").update(is_active=True)
        SaasSettings.objects.update(storage_gb=35)
    body = text(client, "/tarifs/").replace("\u00a0", " ").replace("\u202f", " ")
    assert "1 234" in body or "1,234" in body
    assert "35 G" in body
    assert "0,02 €" in body or "€0.02" in body


@pytest.mark.spec("PLN-15", "SEO-14")
def test_the_calculator_answers_with_the_prices_of_today_without_a_script(client: Client) -> None:
    with platform_scope():
        Offer.objects.filter(key="lite").update(limits={"projects": 30}, price_excl_tax=Decimal("41.00"))
    assert "41,00" in text(client, "/tarifs/?projets=30&stockage=20").partition('id="calculateur"')[2]
    assert "99,00" in text(client, "/tarifs/?projets=31&stockage=20").partition('id="calculateur"')[2]
    assert "41,00" not in text(client, "/tarifs/?projets=31&stockage=21").partition('id="calculateur"')[2]
    with platform_scope():
        Offer.objects.filter(key="preset-storage").update(is_active=True)
    answer = text(client, "/tarifs/?projets=30&stockage=121").partition('id="calculateur"')[2]
    assert "61,00" in answer, "two options of 100 GB more"


@pytest.mark.parametrize("question", ["projets=&stockage=", "projets=-1&stockage=5", "projets=x&stockage=1e9"])
def test_a_question_that_is_none_is_told_and_answers_no_price(client: Client, question: str) -> None:
    answer = text(client, f"/tarifs/?{question}").partition('id="calculateur"')[2]
    assert "field-error" in answer
    assert "price-amount" not in answer.partition("</section>")[0]


@pytest.mark.spec("SIT-05")
def test_a_module_that_the_product_does_not_have_is_not_promised(client: Client) -> None:
    pro = Offer.objects.get(key="pro")
    assert UNBUILT & set(pro.features)
    body = client.get("/tarifs/").content.decode()
    for feature in pro.features:
        assert (str(Feature(feature).label) in body) is (feature not in UNBUILT), feature


@pytest.mark.spec("SEO-04")
@pytest.mark.parametrize("path", ["/", "/fonctionnalites/", "/tarifs/"])
def test_the_call_to_try_is_clear_and_repeated(client: Client, path: str) -> None:
    assert text(client, path).count('href="/inscription/"') + text(client, path).count('href="/compte/signup/"') >= 3


@pytest.mark.spec("SIT-04")
def test_each_function_that_exists_has_its_title_its_points_and_its_sign(client: Client) -> None:
    body = text(client, "/fonctionnalites/")
    for anchor in ("devis", "projets", "qualite", "poudres", "stock", "series", "fours", "clients", "espace-client"):
        section = body.partition(f'id="{anchor}"')[2].partition("</section>")[0]
        assert re.search(r"<h2[^>]*>[^<]{10,}</h2>", section), anchor
        assert len(re.findall(r"<li", section)) >= 2, anchor
        assert re.search(r'<img[^>]*alt="[^"]{10,}"|<svg', section), anchor  # a screen of the product, or an icon
    table = body.partition("<table")[2].partition("</table>")[0]
    assert all(f">{offer.name}<" in table for offer in Offer.objects.filter(key__in=("lite", "pro")))


@pytest.mark.spec("SIT-10")
def test_the_page_about_us_says_where_we_start_from_what_we_want_and_how_to_reach_us(client: Client) -> None:
    body = text(client, "/a-propos/")
    assert len(re.findall("<h2", body.partition("<main")[2].partition("</main>")[0])) >= 3
    assert 'href="/contact/"' in body and 'href="/mentions-legales/"' in body
