"""Customers, their subscription and their invoices."""

from collections.abc import Sequence
from typing import Any

import requests
import stripe

from ..errors import ServiceDownError
from ..remote import Customer, RemoteAccount, RemoteInvoice, RemoteItem, RemotePending, RemoteSubscription
from .speaking import SECONDS, asking, client, euros, maybe_moment, moment, once, require_euros

SUBSCRIBER = "djstripe_subscriber"


def save_customer(customer: Customer, *, customer_id: str = "", key: str) -> str:
    """Create or bring up to date the customer of a workshop; its identifier."""
    params: Any = {
        "name": customer.name,
        "email": customer.email,
        "preferred_locales": ["fr"],
        "address": {
            "line1": customer.street,
            "postal_code": customer.postcode,
            "city": customer.city,
            "country": customer.country,
        },
        "tax_exempt": customer.tax_exempt,
        "metadata": {SUBSCRIBER: str(customer.workshop_id)},
    }
    with asking():
        if customer_id:
            client().v1.customers.update(customer_id, params, once(key))
        else:
            customer_id = client().v1.customers.create(params, once(key)).id
        _save_tax_id(customer_id, customer.vat_number)
    return customer_id


def _save_tax_id(customer_id: str, number: str) -> None:
    """Keep the VAT number that Stripe prints on the invoices."""
    held = {tax_id.value: tax_id.id for tax_id in client().v1.customers.tax_ids.list(customer_id).data}
    for value, tax_id in held.items():
        if value != number:
            client().v1.customers.tax_ids.delete(customer_id, tax_id)
    if number and number not in held:
        client().v1.customers.tax_ids.create(customer_id, {"type": "eu_vat", "value": number})


def read_account(customer_id: str) -> RemoteAccount:
    """Fetch what the customer holds now. PaymentServiceError when it is not in euros or unknown."""
    with asking():
        asked = client().v1  # one connection for the three: this follows every event
        customer = asked.customers.retrieve(customer_id, {"expand": ["invoice_settings.default_payment_method"]})
        subscriptions = asked.subscriptions.list(
            {"customer": customer_id, "status": "all", "limit": 100, "expand": ["data.default_payment_method"]}
        )
        invoices = asked.invoices.list({"customer": customer_id, "limit": 100})
    subscription = _current(subscriptions.data)
    return RemoteAccount(
        customer_id=customer_id,
        card=_card(customer, subscription),
        subscription=_subscription(subscription) if subscription else None,
        invoices=tuple(_invoice(invoice) for invoice in invoices.data if invoice.status != "draft"),
    )


def _current(subscriptions: Sequence[stripe.Subscription]) -> stripe.Subscription | None:
    """The subscription that counts: a live one before an ended one, then the newest."""
    ended = {"canceled", "incomplete_expired"}
    live_last = sorted(subscriptions, key=lambda found: (found.status not in ended, found.created, found.id))
    return live_last[-1] if live_last else None


def _subscription(found: stripe.Subscription) -> RemoteSubscription:
    items = tuple(_item(item) for item in found["items"].data if not getattr(item, "deleted", False))
    ends = [item.current_period_end for item in found["items"].data]
    return RemoteSubscription(
        subscription_id=found.id,
        status=found.status,
        started_at=moment(found.start_date),
        period_end=moment(min(ends)) if ends else None,
        cancel_at=maybe_moment(found.cancel_at) or (moment(min(ends)) if found.cancel_at_period_end and ends else None),
        ended_at=maybe_moment(found.ended_at),
        items=items,
        pending=_pending(found),
    )


def _pending(found: Any) -> RemotePending | None:
    """The change that waits for its payment, if there is one; its invoice is the last one."""
    if not found.pending_update:
        return None
    return RemotePending(str(found.latest_invoice), moment(found.pending_update.expires_at))


def _item(item: stripe.SubscriptionItem) -> RemoteItem:
    require_euros(item.price.currency, item.price.id)
    return RemoteItem(item.id, item.price.id, item.quantity or 1, euros(item.price.unit_amount))


def _invoice(invoice: stripe.Invoice) -> RemoteInvoice:
    require_euros(invoice.currency, invoice.id)
    done = invoice.status_transitions
    excl_tax = invoice.total if invoice.total_excluding_tax is None else invoice.total_excluding_tax
    return RemoteInvoice(
        invoice_id=invoice.id,
        number=invoice.number or "",
        status=str(invoice.status),
        issued_at=moment(done.finalized_at or invoice.created),
        due_at=maybe_moment(invoice.due_date),
        paid_at=maybe_moment(done.paid_at),
        total_excl_tax=euros(excl_tax),
        tax=euros(invoice.total - excl_tax),
        total_incl_tax=euros(invoice.total),
        amount_due=euros(invoice.amount_remaining),
        attempts=invoice.attempt_count,
        pay_url=invoice.hosted_invoice_url or "",
        pdf_url=invoice.invoice_pdf or "",
    )


def _card(customer: Any, subscription: Any) -> str:
    """The card that pays, as its holder knows it: brand and last digits."""
    method = getattr(subscription, "default_payment_method", None) or customer.invoice_settings.default_payment_method
    card = getattr(method, "card", None)
    return f"{card.brand.capitalize()} •••• {card.last4} ({card.exp_month:02}/{card.exp_year})" if card else ""


def download_pdf(url: str) -> bytes:
    """The PDF of an invoice, from the address that Stripe gives. ServiceDownError when it cannot be had now."""
    try:
        answer = requests.get(url, timeout=SECONDS)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise ServiceDownError(str(error)) from error
    return answer.content
