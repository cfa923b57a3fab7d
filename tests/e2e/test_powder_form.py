"""The form of a powder in a browser: what the maker's catalogue answers while one goes on writing."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from app.powders.maker import Module
from app.powders.services.sharing import read_catalogue
from app.tenancy.permissions import Role
from tests import factories
from tests.conftest import signed_in
from tests.e2e.windows import DESK, PHONE, Size
from tests.fakes.prestashop import SECRET, open_shop

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
#: Where one of the answers takes two lines and the words before it one.
BETWEEN: Size = (520, 900)
SAVE = "main form[data-lookup] button[type=submit]"


@pytest.fixture
def form(page: Page, live_server: LiveServer, transactional_db: None) -> Page:
    """The form of a new powder, opened by an owner, with the maker's catalogue behind it."""
    with open_shop() as shop:
        read_catalogue(Module(shop.url, SECRET))
    owner = factories.member(factories.workshop(slug="atelier-vulcain"), Role.OWNER)
    cookie = signed_in(owner).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/app/atelier-vulcain/poudres/nouvelle/")
    return page


def _place(page: Page) -> Any:
    """Where the button is in the page, above what the window shows included."""
    return page.evaluate("css => document.querySelector(css).getBoundingClientRect().top + scrollY", SAVE)


@pytest.mark.spec("POW-02", "UXR-01")
@pytest.mark.parametrize("size", [DESK, BETWEEN, PHONE], ids=["desk", "between", "phone"])
def test_a_late_answer_fills_the_empty_fields_and_moves_no_button(form: Page, size: Size) -> None:
    held: list[Route] = []
    form.set_viewport_size({"width": size[0], "height": size[1]})
    form.route("**/catalogue/reference/**", lambda route: held.append(route))
    told = form.locator("[data-lookup-told]")
    hint, place = told.inner_text(), _place(form)
    for reference, words in (("INCONNUE-1", "pas au catalogue"), ("TP-7016-MAT", "Fiche remplie")):
        form.locator("[name=reference]").fill(reference)
        with form.expect_request("**/catalogue/reference/**"):
            form.locator("[name=density]").fill("1,61")
        expect(told).to_have_text(hint)
        held.pop().continue_()
        expect(told).to_contain_text(words)
        assert _place(form) == place
    assert form.locator("[name=curing_minutes]").input_value() == "15"
    assert form.locator("[name=density]").input_value() == "1,61"  # typed meanwhile, and kept
    form.locator(SAVE).click()
    expect(form.get_by_role("heading", level=1)).to_contain_text("TP-7016-MAT")
