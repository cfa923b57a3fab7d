"""A change that waits for its payment, as `pending_if_incomplete` asks, through the real package."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from tests.fakes.conftest import Shop
from tests.fakes.stripe.settings import HOUR


def _upgrade(shop: Shop, subscription: str, **params: Any) -> stripe.Subscription:
    item = shop.read(subscription)["items"].data[0].id
    asked: Any = {
        "items": [{"id": item, "price": shop.pro}],
        "proration_behavior": "always_invoice",
        "payment_behavior": "pending_if_incomplete",
        "expand": ["latest_invoice"],
        **params,
    }
    return shop.client.v1.subscriptions.update(subscription, asked)


def _waiting(shop: Shop) -> tuple[str, Any]:
    """A subscription to Lite whose upgrade waits for the bank."""
    customer = shop.customer()
    subscription = shop.subscribe(customer).id
    shop.server.advance(days=10)
    shop.server.use_card(customer, "pm_card_authenticationRequired")
    return customer, _upgrade(shop, subscription)


def test_a_change_whose_payment_waits_for_the_bank_changes_nothing_yet(shop: Shop) -> None:
    customer, found = _waiting(shop)
    assert (found.status, found["items"].data[0].price.id) == ("active", shop.lite)
    assert found.pending_update.expires_at == int(shop.server.now.timestamp()) + 23 * HOUR
    assert [item.price.id for item in found.pending_update.subscription_items] == [shop.pro]
    assert (found.latest_invoice.status, len(shop.invoices(customer))) == ("open", 2)
    params: Any = {"invoice": found.latest_invoice.id, "expand": ["data.payment.payment_intent"]}
    [payment] = shop.client.v1.invoice_payments.list(params).data
    assert payment.payment.payment_intent.status == "requires_action"  # type: ignore[union-attr]
    assert len(shop.server.events("invoice.payment_action_required")) == 1
    assert not shop.client.v1.customers.retrieve(customer).delinquent


def test_its_payment_makes_it_take_place_once(shop: Shop) -> None:
    customer, found = _waiting(shop)
    assert shop.server.fill_in(str(found.latest_invoice.hosted_invoice_url), "4000002760003184", accept=False) is None
    assert shop.read(found.id).pending_update is not None
    shop.server.fill_in(str(found.latest_invoice.hosted_invoice_url), "4000002760003184")
    changed = shop.read(found.id)
    assert (changed.pending_update, changed["items"].data[0].price.id) == (None, shop.pro)
    assert changed["items"].data[0].id == found["items"].data[0].id
    assert [invoice.status for invoice in shop.invoices(customer)] == ["paid", "paid"]
    assert len(shop.server.events("customer.subscription.pending_update_applied")) == 1
    shop.server.advance(to=datetime(2026, 2, 28, 12, tzinfo=UTC))
    assert shop.invoices(customer)[-1].total == 11880


@pytest.mark.parametrize("way", ["time", "void", "another"])
def test_it_is_forgotten_in_time_by_a_void_or_by_another_change(shop: Shop, way: str) -> None:
    customer, found = _waiting(shop)
    if way == "time":
        shop.server.advance(hours=22, minutes=59)
        assert shop.read(found.id).pending_update is not None
        shop.server.advance(minutes=1)
    elif way == "void":
        shop.client.v1.invoices.void_invoice(found.latest_invoice.id)
    else:
        shop.server.use_card(customer, "pm_card_visa")
        again = _upgrade(shop, found.id)
        assert again["items"].data[0].price.id == shop.pro
    after = shop.read(found.id)
    assert after.pending_update is None
    assert shop.client.v1.invoices.retrieve(found.latest_invoice.id).status == "void"
    assert len(shop.server.events("customer.subscription.pending_update_expired")) == (0 if way == "void" else 1)
    if way != "another":
        assert after["items"].data[0].price.id == shop.lite
        assert after.status == "active"


def test_a_change_that_costs_nothing_or_that_the_card_pays_does_not_wait(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer).id
    shop.server.advance(days=10)
    up = _upgrade(shop, subscription)
    assert (up.pending_update, up["items"].data[0].price.id) == (None, shop.pro)
    shop.server.use_card(customer, "pm_card_authenticationRequired")
    down = _upgrade(shop, subscription, items=[{"id": up["items"].data[0].id, "price": shop.lite}])
    assert (down.pending_update, down["items"].data[0].price.id) == (None, shop.lite)


@pytest.mark.parametrize(
    "params", [{"metadata": {"a": "b"}}, {"default_tax_rates": ""}, {"items": [{"id": "si", "deleted": True}]}]
)
def test_what_cannot_wait_is_refused(shop: Shop, params: dict[str, Any]) -> None:
    subscription = shop.subscribe(shop.customer()).id
    with pytest.raises(stripe.InvalidRequestError, match="only update supported params"):
        _upgrade(shop, subscription, **params)
