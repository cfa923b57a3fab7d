"""The main paths by keyboard alone, and what the accessibility tree says at each stop: name, role, visible focus."""

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.quotes.models import Quote
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in
from tests.e2e.held import held

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
MOST_STOPS = 90
#: Where the focus is: whether it can be seen, and what tells the element from its neighbours.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const label = one.closest("label"), shown = label ? getComputedStyle(label) : style;
  const drawn = (s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none";
  return {
    html: one.outerHTML.slice(0, 140),
    seen: drawn(style) || drawn(shown),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


@pytest.fixture
def shop(transactional_db: None) -> tuple[Workshop, Membership]:
    """A workshop with a customer, a quote and a project."""
    workshop = factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")
    owner = factories.member(workshop, Role.OWNER, first_name="Olivia", last_name="Roche")
    with workshop_scope(workshop.pk):
        factories.quote(workshop)
        factories.project(workshop)
    return workshop, owner


def _enter(page: Page, live_server: LiveServer, client: Client) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_default_timeout(10_000)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def _stops(page: Page, address: str) -> list[dict[str, Any]]:
    """Tab through the page from its beginning, with what a screen reader is told at each stop."""
    page.goto(address)
    tree = page.context.new_cdp_session(page)
    tree.send("Accessibility.enable")
    found: list[dict[str, Any]] = []
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        where = page.evaluate(FOCUSED)
        if where is None or any(where["html"] == stop["html"] for stop in found[:1]):
            return found
        handle = tree.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
        [node, *_] = tree.send("Accessibility.getPartialAXTree", {"objectId": handle, "fetchRelatives": False})["nodes"]
        found.append({**where, "name": node.get("name", {}).get("value", ""), "role": node["role"]["value"]})
    return found


@pytest.mark.spec("A11-03")
def test_each_stop_of_the_main_paths_has_a_name_and_shows_the_focus(
    page: Page, live_server: LiveServer, shop: tuple[Workshop, Membership]
) -> None:
    owner = shop[1]
    home = f"{live_server.url}/app/atelier-vulcain/"
    problems: list[str] = []
    paths = ["", "clients/", "clients/nouveau/", "devis/", "projets/", "poudres/", "stock/", "reglages/equipe/"]
    paths += ["reglages/abonnement/", "devis/nouveau/"]
    doors = [f"{live_server.url}/compte/login/", f"{live_server.url}/compte/password/reset/"]
    for address in doors:
        problems += _problems(address, _stops(page, address))
    _enter(page, live_server, signed_in(owner))
    for address in (home + path for path in paths):
        problems += _problems(address, _stops(page, address))
    assert problems == []


def _problems(address: str, stops: list[dict[str, Any]]) -> list[str]:
    said = [] if len(stops) > 3 else [f"{address}: only {len(stops)} stops"]
    for stop in stops:
        for is_wrong, word in ((not stop["name"].strip(), "no name"), (not stop["seen"], "no visible focus")):
            if is_wrong:
                said.append(f"{address}: {word}: {stop['role']} {stop['html']}")
        if not stop["inside"]:
            said.append(f"{address}: outside of the screen: {stop['html']}")
    return said


def _longest_motion(page: Page) -> float:
    """In seconds, the longest transition or animation that any element of the page would play."""
    return float(
        page.evaluate(
            """() => Math.max(...[...document.querySelectorAll("body *")].flatMap((element) => {
              const style = getComputedStyle(element);
              return [style.transitionDuration, style.animationDuration].flatMap((list) => list.split(",").map(parseFloat));
            }))"""
        )
    )


@pytest.mark.spec("A11-03", "UXR-01", "UXR-05")
def test_a_customer_is_created_by_keyboard_alone_and_the_answer_is_announced(
    page: Page, live_server: LiveServer, shop: tuple[Workshop, Membership]
) -> None:
    _enter(page, live_server, signed_in(shop[1]))
    page.goto(f"{live_server.url}/app/atelier-vulcain/clients/")
    assert _longest_motion(page) < 0.001
    page.emulate_media(reduced_motion="no-preference")
    assert 0.1 <= _longest_motion(page) <= 0.3
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class("skip-link")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    _tab_to(page, "a[href$='/clients/nouveau/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/nouveau/")
    _tab_to(page, "main form button[type=submit], main form .btn-primary")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    expect(page.locator(".error-summary")).to_be_focused()
    _tab_to(page, "[name=last_name], [name=name], [name=company_name]")
    page.keyboard.type("Ferronnerie Durand")
    page.keyboard.press("Enter")
    region = page.locator("#toasts")
    expect(region).to_contain_text("Client ajouté")
    expect(page.locator("h1")).to_contain_text("Ferronnerie Durand")
    assert region.evaluate("one => one.getAttribute('aria-live') || one.getAttribute('role')") in ("polite", "status")


@pytest.mark.spec("A11-06")
def test_what_changes_while_one_types_is_said_once(
    page: Page, live_server: LiveServer, shop: tuple[Workshop, Membership]
) -> None:
    """Found with a screen reader: lists changed in silence, and the price said each of its figures."""
    workshop, owner = shop
    with workshop_scope(workshop.pk):
        draft = Quote.objects.select_related("customer").get()
    _enter(page, live_server, signed_in(owner))
    home = f"{live_server.url}/app/atelier-vulcain/"
    page.goto(f"{home}clients/")
    search, said = page.locator("main input[name=q]"), page.locator(".app > div > [data-said]")
    search.press_sequentially("zzz")
    expect(said).to_have_text("Aucun résultat")
    search.fill("")
    expect(said).to_have_text("2 résultats affichés")
    page.keyboard.press("Control+k")
    page.locator("#palette input").press_sequentially(str(draft.customer)[:4])
    expect(page.locator("#palette [data-said]")).to_have_text(re.compile("résultat"))
    page.goto(f"{home}devis/{draft.pk}/modifier/")
    expect(page.locator("#quote-said")).to_be_empty()
    page.locator("[name=lines-0-quantity]").fill("3")
    expect(page.locator("#quote-said")).to_have_text(re.compile(r"^Total TTC\s: .*€$"))
    assert page.locator("main [aria-live]:visible").count() == 0


def _tab_to(page: Page, selector: str) -> None:
    for _stop in range(MOST_STOPS):
        if page.evaluate("selector => !!document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the Tab key")


@pytest.mark.spec("QUO-01", "UXR-01")
def test_a_late_answer_takes_nothing_away_that_was_typed_meanwhile(
    page: Page, live_server: LiveServer, shop: tuple[Workshop, Membership]
) -> None:
    """The network is slow: one goes on from the search to the new customer before its last answer has come."""
    _enter(page, live_server, signed_in(shop[1]))
    page.goto(f"{live_server.url}/app/{shop[0].slug}/devis/nouveau/")
    page.locator("#customer-search").press_sequentially("Lef")
    name = page.locator("#customer-matches [name=client-last_name]")
    expect(name).to_be_visible()
    with held(page, "**/clients/choisir/**") as late:
        with page.expect_request("**/clients/choisir/**"):
            page.locator("#customer-search").press_sequentially("è")
        name.fill("Lefèvre")
        late.answer(0)
    page.wait_for_timeout(500)
    expect(name).to_have_value("Lefèvre")
    page.locator("#customer-search").press_sequentially("vre")  # who goes back to the search wants its answer
    expect(name).not_to_have_value("Lefèvre")
