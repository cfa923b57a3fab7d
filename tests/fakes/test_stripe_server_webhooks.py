"""Webhooks of the local Stripe server: signed, in order, retried; held, doubled, reversed, forged on demand."""

import time
from typing import Any

import pytest
import stripe

from tests.fakes.conftest import SECRET, Inbox, Shop
from tests.fakes.stripe.settings import API_VERSION
from tests.fakes.stripe.webhooks import sign


def listen(shop: Shop, inbox: Inbox, *types: str) -> None:
    """Tell the inbox of these events, or of all."""
    shop.server.add_endpoint(inbox.url, secret=SECRET, enabled_events=list(types) or None)


def subscribed(shop: Shop) -> str:
    """A subscription made on the hosted page."""
    customer = shop.customer(card=None)
    params: Any = {
        "mode": "subscription",
        "customer": customer,
        "line_items": [{"price": shop.lite, "quantity": 1}],
        "success_url": "http://shop.test/",
    }
    shop.server.fill_in(str(shop.client.v1.checkout.sessions.create(params).url))
    return shop.client.v1.subscriptions.list({"customer": customer}).data[0].id


def test_the_life_of_a_subscription_is_told_in_order(shop: Shop, inbox: Inbox) -> None:
    listen(shop, inbox)
    subscription = subscribed(shop)
    shop.client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    shop.server.advance(days=30)
    shop.server.webhooks.flush()
    heard = inbox.types()
    story = [
        "customer.created", "invoice.created", "customer.subscription.created", "invoice.finalized",
        "charge.succeeded", "invoice.paid", "invoice.payment_succeeded", "payment_method.attached",
        "checkout.session.completed", "customer.subscription.updated", "customer.subscription.deleted",
    ]  # fmt: skip
    positions = [heard.index(type) for type in story if type != "customer.subscription.updated"]
    assert positions == sorted(positions)
    assert "customer.subscription.updated" in heard[heard.index("checkout.session.completed") :]
    assert inbox.refused == []
    assert all(event.api_version == API_VERSION for event in inbox.events)
    ended = inbox.events[-1].data.object
    assert isinstance(ended, stripe.Subscription) and (ended.id, ended.status) == (subscription, "canceled")


def test_an_update_says_what_was_there_before(shop: Shop, inbox: Inbox) -> None:
    listen(shop, inbox, "customer.updated")
    customer = shop.customer(card=None)
    shop.client.v1.customers.update(customer, {"name": "Laquage du Rhône"})
    shop.client.v1.customers.update(customer, {"name": "Laquage du Rhône"})
    shop.server.webhooks.flush()
    (update,) = inbox.events
    assert update.to_dict()["data"]["previous_attributes"] == {"name": "Atelier Vulcain"}
    assert update.to_dict()["request"]["id"].startswith("req_")


def test_only_what_was_asked_for_is_told(shop: Shop, inbox: Inbox) -> None:
    listen(shop, inbox, "invoice.paid", "customer.subscription.created")
    subscribed(shop)
    shop.server.webhooks.flush()
    assert inbox.types() == ["customer.subscription.created", "invoice.paid"]


def test_an_endpoint_made_by_the_api_has_a_secret_shown_once(shop: Shop, inbox: Inbox) -> None:
    v1 = shop.client.v1
    made = v1.webhook_endpoints.create(
        {"url": inbox.url, "enabled_events": ["product.created"], "api_version": "2026-08-26.dahlia"}
    )
    assert made.secret is not None and made.secret.startswith("whsec_")
    assert "secret" not in v1.webhook_endpoints.retrieve(made.id).to_dict()
    with pytest.raises(stripe.InvalidRequestError):
        v1.webhook_endpoints.create({"url": inbox.url, "enabled_events": ["*"], "api_version": "2024-06-20"})
    v1.products.create({"name": "Un"})
    (message,) = _waiting_or_sent(shop)
    assert message.type == "product.created"
    v1.webhook_endpoints.update(made.id, {"disabled": True})
    v1.products.create({"name": "Deux"})
    v1.webhook_endpoints.delete(made.id)
    assert v1.webhook_endpoints.list().data == []
    shop.server.webhooks.flush()
    assert len(inbox.refused) <= 1, "its secret is not the inbox's; nothing else was sent"


def _waiting_or_sent(shop: Shop) -> list[Any]:
    shop.server.webhooks.flush()
    return shop.server.webhooks.attempts


