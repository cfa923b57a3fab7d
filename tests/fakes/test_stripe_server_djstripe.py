"""dj-stripe mirrors what the local Stripe server tells: each event of a life is taken, and what it calls is answered."""

import json
from typing import Any

import djstripe.models
import pytest
import stripe
from pytest_django import Settings

from app.tenancy.scope import platform_scope
from tests.fakes.conftest import Inbox, Shop

pytestmark = pytest.mark.django_db


def test_dj_stripe_takes_every_event_of_a_life(
    shop: Shop, inbox: Inbox, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STRIPE_SECRET_KEY = shop.server.secret_key
    settings.STRIPE_API_BASE = shop.server.url
    monkeypatch.setattr(stripe, "api_base", shop.server.url)
    shop.server.webhooks.hold()
    shop.server.add_endpoint(inbox.url)
    customer = _lived(shop)
    messages = shop.server.webhooks.take()
    assert len(messages) > 40
    refused = {message.type: error for message in messages if (error := _process(message, shop))}
    assert refused == {}
    with platform_scope():
        mirrored = djstripe.models.Subscription.objects.get()
        assert (mirrored.customer.id, mirrored.stripe_data["status"]) == (customer, "canceled")
        invoices = djstripe.models.Invoice.objects.order_by("created", "id")
        assert {invoice.stripe_data["status"] for invoice in invoices} <= {"paid", "open"}
        assert djstripe.models.Event.objects.count() == len(messages)
    unknown = [call for call in shop.server.calls if call.status >= 400]
    assert unknown == []


def _process(message: Any, shop: Shop) -> str:
    """What dj-stripe says against a message; nothing when it is mirrored."""
    with platform_scope():
        try:
            djstripe.models.Event.process(data=json.loads(message.body), api_key=shop.server.secret_key)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return ""


def _lived(shop: Shop) -> str:
    """A customer who subscribes on the hosted page, changes, does not pay, and leaves."""
    v1 = shop.client.v1
    customer = shop.customer(card=None)
    v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": "FR12345678901"})
    params: Any = {
        "mode": "subscription",
        "customer": customer,
        "line_items": [{"price": shop.lite, "quantity": 1}],
        "success_url": "http://shop.test/",
        "subscription_data": {"default_tax_rates": [shop.vat]},
    }
    shop.server.fill_in(str(v1.checkout.sessions.create(params).url))
    subscription = v1.subscriptions.list({"customer": customer}).data[0]
    item = subscription["items"].data[0].id
    shop.server.advance(days=10)
    items: Any = [{"id": item, "price": shop.pro}, {"price": shop.option}]
    v1.subscriptions.update(subscription.id, {"items": items, "proration_behavior": "always_invoice"})
    v1.refunds.create({"charge": v1.charges.list({"customer": customer}).data[0].id, "amount": 500})
    shop.server.use_card(customer, "pm_card_chargeCustomerFail")
    shop.server.advance(days=60)
    return customer
