"""Prorations, taxes, balances: a preview equals the invoice that follows, to the cent, and the maths are Stripe's."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.conftest import START, Shop, item_ids
from tests.fakes.stripe import StripeServer, money

COMPARED = (
    "subtotal", "total", "total_excluding_tax", "amount_due", "starting_balance", "currency", "default_tax_rates",
    "period_start", "period_end", "customer_tax_exempt",
)  # fmt: skip


def said(invoice: stripe.Invoice) -> dict[str, Any]:
    """What a preview and its invoice must have in common: totals and lines."""
    value = invoice.to_dict(for_json=True)
    lines = [
        {name: line[name] for name in ("amount", "description", "quantity", "period", "pricing", "subtotal")}
        | {"taxes": line["taxes"]}
        for line in value["lines"]["data"]
    ]
    return {name: value[name] for name in COMPARED} | {"lines": lines, "taxes": value["total_taxes"]}


def test_an_upgrade_is_prorated_by_the_second(shop: Shop) -> None:
    """28 days between 31 January and 28 February; 14 days and one second have passed."""
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.server.advance(days=14, seconds=1)
    change: Any = {
        "items": [{"id": item_ids(subscription)[0], "price": shop.pro}],
        "proration_behavior": "always_invoice",
    }
    shop.client.v1.subscriptions.update(subscription.id, change)
    invoice = shop.invoices(customer)[-1]
    left = Fraction(14 * 86400 - 1, 28 * 86400)
    assert [line.amount for line in invoice.lines.data] == [-round(4900 * left), round(9900 * left)] == [-2450, 4950]
    assert (invoice.subtotal, invoice.total, invoice.status) == (2500, 3000, "paid")
    assert [line.taxes[0].amount for line in invoice.lines.data if line.taxes] == [-490, 990]


@pytest.fixture(scope="module")
def priced() -> Any:
    """One server for the examples of a property: a new customer is made for each."""
    with StripeServer(now=START) as server:
        client = server.client()
        yield server, client


@settings(max_examples=30)
@given(
    amounts=st.tuples(st.integers(1, 50_000), st.integers(1, 50_000), st.integers(0, 5_000)),
    quantities=st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 3)),
    seconds=st.integers(0, 27 * 86_400),
    rate=st.sampled_from([20.0, 8.5, 5.5]),
    balance=st.sampled_from([0, -250, -100_000, 375]),
    behaviour=st.sampled_from(["always_invoice", "create_prorations", "none"]),
)
def test_a_preview_is_the_invoice_that_follows(
    priced: Any,
    amounts: tuple[int, int, int],
    quantities: tuple[int, int, int],
    seconds: int,
    rate: float,
    balance: int,
    behaviour: str,
) -> None:
    server, client = priced
    prices = [_price(client, amount) for amount in amounts]
    tax: Any = {"display_name": "TVA", "percentage": rate, "inclusive": False}
    vat = client.v1.tax_rates.create(tax).id
    customer = client.v1.customers.create({"balance": balance}).id
    server.use_card(customer)
    subscription = client.v1.subscriptions.create(
        {
            "customer": customer,
            "items": [{"price": prices[0], "quantity": quantities[0]}],
            "default_tax_rates": [vat],
        }
    )
    server.advance(seconds=seconds)
    moment = int(server.now.timestamp())
    change: Any = {
        "items": [
            {"id": item_ids(subscription)[0], "price": prices[1], "quantity": quantities[1]},
            {"price": prices[2], "quantity": quantities[2]},
        ],
        "proration_behavior": behaviour,
    }
    if behaviour != "none":
        change["proration_date"] = moment
    before = (len(server.events()), len(server.account.all("invoice")))
    preview = client.v1.invoices.create_preview({"subscription": subscription.id, "subscription_details": change})
    assert (len(server.events()), len(server.account.all("invoice"))) == before, "a preview changes nothing"
    client.v1.subscriptions.update(subscription.id, change)
    if behaviour != "always_invoice":
        end = client.v1.subscriptions.retrieve(subscription.id)["items"].data[0].current_period_end
        server.advance(to=datetime.fromtimestamp(end, UTC))
    invoice = client.v1.invoices.list({"customer": customer, "limit": 1}).data[0]
    assert said(preview) == said(invoice)
    client.v1.subscriptions.cancel(subscription.id)


def _price(client: stripe.StripeClient, amount: int) -> str:
    params: Any = {
        "currency": "eur",
        "unit_amount": amount,
        "recurring": {"interval": "month"},
        "product_data": {"name": f"Offre à {amount}"},
    }
    return client.v1.prices.create(params).id


@given(amount=st.integers(0, 10**7), start=st.integers(1, 10**9), length=st.integers(1, 10**7), data=st.data())
def test_what_is_used_and_what_is_left_make_the_whole_within_a_cent(
    amount: int, start: int, length: int, data: st.DataObject
) -> None:
    at = start + data.draw(st.integers(0, length))
    left = money.prorated(Fraction(amount), at=at, start=start, end=start + length)
    used = money.prorated(Fraction(amount), at=start + (start + length - at), start=start, end=start + length)
    assert 0 <= left <= amount
    assert abs(left + used - amount) <= 1
    assert money.rounded(-Fraction(amount, 3)) == -money.rounded(Fraction(amount, 3))


def test_halves_are_rounded_away_from_zero() -> None:
    assert [money.rounded(Fraction(n, 2)) for n in (1, 3, 5, -1, -3)] == [1, 2, 3, -1, -2]
    assert (money.tax_of(1025, 20, inclusive=False), money.tax_of(1200, 20, inclusive=True)) == (205, 200)


@given(st.integers(946_684_800, 4_102_444_800), st.integers(1, 12), st.integers(0, 400))
def test_the_next_boundary_follows_and_keeps_the_day(start: int, months: int, days: int) -> None:
    anchor = datetime.fromtimestamp(start, UTC)
    after = start + days * 86_400
    boundary = money.next_boundary(start, months, after)
    assert boundary > after
    assert datetime.fromtimestamp(boundary, UTC).day in (anchor.day, 28, 29, 30)
    assert boundary - after <= (months + 1) * 31 * 86_400


def test_a_downgrade_leaves_a_credit_that_pays_the_next_invoices(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer, shop.pro)
    shop.server.advance(days=14)
    change: Any = {
        "items": [{"id": item_ids(subscription)[0], "price": shop.lite}],
        "proration_behavior": "always_invoice",
    }
    shop.client.v1.subscriptions.update(subscription.id, change)
    credit = shop.invoices(customer)[-1]
    assert (credit.total, credit.amount_due, credit.status, credit.ending_balance) == (-3000, 0, "paid", -3000)
    assert shop.client.v1.customers.retrieve(customer).balance == -3000
    shop.server.advance(days=15)
    renewal = shop.invoices(customer)[-1]
    assert (renewal.total, renewal.starting_balance, renewal.amount_paid, renewal.ending_balance) == (
        5880, -3000, 2880, 0,
    )  # fmt: skip
    moves = shop.client.v1.customers.balance_transactions.list(customer).data
    assert [(move.amount, move.type) for move in moves] == [(3000, "applied_to_invoice"), (-3000, "applied_to_invoice")]


def test_less_than_the_smallest_charge_waits_on_the_balance(shop: Shop) -> None:
    customer = shop.customer()
    cheap = _price(shop.client, 30)
    shop.subscribe(customer, cheap)
    first = shop.invoices(customer)[-1]
    assert (first.total, first.amount_due, first.status, first.ending_balance) == (36, 0, "paid", 36)
    assert shop.client.v1.customers.retrieve(customer).balance == 36
    shop.server.advance(days=29)
    second = shop.invoices(customer)[-1]
    assert (second.total, second.amount_due, second.amount_paid) == (36, 72, 72)


@pytest.mark.parametrize(("exempt", "reason"), [("reverse", "reverse_charge"), ("exempt", "customer_exempt")])
def test_no_vat_is_added_for_those_who_owe_it_themselves(shop: Shop, exempt: str, reason: str) -> None:
    customer = shop.customer(tax_exempt=exempt)
    shop.subscribe(customer)
    invoice = shop.invoices(customer)[-1]
    assert (invoice.total, invoice.total_excluding_tax) == (4900, 4900)
    assert invoice.total_taxes and invoice.total_taxes[0].taxability_reason == reason


def test_the_rate_of_a_subscription_changes_from_the_next_invoice(shop: Shop) -> None:
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.client.v1.subscriptions.update(subscription.id, {"default_tax_rates": ""})
    shop.server.advance(days=29)
    assert [invoice.total for invoice in shop.invoices(customer)] == [5880, 4900]


def test_a_proration_date_outside_of_the_period_is_refused(shop: Shop) -> None:
    subscription = shop.subscribe(shop.customer())
    late = int((shop.server.now + timedelta(days=40)).timestamp())
    change: Any = {"items": [{"id": item_ids(subscription)[0], "quantity": 2}], "proration_date": late}
    for call in (
        lambda: shop.client.v1.subscriptions.update(subscription.id, change),
        lambda: shop.client.v1.invoices.create_preview(
            {"subscription": subscription.id, "subscription_details": change}
        ),
    ):
        with pytest.raises(stripe.InvalidRequestError, match="outside of the subscription's current period"):
            call()


def test_the_preview_of_a_subscription_that_does_not_exist_yet(shop: Shop) -> None:
    preview = shop.client.v1.invoices.create_preview(
        {
            "customer": shop.customer(card=None),
            "subscription_details": {
                "items": [{"price": shop.lite}, {"price": shop.option, "quantity": 2}],
                "default_tax_rates": [shop.vat],
            },
        }
    )
    assert (preview.total, len(preview.lines.data)) == (8280, 2)
    assert shop.client.v1.subscriptions.list({"status": "all"}).data == []


def test_there_is_no_next_invoice_once_the_end_is_planned(shop: Shop) -> None:
    subscription = shop.subscribe(shop.customer())
    shop.client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.client.v1.invoices.create_preview({"subscription": subscription.id})
    assert refused.value.code == "invoice_upcoming_none"


def test_what_waits_is_invoiced_by_hand_or_at_the_end(shop: Shop) -> None:
    v1 = shop.client.v1
    customer = shop.customer()
    subscription = shop.subscribe(customer)
    shop.server.advance(days=7)
    v1.subscriptions.update(subscription.id, {"items": [{"price": shop.option}]})
    assert [item.amount for item in v1.invoice_items.list({"customer": customer, "pending": True}).data] == [750]
    made = v1.invoices.create({"customer": customer, "subscription": subscription.id})
    assert (made.status, made.total) == ("draft", 900)
    assert v1.invoices.pay(v1.invoices.finalize_invoice(made.id).id).status == "paid"
    v1.subscriptions.update(subscription.id, {"items": [{"id": item_ids(subscription)[0], "quantity": 2}]})
    v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    shop.server.advance(days=40)
    assert shop.read(subscription.id).status == "canceled"
    assert shop.invoices(customer)[-1].status == "paid"
    assert shop.invoices(customer)[-1].total == 4410


def test_an_invoice_by_hand_is_edited_then_voided(shop: Shop) -> None:
    v1 = shop.client.v1
    customer = shop.customer()
    v1.customers.update(customer, {"balance": -500})
    draft = v1.invoices.create({"customer": customer, "description": "Formation"})
    item: Any = {"customer": customer, "invoice": draft.id, "amount": 20000, "currency": "eur", "tax_rates": [shop.vat]}
    v1.invoice_items.create(item)
    final = v1.invoices.finalize_invoice(draft.id)
    assert (final.status, final.total, final.amount_due, final.description) == ("open", 24000, 23500, "Formation")
    assert v1.customers.retrieve(customer).balance == 0
    with pytest.raises(stripe.InvalidRequestError):
        v1.invoices.update(draft.id, {"description": "Autre"})
    assert v1.invoices.void_invoice(draft.id).status == "void"
    assert v1.customers.retrieve(customer).balance == -500, "the credit comes back"
    with pytest.raises(stripe.InvalidRequestError):
        v1.invoices.pay(draft.id)


def test_lines_are_read_by_pages(shop: Shop) -> None:
    v1 = shop.client.v1
    customer = shop.customer()
    draft = v1.invoices.create({"customer": customer})
    for number in range(12):
        v1.invoice_items.create({"customer": customer, "invoice": draft.id, "amount": number, "currency": "eur"})
    shown = v1.invoices.retrieve(draft.id)
    assert (len(shown.lines.data), shown.lines.has_more) == (10, True)
    found = [line.amount for line in v1.invoices.line_items.list(draft.id, {"limit": 5}).auto_paging_iter()]
    assert found == list(range(12))


def test_a_charge_is_refunded_in_parts_and_its_invoice_stays_paid(shop: Shop) -> None:
    v1 = shop.client.v1
    customer = shop.customer()
    shop.subscribe(customer)
    charge = v1.charges.list({"customer": customer}).data[0]
    assert v1.refunds.create({"charge": charge.id, "amount": 1000}).status == "succeeded"
    intent = str(charge.payment_intent)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        v1.refunds.create({"payment_intent": intent, "amount": 4881})
    assert v1.refunds.create({"payment_intent": intent}).amount == 4880
    shown = v1.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert (shown.amount_refunded, shown.refunded) == (5880, True)
    assert shown.refunds is not None and [refund.amount for refund in shown.refunds.data] == [4880, 1000]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        v1.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_already_refunded"
    assert shop.invoices(customer)[-1].status == "paid"
    assert len(shop.server.events("charge.refunded")) == 2
