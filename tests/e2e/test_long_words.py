"""What people write in one piece (an address, a reference, a name) pushes no page aside, at any width."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from app.crm.services.portal_links import make_link
from app.quotes.models import QuoteLine
from app.quotes.services.drafting import new_draft, save_draft
from app.quotes.services.sending import finish_sending, send_quote
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in
from tests.e2e.looking import WIDTHS

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
WORD = "Établissementsdesferronneriesdelatroisièmegénération" * 3


@pytest.mark.spec("WSM-07")
def test_words_longer_than_a_line_are_cut(page: Page, live_server: LiveServer) -> None:
    shop = factories.workshop(name=f"Atelier {WORD[:40]}", slug="atelier-vulcain")
    cookie = signed_in(factories.member(shop, Role.OWNER, last_name=WORD[:60])).cookies["sessionid"].value
    with workshop_scope(shop.pk):
        customer = factories.customer(shop, company=WORD, city=WORD[:90], notes=WORD * 4, tags=[WORD[:40]])
        draft = new_draft(shop, customer)
        draft.title, draft.note, draft.conditions = WORD, WORD, WORD
        powder = factories.powder(shop, colour_name=WORD[:60])
        line = QuoteLine(
            designation=WORD, quantity=Decimal("9999.99"), surface_m2=Decimal("999.99"), powder=powder,
            vat_rate=Decimal("5.5"),
        )  # fmt: skip
        quote = save_draft(workshop=shop, actor=factories.ACTOR, quote=draft, lines=[line])
        sent = send_quote(workshop=shop, actor=factories.ACTOR, quote=factories.quote(shop, customer=customer))
        finish_sending(workshop=shop, quote_pk=sent.pk)
        link = make_link(workshop=shop, customer=customer, path=f"/espace/atelier-vulcain/devis/{sent.public_id}/")
    page.goto(link.replace("http://testserver", live_server.url))
    page.locator("main form button").click()
    page.wait_for_url("**/devis/**")
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    shown = [page.url]
    product = f"{live_server.url}/app/atelier-vulcain/"
    shown += [product + path for path in (
        "devis/", f"devis/{quote.pk}/", f"devis/{quote.pk}/modifier/", f"clients/{customer.pk}/", "clients/",
        f"clients/{customer.pk}/fusionner/",
    )]  # fmt: skip
    beyond = []
    for address in shown:
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if (taken := page.evaluate("document.documentElement.scrollWidth")) > width:
                beyond.append(f"{address}: {taken - width} pixels too wide at {width}")
    assert not beyond
