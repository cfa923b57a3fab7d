"""A day in the workshop without network, a reload and a kill in the middle; then the network returns."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FLOOR = "/app/atelier-vulcain/atelier/"


def enter(page: Page, live_server: LiveServer, member: Membership) -> None:
    cookie = signed_in(member).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


@pytest.fixture
def shop(transactional_db: None) -> Workshop:
    return factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


def test_smoke(page: Page, live_server: LiveServer, shop: Workshop) -> None:
    from app.tenancy.permissions import Role
    member = factories.member(shop, Role.OPERATOR, first_name="Omar", last_name="Petit")
    with workshop_scope(shop.pk):
        project = factories.project(shop, title="Portail coulissant")
    page.on("console", lambda message: print("CONSOLE", message.type, message.text))
    page.on("pageerror", lambda error: print("ERROR", error))
    enter(page, live_server, member)
    page.goto(live_server.url + FLOOR)
    expect(page.locator("[data-project]")).to_be_visible()
    page.screenshot(path="/tmp/floor/queue.png")
    page.locator("[data-project]").click()
    page.locator("[data-k=validate]").click()
    expect(page.locator("[data-sync=online][data-waiting='0']")).to_be_visible()
    page.screenshot(path="/tmp/floor/project.png")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-step]")).to_be_visible()
    page.locator("[data-k=validate]").click()
    expect(page.locator("[data-waiting='1']")).to_be_visible()
    page.screenshot(path="/tmp/floor/offline.png")
    page.context.set_offline(False)
    expect(page.locator("[data-sync=online][data-waiting='0']")).to_be_visible()