def test_a_failed_delivery_is_tried_again_then_given_up(shop: Shop, inbox: Inbox) -> None:
    shop.server.settings.webhook_retry_seconds = (0.0, 0.0)
    inbox.answers = [500, 302]
    listen(shop, inbox, "product.created")
    product = shop.client.v1.products.create({"name": "Un"})
    _settled(shop)
    assert [attempt.status for attempt in shop.server.webhooks.attempts] == [500, 302, 200]
    assert shop.client.v1.events.list({"type": "product.created"}).data[0].pending_webhooks == 0
    inbox.answers = [500, 500, 500, 200]
    shop.client.v1.products.create({"name": "Deux"})
    _settled(shop)
    assert [attempt.status for attempt in shop.server.webhooks.attempts[3:]] == [500, 500, 500]
    assert [event.data.object["id"] for event in inbox.events] == [product.id]


def _settled(shop: Shop) -> None:
    """Wait until nothing is left, retries included."""
    deadline = time.monotonic() + 20
    while shop.server.account.deliveries and time.monotonic() < deadline:
        shop.server.webhooks.retry_now()
        shop.server.webhooks.flush()
    shop.server.webhooks.flush()


def test_an_address_that_does_not_answer_is_tried_later(shop: Shop) -> None:
    shop.server.add_endpoint("http://127.0.0.1:9/nobody")
    shop.client.v1.products.create({"name": "Un"})
    shop.server.webhooks.flush()
    assert [attempt.status for attempt in shop.server.webhooks.attempts] == [0]
    assert len(shop.server.account.deliveries) == 1


@pytest.mark.parametrize("order", ["as_happened", "reversed"])
def test_deliveries_are_held_then_released(shop: Shop, inbox: Inbox, order: str) -> None:
    listen(shop, inbox, "product.created")
    shop.server.webhooks.hold()
    names = ["Un", "Deux", "Trois"]
    for name in names:
        shop.client.v1.products.create({"name": name})
    shop.server.webhooks.flush()
    assert inbox.events == []
    shop.server.webhooks.release(order=order)
    shop.server.webhooks.flush()
    heard = [event.data.object["name"] for event in inbox.events]
    assert heard == (names if order == "as_happened" else names[::-1])


def test_deliveries_are_doubled_and_replayed(shop: Shop, inbox: Inbox) -> None:
    listen(shop, inbox, "product.created")
    shop.server.webhooks.hold()
    shop.client.v1.products.create({"name": "Un"})
    shop.server.webhooks.duplicate()
    shop.server.webhooks.release()
    shop.server.webhooks.flush()
    assert len({event.id for event in inbox.events}) == 1 and len(inbox.events) == 2
    shop.server.webhooks.replay(inbox.events[0].id)
    shop.server.webhooks.flush()
    assert len(inbox.events) == 3


def test_a_test_may_post_the_messages_itself(shop: Shop, inbox: Inbox) -> None:
    listen(shop, inbox, "product.created")
    shop.server.webhooks.hold()
    shop.client.v1.products.create({"name": "Un"})
    (message,) = shop.server.webhooks.take()
    assert (message.url, message.type) == (inbox.url, "product.created")
    event = stripe.Webhook.construct_event(message.body, message.headers["Stripe-Signature"], SECRET)
    assert event.data.object["name"] == "Un"
    shop.server.webhooks.release()
    shop.server.webhooks.flush()
    assert inbox.events == []


def test_forged_and_stale_messages_are_refused(shop: Shop, inbox: Inbox) -> None:
    listen(shop, inbox)
    shop.client.v1.products.create({"name": "Un"})
    shop.server.webhooks.flush()
    event = shop.server.events()[-1]
    hooks = shop.server.webhooks
    assert hooks.deliver(hooks.forged(event, url=inbox.url)) == 400
    assert hooks.deliver(hooks.forged(event, url=inbox.url, secret=SECRET, age=600)) == 400
    assert hooks.deliver(hooks.forged(event, url=inbox.url, secret=SECRET)) == 200
    assert len(inbox.refused) == 2
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(b"{}", sign(b"{ }", SECRET), SECRET)


def test_events_are_kept_as_they_were(shop: Shop) -> None:
    v1 = shop.client.v1
    customer = shop.customer(card=None)
    v1.customers.update(customer, {"name": "Autre"})
    created = v1.events.list({"type": "customer.created"}).data[0]
    assert v1.events.retrieve(created.id).data.object["name"] == "Atelier Vulcain"
    assert len(v1.events.list({"types": ["customer.created", "customer.updated"]}).data) == 2
