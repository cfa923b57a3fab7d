"""The hosted pages of the local Stripe server: what they show, what their buttons do, where they lead."""

import io
import re
from typing import Any

import pikepdf
import pytest
import requests
import stripe

from tests.fakes.conftest import Shop
from tests.fakes.stripe.pdf import write_pdf


def portal(shop: Shop, customer: str, **params: Any) -> stripe.billing_portal.Session:
    """A link to the portal; its configuration is made the first time."""
    v1 = shop.client.v1
    if not v1.billing_portal.configurations.list().data:
        v1.billing_portal.configurations.create(
            {
                "default_return_url": "http://shop.test/abonnement",
                "features": {
                    "invoice_history": {"enabled": True},
                    "payment_method_update": {"enabled": True},
                    "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
                },
            }
        )
    asked: Any = {"customer": customer, **params}
    return v1.billing_portal.sessions.create(asked)


def text_of(url: str) -> str:
    """The page, its spaces made plain."""
    answer = requests.get(url, timeout=10)
    assert answer.status_code == 200
    return answer.text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_payment_page_shows_what_is_sold_in_french(shop: Shop) -> None:
    params: Any = {
        "mode": "subscription",
        "customer": shop.customer(card=None),
        "line_items": [{"price": shop.pro, "quantity": 2}],
        "success_url": "http://shop.test/",
        "cancel_url": "http://shop.test/cancelled?a=1&b=2",
        "subscription_data": {"default_tax_rates": [shop.vat]},
    }
    page = text_of(str(shop.client.v1.checkout.sessions.create(params).url))
    for expected in ('<html lang="fr">', "2 × Pro", "198,00 €", "39,60 €", "237,60 €", "Annuler et revenir",
                     "http://shop.test/cancelled?a=1&amp;b=2", "4242424242424242"):  # fmt: skip
        assert expected in page
    labels = re.findall(r'<label for="(\w+)"', page)
    assert labels == re.findall(r'<input id="(\w+)"', page) != []


def test_names_are_escaped(shop: Shop) -> None:
    product = shop.client.v1.products.create({"name": "<script>alert(1)</script>"}).id
    price: Any = {"product": product, "currency": "eur", "unit_amount": 100, "recurring": {"interval": "month"}}
    params: Any = {
        "mode": "subscription",
        "line_items": [{"price": shop.client.v1.prices.create(price).id, "quantity": 1}],
        "success_url": "http://shop.test/",
    }
    page = text_of(str(shop.client.v1.checkout.sessions.create(params).url))
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert 'name="email"' in page, "a buyer who is not known yet says who they are"


def test_a_portal_needs_its_configuration(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="portal settings"):
        shop.client.v1.billing_portal.sessions.create({"customer": shop.customer()})


def test_the_portal_shows_card_subscription_and_invoices(shop: Shop) -> None:
    customer = shop.customer()
    shop.subscribe(customer)
    page = text_of(portal(shop, customer, return_url="http://shop.test/back").url)
    for expected in ("1 × Lite", "État : actif", "28 févr. 2026", "4242", "payée", "58,80 €", "http://shop.test/back"):
        assert expected in page


