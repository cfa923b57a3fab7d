"""An error in a page reaches our own server, from the product and from the public pages; the publisher makes one."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests import factories
from tests.e2e.looking import look

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("THERMO_PICTURES", "")


@pytest.mark.spec("OPS-01")
def test_a_page_that_breaks_says_so_once(page: Page, live_server: LiveServer) -> None:
    user = factories.person(email="editeur@thermogestion.test", is_staff=True, is_superuser=True)
    factories.add_second_factor(user)
    desk = Client()
    desk.force_login(user, backend="app.accounts.backends.PersonBackend")
    cookie = desk.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    told: list[str] = []
    page.on("request", lambda request: request.url.endswith("/erreurs/") and told.append(request.post_data or ""))
    problems = look(page, f"{live_server.url}/editeur/surveillance/", "monitors")
    assert problems == []
    if PICTURES:
        for theme, width in (("light", 1440), ("dark", 820), ("light", 390)):
            page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(PICTURES) / f"monitors-{width}.png", full_page=True)
    with page.expect_response("**/erreurs/") as answered:
        page.locator("[data-test-error]").click()
    assert answered.value.status == 204
    page.locator("[data-test-error]").click()
    [error] = [json.loads(body) for body in told]
    assert "a test of the error tracking" in error["message"]
    assert "app.js" in error["stack"] and error["page"] == "/editeur/surveillance/"

    page.goto(f"{live_server.url}/compte/login/?next=/app/")
    with page.expect_response("**/erreurs/") as answered:
        page.evaluate("() => { setTimeout(() => Promise.reject(new RangeError('too far')), 0); }")
    assert answered.value.status == 204
    assert json.loads(told[-1])["message"] == "RangeError: too far"
