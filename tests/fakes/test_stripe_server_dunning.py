"""Unpaid invoices on the local Stripe server: attempts, states, repair."""

from datetime import UTC, datetime

import pytest
import stripe

from tests.fakes.conftest import Shop
from tests.fakes.stripe.settings import DAY


def unpaid(shop: Shop) -> tuple[str, str]:
    """A customer whose second month is not paid, and the subscription."""
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.server.use_card(customer, "pm_card_chargeCustomerFail")
    shop.server.advance(to=datetime(2026, 2, 28, 11, tzinfo=UTC))
    return customer, subscription.id


def test_a_failed_renewal_is_past_due_and_tried_again(shop: Shop) -> None:
    customer, subscription = unpaid(shop)
    assert shop.read(subscription).status == "past_due"
    invoice = shop.invoices(customer)[-1]
    failed_at = int(shop.server.now.timestamp())
    assert (invoice.status, invoice.attempt_count, invoice.attempted) == ("open", 1, True)
    assert invoice.next_payment_attempt == failed_at + 3 * DAY
    assert shop.client.v1.customers.retrieve(customer).delinquent is True
    shop.server.advance(days=3)
    second = shop.invoices(customer)[-1]
    assert (second.attempt_count, second.next_payment_attempt) == (2, failed_at + 8 * DAY)
    shop.server.use_card(customer)
    shop.server.advance(days=5)
    paid = shop.invoices(customer)[-1]
    assert (paid.status, paid.attempt_count, paid.next_payment_attempt) == ("paid", 3, None)
    assert shop.read(subscription).status == "active"
    assert shop.client.v1.customers.retrieve(customer).delinquent is False


@pytest.mark.parametrize("choice", ["cancel", "unpaid", "past_due"])
def test_once_the_attempts_are_over_the_settings_decide(shop: Shop, choice: str) -> None:
    shop.server.settings.after_retries = choice  # type: ignore[assignment]
    customer, subscription = unpaid(shop)
    shop.server.advance(days=3 + 5 + 7)
    final = shop.read(subscription)
    assert final.status == {"cancel": "canceled"}.get(choice, choice)
    invoice = shop.invoices(customer)[-1]
    assert (invoice.status, invoice.attempt_count, invoice.next_payment_attempt) == ("open", 4, None)
    assert len(shop.server.events("invoice.payment_failed")) == 4
    if choice == "cancel":
        assert final.cancellation_details and final.cancellation_details.reason == "payment_failed"
        assert len(shop.server.events("customer.subscription.deleted")) == 1
    shop.server.advance(days=31)
    last = shop.invoices(customer)[-1]
    expected = {"cancel": "open", "unpaid": "draft", "past_due": "open"}[choice]
    assert (last.status, len(shop.invoices(customer))) == (expected, 2 if choice == "cancel" else 3)


def test_an_unpaid_subscription_is_restored_by_its_last_invoice(shop: Shop) -> None:
    shop.server.settings.after_retries = "unpaid"
    customer, subscription = unpaid(shop)
    shop.server.advance(days=16)
    shop.server.use_card(customer)
    shop.client.v1.invoices.pay(shop.invoices(customer)[-1].id)
    assert shop.read(subscription).status == "active"


def test_paying_on_the_hosted_page_repairs_at_once(shop: Shop) -> None:
    customer, subscription = unpaid(shop)
    url = str(shop.invoices(customer)[-1].hosted_invoice_url)
    assert shop.server.fill_in(url, "4000000000000002") is None
    assert shop.read(subscription).status == "past_due"
    assert shop.server.fill_in(url, "4000002760003184", accept=False) is None
    assert shop.server.fill_in(url) == url
    assert shop.read(subscription).status == "active"
    shop.server.advance(days=31)
    assert shop.invoices(customer)[-1].status == "paid", "the new card pays the next ones"


def test_paying_by_the_api_says_why_it_is_refused(shop: Shop) -> None:
    customer, _subscription = unpaid(shop)
    invoice = shop.invoices(customer)[-1]
    with pytest.raises(stripe.CardError) as refused:
        shop.client.v1.invoices.pay(invoice.id)
    assert (refused.value.code, refused.value.http_status) == ("card_declined", 402)
    assert refused.value.user_message == "Your card was declined."
    assert refused.value.error and refused.value.error.decline_code == "generic_decline"
    shop.server.decline_next("insufficient_funds")
    with pytest.raises(stripe.CardError, match="insufficient funds"):
        shop.client.v1.invoices.pay(invoice.id)
    assert shop.client.v1.invoices.pay(invoice.id, {"paid_out_of_band": True}).status == "paid"
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        shop.client.v1.invoices.pay(invoice.id)


def test_a_bank_that_asks_for_the_holder_at_each_renewal(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.server.use_card(customer, "pm_card_authenticationRequired")
    shop.server.advance(to=datetime(2026, 2, 28, 11, tzinfo=UTC))
    assert shop.read(subscription.id).status == "past_due"
    assert len(shop.server.events("invoice.payment_action_required")) == 1
    assert shop.server.fill_in(str(shop.invoices(customer)[-1].hosted_invoice_url), "4000002760003184") is not None
    assert shop.read(subscription.id).status == "active"


def test_a_change_whose_payment_fails(shop: Shop) -> None:
    """`error_if_incomplete` changes nothing; otherwise the change holds and its invoice is unpaid."""
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.server.advance(days=10)
    item = subscription["items"].data[0].id
    events = len(shop.server.events())
    shop.server.decline_next()
    with pytest.raises(stripe.CardError):
        shop.client.v1.subscriptions.update(
            subscription.id,
            {
                "items": [{"id": item, "price": shop.pro}],
                "proration_behavior": "always_invoice",
                "payment_behavior": "error_if_incomplete",
            },
        )
    assert shop.read(subscription.id)["items"].data[0].price.id == shop.lite
    assert (len(shop.invoices(customer)), len(shop.server.events())) == (1, events)
    shop.server.decline_next()
    changed = shop.client.v1.subscriptions.update(
        subscription.id, {"items": [{"id": item, "price": shop.pro}], "proration_behavior": "always_invoice"}
    )
    assert changed["items"].data[0].price.id == shop.pro
    assert shop.read(subscription.id).status == "past_due"
    assert shop.invoices(customer)[-1].status == "open"


def test_a_voided_invoice_no_longer_blocks(shop: Shop) -> None:
    customer, subscription = unpaid(shop)
    shop.client.v1.invoices.void_invoice(shop.invoices(customer)[-1].id)
    assert shop.read(subscription).status == "active"
    uncollected, other = unpaid_again(shop)
    marked = shop.client.v1.invoices.mark_uncollectible(shop.invoices(uncollected)[-1].id)
    assert marked.status == "uncollectible"
    shop.server.advance(days=10)
    assert shop.read(other).status == "past_due"


def unpaid_again(shop: Shop) -> tuple[str, str]:
    """Another customer in the same case, from the present day on."""
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.server.use_card(customer, "pm_card_chargeCustomerFail")
    shop.server.advance(days=32)
    return customer, subscription.id