def test_the_subscription_is_ended_and_kept_in_the_portal(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    session = portal(shop, customer)
    for do, planned in (("cancel", True), ("keep", False)):
        form = {"subscription": subscription.id, "do": do}
        answer = requests.post(f"{session.url}/subscription", data=form, allow_redirects=False, timeout=10)
        assert answer.status_code == 303
        assert shop.read(subscription.id).cancel_at_period_end is planned
    other = shop.subscribe(shop.customer())
    form = {"subscription": other.id, "do": "cancel"}
    assert requests.post(f"{session.url}/subscription", data=form, timeout=10).status_code == 404
    assert shop.read(other.id).cancel_at_period_end is False


def test_the_card_is_changed_in_the_portal(shop: Shop) -> None:
    customer = shop.customer()
    shop.subscribe(customer)
    session = portal(
        shop, customer, flow_data={"type": "payment_method_update"}, return_url="http://shop.test/abonnement"
    )
    assert "Changer de carte" in text_of(session.url)
    assert shop.server.fill_in(f"{session.url}/card", "4000000000000002") is None
    assert shop.server.fill_in(f"{session.url}/card", "4000002500003155", accept=False) is None
    assert shop.server.fill_in(session.url, "5555555555554444") == "http://shop.test/abonnement"
    shown = shop.client.v1.customers.retrieve(customer, {"expand": ["invoice_settings.default_payment_method"]})
    assert shown.invoice_settings is not None
    method = shown.invoice_settings.default_payment_method
    assert isinstance(method, stripe.PaymentMethod)
    assert method.card and (method.card.brand, method.card.last4) == ("mastercard", "4444")
    assert len(shop.server.events("payment_method.attached")) == 2


def test_a_flow_that_ends_the_subscription(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    flow: Any = {
        "type": "subscription_cancel",
        "subscription_cancel": {"subscription": subscription.id},
        "after_completion": {"type": "redirect", "redirect": {"return_url": "http://shop.test/adieu"}},
    }
    session = portal(shop, customer, flow_data=flow)
    assert "Résilier l’abonnement" in text_of(session.url)
    form = {"subscription": subscription.id, "do": "cancel"}
    answer = requests.post(f"{session.url}/subscription", data=form, allow_redirects=False, timeout=10)
    assert answer.headers["Location"] == "http://shop.test/adieu"
    flow["subscription_cancel"] = {"subscription": shop.subscribe(shop.customer()).id}
    with pytest.raises(stripe.InvalidRequestError):
        portal(shop, customer, flow_data=flow)


def test_a_portal_link_expires(shop: Shop) -> None:
    session = portal(shop, shop.customer())
    shop.server.advance(hours=2)
    assert requests.get(session.url, timeout=10).status_code == 404


def test_what_the_configuration_closes_is_closed(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    closed = shop.client.v1.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": False}}})
    session = portal(shop, customer, configuration=closed.id)
    page = text_of(session.url)
    assert "Factures" not in page and "Résilier" not in page and "Changer de carte" not in page
    form = {"subscription": subscription.id, "do": "cancel"}
    assert requests.post(f"{session.url}/subscription", data=form, timeout=10).status_code == 404
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.billing_portal.configurations.update(
            closed.id, {"features": {"subscription_update": {"enabled": True, "products": ""}}}
        )


def test_an_invoice_has_its_page_and_its_pdf(shop: Shop) -> None:
    customer = shop.customer(name="Laquage d’Œuvre (SARL)", preferred_locales=["fr"])
    shop.subscribe(customer)
    invoice = shop.invoices(customer)[-1]
    page = text_of(str(invoice.hosted_invoice_url))
    assert "Cette facture est payée." in page and "1 × Lite (à 49,00 € / mois)" in page
    answer = requests.get(str(invoice.invoice_pdf), timeout=10)
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        content = pdf.pages[0].Contents.read_bytes().decode("cp1252")
    assert r"Laquage d’Œuvre \(SARL\)" in content
    assert str(invoice.number) in content and "58,80 €" in content
    draft = shop.client.v1.invoices.create({"customer": customer})
    url = str(invoice.hosted_invoice_url).replace(invoice.id, draft.id)
    assert requests.get(url, timeout=10).status_code == 404


def test_a_long_pdf_has_several_pages() -> None:
    with pikepdf.open(io.BytesIO(write_pdf([f"Ligne {number} \\ (é)" for number in range(100)]))) as pdf:
        assert len(pdf.pages) == 3
    with pikepdf.open(io.BytesIO(write_pdf([]))) as pdf:
        assert len(pdf.pages) == 1


@pytest.mark.parametrize("path", ["/", "/c/pay/cs_test_none", "/p/session/bps_none", "/i/acct_x/in_none", "/ailleurs"])
def test_addresses_that_lead_nowhere(shop: Shop, path: str) -> None:
    answer = requests.get(f"{shop.server.url}{path}", timeout=10)
    assert answer.status_code == (200 if path == "/" else 404)
    assert '<html lang="fr">' in answer.text
