"""Previews: the change is really made, in a copy of the account that is then forgotten."""

from typing import Any

from .catalog import check_tax_rates
from .customers import full_address
from .errors import StripeRefusal, missing_param
from .invoices import draft_invoice
from .lines import add_item, add_up, item_amount, pending_items
from .routes import Call, route
from .standing import OVER
from .state import Account, Object
from .subscribing import items_of, renew, start_subscription
from .subscriptions import apply_update, start_of

_CHANGES = (
    *("items.id", "items.price", "items.quantity", "items.deleted", "items.metadata", "items.tax_rates"),
    *("proration_behavior", "proration_date", "billing_cycle_anchor", "trial_end"),
    *("cancel_at_period_end", "cancel_at", "default_tax_rates"),
)
DETAILS = " ".join(f"subscription_details.{name}" for name in _CHANGES)


@route(
    "POST",
    "/v1/invoices/create_preview",
    "InvoiceCreatePreviewParams",
    f"customer subscription preview_mode currency customer_details.address customer_details.tax_exempt {DETAILS} "
    "invoice_items.amount invoice_items.currency invoice_items.description invoice_items.quantity "
    "invoice_items.pricing.price invoice_items.unit_amount_decimal invoice_items.tax_rates invoice_items.metadata "
    "automatic_tax.enabled",
)
def create_preview(call: Call) -> Object:
    """The next invoice, or the one that the change would make at once; nothing is kept."""
    account = call.account
    subscription = call.get("subscription")
    customer = call.get("customer")
    if subscription:
        found = account.get("subscription", subscription, param="subscription")
        customer = customer or found["customer"]
        if found["status"] in OVER:
            raise _nothing(customer)
    elif call.has("subscription_details") and not customer and not call.has("customer_details"):
        raise missing_param("customer")
    return {"_preview": upcoming_invoice(account, customer, subscription, call.params)}


def upcoming_invoice(account: Account, customer: str | None, subscription: str | None, given: Object) -> Object:
    """The invoice as it is shown, with an identifier of its own that cannot be retrieved."""
    with account.sandbox():
        who = _customer(account, customer, given.get("customer_details", {}))
        for item in given.get("invoice_items", []):
            _add_item(account, who, item, subscription)
        if subscription:
            invoice = _of_subscription(account, account.get("subscription", subscription), given)
        elif given.get("subscription_details", {}).get("items"):
            invoice = _of_new(account, who, given["subscription_details"])
        else:
            invoice = _of_pending(account, who)
        if given.get("preview_mode") == "recurring":
            _only_recurring(account, invoice)
        shown: Object = account.render(invoice)
    return {**shown, "id": f"upcoming_in_{shown['id'].removeprefix('in_')}"}


def _customer(account: Account, identifier: str | None, details: Object) -> Object:
    if identifier:
        customer = account.get("customer", identifier, param="customer")
    else:
        empty = {"default_payment_method": None}
        customer = account.add(
            "customer",
            balance=0,
            invoice_prefix="PREVIEW",
            invoice_settings=empty,
            metadata={},
            next_invoice_sequence=1,
            preferred_locales=[],
            tax_exempt="none",
        )
    if "tax_exempt" in details:
        customer["tax_exempt"] = details["tax_exempt"] or "none"
    if "address" in details:
        customer["address"] = full_address(details["address"])
    return customer


def _add_item(account: Account, customer: Object, given: Object, subscription: str | None) -> None:
    amount, pricing, quantity = item_amount(account, given)
    add_item(
        account,
        customer,
        amount,
        description=given.get("description"),
        metadata=given.get("metadata"),
        pricing=pricing,
        quantity=quantity,
        tax_rates=check_tax_rates(account, given.get("tax_rates"), "invoice_items[tax_rates]"),
        subscription=subscription,
    )


def _of_subscription(account: Account, subscription: Object, given: Object) -> Object:
    """The invoice of the change if it makes one, else the next renewal."""
    details: dict[str, Any] = given.get("subscription_details", {})
    invoice = apply_update(account, subscription, details) if details else None
    if invoice is not None:
        return invoice
    if details.get("proration_behavior") == "always_invoice" and subscription["status"] != "trialing":
        raise _nothing(subscription["customer"])
    moment = subscription["cancel_at"]
    if moment and moment <= subscription["_end"]:
        customer = account.get("customer", subscription["customer"])
        items = pending_items(account, customer["id"], subscription["id"])
        if not items:
            raise _nothing(customer["id"])
        account.clock.frozen_at = moment
        period = (subscription["_start"], moment)
        return draft_invoice(
            account,
            customer,
            reason="upcoming",
            lines=[],
            items=items,
            subscription=subscription,
            period=period,
        )
    account.clock.frozen_at = max(account.now, subscription["_end"])
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
    return renew(account, subscription, at=subscription["_end"], reason="upcoming")


def _of_new(account: Account, customer: Object, details: Object) -> Object:
    subscription = start_subscription(account, start_of(account, customer, details))
    return account.get("invoice", subscription["latest_invoice"])


def _of_pending(account: Account, customer: Object) -> Object:
    """Without more words: the customer's next renewal, else its pending items."""
    for subscription in account.all("subscription", customer=customer["id"], ended_at=None):
        if items_of(account, subscription):
            return _of_subscription(account, subscription, {})
    items = pending_items(account, customer["id"], None)
    if not items:
        raise _nothing(customer["id"])
    return draft_invoice(account, customer, reason="upcoming", lines=[], items=items)


def _only_recurring(account: Account, invoice: Object) -> None:
    invoice["_lines"] = [line for line in invoice["_lines"] if line["parent"]["type"] == "subscription_item_details"]
    add_up(account, invoice)


def _nothing(customer: str | None) -> StripeRefusal:
    return StripeRefusal(f"No upcoming invoices for customer: {customer}", status=404, code="invoice_upcoming_none")
