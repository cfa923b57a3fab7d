"""Changes of a subscription."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import stripe

from ..errors import PaymentRefusedError
from ..remote import EUROS, Preview, PreviewLine, WantedItem
from .speaking import asking, client, euros, in_cents, once, refused


def preview_change(*, subscription_id: str, items: Iterable[WantedItem], at: datetime, prorate: bool) -> Preview:
    """The invoice that this change would produce at this moment; nothing changes."""
    params: Any = {
        "subscription": subscription_id,
        "subscription_details": {"items": [_wanted(item) for item in items], **_proration(prorate, at)},
    }
    with asking():
        invoice = client().v1.invoices.create_preview(params)
    excl_tax = invoice.total if invoice.total_excluding_tax is None else invoice.total_excluding_tax
    return Preview(
        at=at,
        lines=tuple(PreviewLine(line.description or "", euros(line.amount)) for line in invoice.lines.data),
        total_excl_tax=euros(excl_tax),
        tax=euros(invoice.total - excl_tax),
        total=euros(invoice.total),
        amount_due=euros(invoice.amount_due),
    )


def change_items(*, subscription_id: str, items: Iterable[WantedItem], at: datetime, prorate: bool, key: str) -> str:
    """Change what is subscribed, at the moment of the preview: "" when it is done.

    When the bank wants to hear the holder of the card, nothing has changed yet and the answer is the page where it
    does; the change then waits for its payment, at most 23 hours. PaymentRefusedError leaves everything as it was.
    Stripe lets no removal wait: with such a bank, what is removed is removed first (it owes nothing, and is taken off
    what the rest owes), and the rest waits.
    """
    wanted = list(items)
    update = partial(_update, subscription_id, prorate=prorate, at=at)
    if all(item.quantity for item in wanted):
        with asking():
            update(wanted, waits=True, key=key)
            return _page_of_bank(subscription_id, key)
    drop_pending(subscription_id=subscription_id, key=key)
    try:
        with asking():
            update(wanted, waits=False, key=key)
            return ""
    except PaymentRefusedError as refusal:
        if not refusal.wants_holder:
            raise
    with asking():
        update([item for item in wanted if not item.quantity], waits=False, key=f"{key}-removed")
        update([item for item in wanted if item.quantity], waits=True, key=f"{key}-rest")
        return _page_of_bank(subscription_id, key)


def _update(
    subscription_id: str, items: list[WantedItem], *, waits: bool, prorate: bool, at: datetime, key: str
) -> None:
    params: Any = {
        "items": [_wanted(item) for item in items],
        "payment_behavior": "pending_if_incomplete" if waits else "error_if_incomplete",
        **_proration(prorate, at),
    }
    client().v1.subscriptions.update(subscription_id, params, once(key))


def _page_of_bank(subscription_id: str, key: str) -> str:
    """Where the holder is heard; a card that was plainly refused leaves nothing behind."""
    found: Any = client().v1.subscriptions.retrieve(subscription_id, {"expand": ["latest_invoice"]})
    if not found.pending_update:
        return ""
    invoice = found.latest_invoice
    refusal = _refusal_of(invoice.id)
    if refusal is None:
        return str(invoice.hosted_invoice_url)
    client().v1.invoices.void_invoice(invoice.id, None, once(f"{key}-void"))
    raise refusal


def _refusal_of(invoice_id: str) -> PaymentRefusedError | None:
    """What the bank answered to the payment of an invoice; None while it waits for the holder."""
    params: Any = {"invoice": invoice_id, "limit": 1, "expand": ["data.payment.payment_intent"]}
    intents = [payment.payment.payment_intent for payment in client().v1.invoice_payments.list(params).data]
    intent: Any = intents[0] if intents else None
    if intent is not None and intent.status in {"requires_action", "requires_confirmation", "processing"}:
        return None
    return refused(getattr(intent, "last_payment_error", None))


def drop_pending(*, subscription_id: str, key: str) -> None:
    """Give up the change that waits for its payment; one that was paid meanwhile has taken place and stays."""
    with asking():
        found: Any = client().v1.subscriptions.retrieve(subscription_id)
        if not found.pending_update:
            return
        try:
            client().v1.invoices.void_invoice(found.latest_invoice, None, once(f"{key}-drop"))
        except stripe.InvalidRequestError:
            again: Any = client().v1.subscriptions.retrieve(subscription_id)
            if again.pending_update:
                raise


def move_price(*, subscription_id: str, item_id: str, price_id: str, key: str) -> None:
    """Put a line on another price from the next invoice on."""
    params: Any = {"items": [{"id": item_id, "price": price_id}], "proration_behavior": "none"}
    with asking():
        client().v1.subscriptions.update(subscription_id, params, once(key))


def cancel_at_period_end(*, subscription_id: str, cancel: bool, key: str) -> None:
    """Let the subscription end with what is paid, or undo that."""
    with asking():
        client().v1.subscriptions.update(subscription_id, {"cancel_at_period_end": cancel}, once(key))


def set_tax(*, subscription_id: str, tax_rate: str, key: str) -> None:
    """The VAT rate of the next invoices; none when the customer owes the tax or none is due."""
    with asking():
        client().v1.subscriptions.update(
            subscription_id, {"default_tax_rates": [tax_rate] if tax_rate else ""}, once(key)
        )


def add_credit(*, customer_id: str, subscription_id: str, amount: Decimal, text: str, key: str) -> str:
    """Take `amount` EUR (excluding tax) off the next invoice, as a line of its own; its identifier."""
    params: Any = {
        "customer": customer_id,
        "subscription": subscription_id,
        "amount": -in_cents(amount),
        "currency": EUROS,
        "description": text,
    }
    with asking():
        return client().v1.invoice_items.create(params, once(key)).id


def _proration(prorate: bool, at: datetime) -> dict[str, Any]:
    if not prorate:
        return {"proration_behavior": "none"}
    return {"proration_behavior": "always_invoice", "proration_date": int(at.timestamp())}


def _wanted(item: WantedItem) -> dict[str, Any]:
    if item.item_id and not item.quantity:
        return {"id": item.item_id, "deleted": True}
    wanted: dict[str, Any] = {"price": item.price_id, "quantity": item.quantity}
    return {"id": item.item_id, **wanted} if item.item_id else wanted
