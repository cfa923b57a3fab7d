"""The public pages in a real browser: axe is silent on each of them, and the cookie banner keeps its word."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from blog.models import ArticlePage
from changelog.models import ReleasePage
from cms.models import ConsentProof, PublisherSettings
from cms.tools import COOKIE
from marketing.models import HomePage, LandingPage, Story
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer
from wagtail.models import Page as WagtailPage
from wagtail.models import Site

from app.accounts.constants import DOCUMENT_PATHS
from helpcenter.models import GuidePage
from tests.e2e.looking import look, violations

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TRACKER = "https://www.googletagmanager.com/"
STAND_IN = "window.dataLayer.push({'loaded': true});"


@pytest.fixture
def tools(site: None) -> PublisherSettings:
    """The publisher measures audience and shows videos: the banner exists."""
    values = {"analytics_id": "G-ABC1234567", "shows_videos": True}
    made: PublisherSettings = PublisherSettings.objects.update_or_create(
        site=Site.objects.get(is_default_site=True), defaults=values
    )[0]
    return made


def furnish() -> None:
    """A page of each kind that the supplied content has none of."""
    home = HomePage.objects.get(slug="accueil")
    page = LandingPage(title="Portails", slug="portails", campaign="portails-2026", hero_title="Vos portails",
                       hero_text="Chiffrés devant le client.", search_description="Une page de campagne.",
                       body=[("stories", {"title": "Ils le disent", "introduction": "", "most": 3})])  # fmt: skip
    home.add_child(instance=page)
    Story.objects.create(workshop="Laquage des Alpes", person="Léa Blanc", quotation="Nous ne cherchons plus.",
                         result="2 h gagnées par semaine", consented_on="2026-11-02", is_shown=True)  # fmt: skip


def one_of_each_kind() -> list[WagtailPage]:
    """The pages to look at: one guide, one article, one release (they differ by their words alone), all the others."""
    live = WagtailPage.objects.live().public().filter(depth__gte=2).order_by("path")
    seen: dict[tuple[int, int], WagtailPage] = {}
    for found in live:
        is_many = found.specific_class in (GuidePage, ArticlePage, ReleasePage)
        seen.setdefault((found.content_type_id, 0 if is_many else found.pk), found)
    return list(seen.values())


@pytest.mark.spec(
    "A11-01",
    "A11-02",
    "TST-07",
    "SIT-02",
    "SIT-03",
    "SIT-04",
    "SIT-05",
    "SIT-07",
    "SIT-10",
    "SIT-13",
    "SIT-14",
    "SIT-17",
    "SEO-01",
)
def test_axe_finds_nothing_on_any_public_page(page: Page, live_server: LiveServer, tools: PublisherSettings) -> None:
    furnish()
    paths = [urlsplit(found.full_url).path for found in one_of_each_kind() if found.full_url]
    paths += ["/temoignages/proposer/", "/cgv/versions/2026-11-21/"]
    assert {"/", "/en/", "/fonctionnalites/", "/portails/", "/cookies/"} <= set(paths)
    assert set(DOCUMENT_PATHS.values()) <= set(paths)
    problems: list[str] = []
    for path in paths:
        problems += look(page, live_server.url + path, path)
    assert not problems, "\n".join(problems)
    page.goto(live_server.url)
    page.locator("[data-toggle=cookies-choices]").click()
    assert not violations(page)


def watch(page: Page) -> list[str]:
    """The addresses outside the site that the page asks for; the tracker is answered by a stand-in."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=STAND_IN, content_type="text/javascript")

    page.route(lambda address: "localhost" not in address and "127.0.0.1" not in address, answer)
    return asked


def choice_of(page: Page) -> str | None:
    cookies: list[Any] = page.context.cookies()
    return next((cookie["value"] for cookie in cookies if cookie["name"] == COOKIE), None)


@pytest.mark.spec("SEO-13", "SEO-05", "LEG-13", "LEG-05")
def test_nothing_is_loaded_before_a_choice_and_only_what_is_accepted_after(
    page: Page, live_server: LiveServer, tools: PublisherSettings
) -> None:
    asked = watch(page)
    page.goto(live_server.url)
    banner = page.locator("#cookies")
    banner.wait_for()
    assert asked == []
    assert choice_of(page) is None
    with page.expect_navigation():
        page.get_by_role("button", name="Tout accepter").or_(page.get_by_role("button", name="Accept all")).click()
    page.wait_for_load_state("networkidle")
    assert [address.startswith(TRACKER) for address in asked] == [True]
    expect(banner).to_be_hidden()
    value = choice_of(page)
    assert value is not None
    assert value.endswith("audience-1.video-1")
    assert ConsentProof.objects.get().choice == {"audience": True, "video": True}
    page.goto(live_server.url + "/tarifs/")
    assert not page.locator("#cookies").is_visible(), "the choice is kept"
    page.evaluate("document.cookie = '_ga=GA1.1; path=/'")
    asked.clear()
    page.locator("[data-consent-open]").click()
    assert page.locator("#cookie-audience").is_checked()
    with page.expect_navigation():
        page.locator("[data-consent-none]").click()
    page.wait_for_load_state("networkidle")
    assert asked == []
    assert not [cookie for cookie in page.context.cookies() if cookie["name"].startswith("_ga")]
    assert (choice_of(page) or "").endswith("audience-0.video-0")


@pytest.mark.spec("SEO-13", "LEG-13")
def test_refusing_takes_one_click_and_the_choice_by_purpose_works_by_keyboard(
    page: Page, live_server: LiveServer, tools: PublisherSettings
) -> None:
    asked = watch(page)
    page.goto(live_server.url + "/fonctionnalites/")
    page.locator("[data-consent-none]").click()
    page.locator("#cookies").wait_for(state="hidden")
    page.reload()
    assert not page.locator("#cookies").is_visible()
    page.locator("[data-consent-open]").focus()
    page.keyboard.press("Enter")
    page.locator("[data-toggle=cookies-choices]").focus()
    page.keyboard.press("Enter")
    page.locator("#cookie-video").focus()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.locator("[data-consent-save]").press("Enter")
    assert (choice_of(page) or "").endswith("audience-0.video-1")
    assert asked == []


def test_a_choice_that_cannot_be_kept_is_said_and_loads_nothing(
    page: Page, live_server: LiveServer, tools: PublisherSettings
) -> None:
    asked = watch(page)
    page.goto(live_server.url)
    page.route("**/cookies/choix/", lambda route: route.abort())
    page.locator("[data-consent-all]").click()
    page.locator("[data-consent-failed]").wait_for()
    assert asked == []
    assert page.locator("#cookies").is_visible()


@pytest.mark.spec("SIT-17")
def test_the_campaign_follows_the_visitor_to_the_sign_up_without_a_cookie(
    page: Page, live_server: LiveServer, site: None
) -> None:
    page.goto(live_server.url + "/?utm_source=google&utm_campaign=Portails-2026")
    page.locator("main a[href^='/tarifs/']").first.click()
    page.wait_for_url("**/tarifs/?campagne=portails-2026")
    page.locator("main a[href^='/inscription/']").first.click()
    page.wait_for_url("**/inscription/**")
    assert page.locator("input[name=campagne]").input_value() == "portails-2026"
    assert not [cookie for cookie in page.context.cookies() if "camp" in cookie["name"] or "utm" in cookie["name"]]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
