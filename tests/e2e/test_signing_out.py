"""Somebody signs out from the menu of any page."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.tenancy.permissions import Role
from tests import factories
from tests.conftest import signed_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_the_menu_of_a_page_signs_out(page: Page, live_server: LiveServer) -> None:
    workshop = factories.workshop(name="Atelier Vulcain", slug="vulcain")
    owner = factories.member(workshop, Role.OWNER, email="olivia@vulcain.test", first_name="Olivia", last_name="Roche")
    cookie = signed_in(owner).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/app/vulcain/clients/")
    page.get_by_role("button", name="Mon compte").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page).to_have_url(f"{live_server.url}/compte/login/")
    page.goto(f"{live_server.url}/app/vulcain/clients/")
    expect(page).to_have_url(f"{live_server.url}/compte/login/?next=/app/vulcain/clients/")
