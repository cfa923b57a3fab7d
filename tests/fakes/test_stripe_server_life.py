"""The life of a subscription on the local Stripe server, through the real package."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe

from tests.fakes.conftest import Shop, item_ids
from tests.fakes.stripe.settings import DAY


def day(moment: int) -> str:
    """The day of a timestamp."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"


def checkout(shop: Shop, customer: str, *prices: str, **data: Any) -> stripe.checkout.Session:
    """A payment page for these prices, with the French VAT."""
    params: Any = {
        "mode": "subscription",
        "customer": customer,
        "line_items": [{"price": price, "quantity": 1} for price in prices],
        "success_url": "http://shop.test/back?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/cancelled",
        "locale": "fr",
        "subscription_data": {"default_tax_rates": [shop.vat], **data},
    }
    return shop.client.v1.checkout.sessions.create(params)


def test_a_checkout_page_makes_a_paid_subscription(shop: Shop) -> None:
    customer = shop.customer(card=None)
    page = checkout(shop, customer, shop.lite, shop.option, metadata={"offer": "lite"})
    assert (page.amount_subtotal, page.amount_total, page.status, page.payment_status) == (5900, 7080, "open", "unpaid")
    assert shop.client.v1.subscriptions.list({"customer": customer, "status": "all"}).data == []
    assert shop.server.fill_in(str(page.url)) == f"http://shop.test/back?session={page.id}"
    done = shop.client.v1.checkout.sessions.retrieve(page.id, {"expand": ["line_items", "subscription.latest_invoice"]})
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert isinstance(done.subscription, stripe.Subscription)
    assert done.subscription.status == "active"
    assert done.subscription.metadata.to_dict() == {"offer": "lite"}
    assert done.subscription.default_payment_method is not None
    invoice = done.subscription.latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    assert (invoice.total, invoice.status, invoice.billing_reason) == (7080, "paid", "subscription_create")
    assert done.line_items is not None and [line.amount_total for line in done.line_items.data] == [5880, 1200]


@pytest.mark.parametrize("card", ["4000000000000002", "4000000000009995", "4111111111111111", "12"])
def test_a_refused_card_leaves_the_page_open_and_nothing_else(shop: Shop, card: str) -> None:
    customer = shop.customer(card=None)
    page = checkout(shop, customer, shop.lite)
    before = shop.server.events()
    assert shop.server.fill_in(str(page.url), card) is None
    assert shop.client.v1.checkout.sessions.retrieve(page.id).status == "open"
    assert shop.client.v1.subscriptions.list({"customer": customer, "status": "all"}).data == []
    assert shop.client.v1.customers.payment_methods.list(customer).data == []
    assert shop.server.events() == before
    assert shop.server.fill_in(str(page.url)) is not None


def test_a_card_that_asks_for_its_holder(shop: Shop) -> None:
    customer = shop.customer(card=None)
    page = checkout(shop, customer, shop.lite)
    assert shop.server.fill_in(str(page.url), "4000002500003155", accept=False) is None
    assert shop.client.v1.checkout.sessions.retrieve(page.id).status == "open"
    assert shop.server.fill_in(str(page.url), "4000002500003155") is not None
    shop.server.advance(days=30)
    assert [invoice.status for invoice in shop.invoices(customer)] == ["paid", "paid"], "it asks only once"


def test_a_decline_on_demand_is_used_up_by_one_try(shop: Shop) -> None:
    page = checkout(shop, shop.customer(card=None), shop.lite)
    shop.server.decline_next("insufficient_funds")
    assert shop.server.fill_in(str(page.url)) is None
    assert shop.server.fill_in(str(page.url)) is not None


def test_an_abandoned_page_expires(shop: Shop) -> None:
    page = checkout(shop, shop.customer(card=None), shop.lite)
    shop.server.advance(hours=24)
    assert shop.client.v1.checkout.sessions.retrieve(page.id).status == "expired"
    assert len(shop.server.events("checkout.session.expired")) == 1
    assert shop.server.fill_in(f"{shop.server.url}/c/pay/{page.id}") is None
    other = checkout(shop, shop.customer(card=None), shop.lite)
    assert shop.client.v1.checkout.sessions.expire(other.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.checkout.sessions.expire(other.id)


def test_a_page_that_only_keeps_a_card(shop: Shop) -> None:
    customer = shop.customer(card=None)
    params: Any = {"mode": "setup", "customer": customer, "currency": "eur", "success_url": "http://shop.test/ok"}
    page = shop.client.v1.checkout.sessions.create(params)
    assert shop.server.fill_in(str(page.url)) == "http://shop.test/ok"
    done = shop.client.v1.checkout.sessions.retrieve(page.id, {"expand": ["setup_intent.payment_method"]})
    assert isinstance(done.setup_intent, stripe.SetupIntent)
    assert done.setup_intent.status == "succeeded"
    assert isinstance(done.setup_intent.payment_method, stripe.PaymentMethod)
    assert done.setup_intent.payment_method.customer == customer
    assert len(shop.server.events("setup_intent.succeeded")) == 1


def test_it_renews_every_month_on_the_day_it_began(shop: Shop) -> None:
    """31 January, then the last day of the short months, then the 31st again."""
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.server.advance(days=125)
    assert [day(invoice.created) for invoice in shop.invoices(customer)] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31",
    ]  # fmt: skip
    assert {invoice.status for invoice in shop.invoices(customer)} == {"paid"}
    item = shop.read(subscription.id)["items"].data[0]
    assert (day(item.current_period_start), day(item.current_period_end)) == ("2026-05-31", "2026-06-30")
    assert [invoice.number for invoice in shop.invoices(customer)][-1].endswith("-0005")  # type: ignore[union-attr]


def test_a_renewal_is_a_draft_for_an_hour_and_takes_the_credit_that_waits(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    credit: Any = {
        "customer": customer,
        "subscription": subscription.id,
        "amount": -1000,
        "currency": "eur",
        "description": "Avoir : disponibilité de janvier",
    }
    shop.client.v1.invoice_items.create(credit)
    shop.server.advance(to=datetime(2026, 2, 28, 10, 30, tzinfo=UTC))
    draft = shop.invoices(customer)[-1]
    assert (draft.status, draft.number, draft.total, draft.hosted_invoice_url) == ("draft", None, 4680, None)
    assert [line.amount for line in draft.lines.data] == [4900, -1000]
    shop.client.v1.invoice_items.create({"customer": customer, "invoice": draft.id, "amount": 500, "currency": "eur"})
    shop.server.advance(hours=1)
    final = shop.invoices(customer)[-1]
    assert (final.status, final.total, final.amount_paid) == ("paid", 5280, 5280)


def test_the_next_invoice_is_announced_a_week_before(shop: Shop) -> None:
    shop.subscribe(shop.customer())
    shop.server.advance(days=20)
    assert shop.server.events("invoice.upcoming") == []
    shop.server.advance(days=2)
    announced = shop.server.events("invoice.upcoming")[0]["data"]["object"]
    assert (announced["amount_due"], "id" in announced) == (5880, False)


def test_it_ends_with_the_period_and_that_can_be_undone(shop: Shop) -> None:
    v1 = shop.client.v1
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    ending = v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    assert (ending.status, day(int(ending.cancel_at or 0))) == ("active", "2026-02-28")
    assert ending.cancellation_details and ending.cancellation_details.reason == "cancellation_requested"
    kept = v1.subscriptions.update(subscription.id, {"cancel_at_period_end": False})
    assert (kept.cancel_at, kept.canceled_at) == (None, None)
    v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    shop.server.advance(days=60)
    over = shop.read(subscription.id)
    assert (over.status, day(int(over.ended_at or 0))) == ("canceled", "2026-02-28")
    assert len(shop.invoices(customer)) == 1
    assert [event["type"] for event in shop.server.events()][-1] == "customer.subscription.deleted"
    assert v1.subscriptions.list({"customer": customer}).data == []
    assert v1.subscriptions.list({"customer": customer, "status": "all"}).data[0].id == subscription.id
    with pytest.raises(stripe.InvalidRequestError):
        v1.subscriptions.update(subscription.id, {"cancel_at_period_end": False})


def test_it_ends_at_once_when_asked(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.server.advance(days=14)
    over = shop.client.v1.subscriptions.cancel(subscription.id, {"prorate": True, "invoice_now": True})
    assert (over.status, over.ended_at) == ("canceled", int(shop.server.now.timestamp()))
    last = shop.invoices(customer)[-1]
    assert last.total < 0
    balance = shop.client.v1.customers.retrieve(customer).balance
    assert last.status == "draft" or balance == last.total
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.subscriptions.cancel(subscription.id)


def test_a_trial_ends_with_the_first_invoice(shop: Shop) -> None:
    customer = shop.customer()
    end = int((shop.server.now + timedelta(days=30)).timestamp())
    subscription = shop.subscribe(customer, trial_end=end)
    assert (subscription.status, subscription.trial_end) == ("trialing", end)
    assert [invoice.total for invoice in shop.invoices(customer)] == [0]
    shop.server.advance(days=28)
    assert len(shop.server.events("customer.subscription.trial_will_end")) == 1
    shop.server.advance(days=3)
    assert shop.read(subscription.id).status == "active"
    assert [(invoice.total, invoice.status) for invoice in shop.invoices(customer)] == [(0, "paid"), (5880, "paid")]


@pytest.mark.parametrize(("choice", "status"), [("cancel", "canceled"), ("pause", "paused")])
def test_a_trial_without_a_card_ends_as_chosen(shop: Shop, choice: str, status: str) -> None:
    customer = shop.customer(card=None)
    subscription = shop.subscribe(
        customer, trial_period_days=7, trial_settings={"end_behavior": {"missing_payment_method": choice}}
    )
    shop.server.advance(days=8)
    assert shop.read(subscription.id).status == status
    if choice == "pause":
        shop.server.use_card(customer)
        assert shop.client.v1.subscriptions.resume(subscription.id).status == "active"
        assert shop.invoices(customer)[-1].status == "paid"


def test_the_first_payment_decides(shop: Shop) -> None:
    v1 = shop.client.v1
    failing = shop.customer(card="pm_card_chargeCustomerFail")
    subscription = shop.subscribe(failing)
    assert subscription.status == "incomplete"
    invoice = subscription.latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    with pytest.raises(stripe.CardError):
        v1.invoices.pay(invoice.id)
    shop.server.use_card(failing)
    assert v1.invoices.pay(invoice.id).status == "paid"
    assert shop.read(subscription.id).status == "active"
    abandoned = shop.subscribe(shop.customer(card="pm_card_chargeCustomerFail"))
    shop.server.advance(hours=24)
    assert shop.read(abandoned.id).status == "incomplete_expired"
    latest = shop.read(abandoned.id).latest_invoice
    assert isinstance(latest, stripe.Invoice) and latest.status == "void"


def test_without_any_card_a_subscription_is_refused(shop: Shop) -> None:
    customer = shop.customer(card=None)
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        shop.subscribe(customer)
    assert shop.client.v1.subscriptions.list({"customer": customer, "status": "all"}).data == []
    waiting = shop.subscribe(customer, payment_behavior="default_incomplete")
    assert waiting.status == "incomplete"


def test_a_change_without_proration_counts_from_the_next_invoice(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    params: Any = {"items": [{"id": item_ids(subscription)[0], "price": shop.pro}], "proration_behavior": "none"}
    shop.client.v1.subscriptions.update(subscription.id, params)
    assert len(shop.invoices(customer)) == 1
    shop.server.advance(days=30)
    assert shop.invoices(customer)[-1].total == 11880


def test_items_are_added_and_removed(shop: Shop) -> None:
    v1 = shop.client.v1
    subscription = shop.subscribe(shop.customer())
    plan = item_ids(subscription)[0]
    v1.subscriptions.update(subscription.id, {"items": [{"price": shop.option, "quantity": 3}]})
    both = shop.read(subscription.id)
    assert [item.quantity for item in both["items"].data] == [1, 3]
    with pytest.raises(stripe.InvalidRequestError, match="same plan"):
        v1.subscriptions.update(subscription.id, {"items": [{"price": shop.option}]})
    with pytest.raises(stripe.InvalidRequestError, match="at least one active plan"):
        v1.subscriptions.update(subscription.id, {"items": [{"id": one, "deleted": True} for one in item_ids(both)]})
    assert item_ids(shop.read(subscription.id)) == item_ids(both), "a refused change changes nothing"
    v1.subscription_items.update(item_ids(both)[1], {"quantity": 5})
    v1.subscription_items.delete(item_ids(both)[1])
    assert item_ids(shop.read(subscription.id)) == [plan]


def test_a_yearly_price_starts_a_new_cycle(shop: Shop) -> None:
    v1 = shop.client.v1
    yearly = v1.prices.create(
        {
            "product": v1.prices.retrieve(shop.lite).product,  # type: ignore[typeddict-item]
            "currency": "eur",
            "unit_amount": 49000,
            "recurring": {"interval": "year"},
        }
    ).id
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.server.advance(days=14)
    v1.subscriptions.update(subscription.id, {"items": [{"id": item_ids(subscription)[0], "price": yearly}]})
    invoice = shop.invoices(customer)[-1]
    assert [line.amount for line in invoice.lines.data] == [49000, -2450]
    end = shop.read(subscription.id)["items"].data[0].current_period_end
    assert day(end) == "2027-02-14"


def test_a_deleted_customer_takes_its_subscription_away(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    assert shop.client.v1.customers.delete(customer).deleted is True
    assert shop.read(subscription.id).status == "canceled"
    assert shop.client.v1.customers.retrieve(customer).deleted is True
    shop.server.advance(days=40)
    assert len(shop.server.events("invoice.created")) == 1


def test_the_clock_stands_still_until_it_is_moved(shop: Shop) -> None:
    before = shop.server.now
    assert shop.client.v1.products.create({"name": "X"}).created == int(before.timestamp())
    assert shop.server.now == before
    with pytest.raises(ValueError, match="does not go back"):
        shop.server.advance(to=before - timedelta(seconds=1))
    shop.server.advance(days=2)
    assert int(shop.server.now.timestamp()) == int(before.timestamp()) + 2 * DAY
