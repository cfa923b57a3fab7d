"""The one door to Stripe: nothing else in the product imports its package or dj-stripe's.

Calls take and give values of remote.py. Stripe's errors come out as those of errors.py. dj-stripe keeps the events
received (signature checked, one row an event) and a mirror of the publisher's own account; rights are decided from
our own rows (services/subscription.py), which are written from objects fetched anew: the order, the number and the
content of the events that announce them do not matter.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import requests
import stripe
import structlog
from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from djstripe.models import WebhookEndpoint, WebhookEventTrigger

from app.kernel.jobs import send_on_commit
from app.tenancy.scope import platform_scope

from .errors import PaymentRefusedError, PaymentServiceError, ServiceDownError
from .remote import (
    EUROS,
    Customer,
    Preview,
    PreviewLine,
    RemoteAccount,
    RemoteInvoice,
    RemoteItem,
    RemoteSubscription,
    WantedItem,
)

log = structlog.get_logger(__name__)
TAKE_EVENT = "billing.take_event"
SUBSCRIBER = "djstripe_subscriber"
SECONDS = 20
#: What the webhook endpoint asks Stripe to announce; anything else is kept and changes nothing.
EVENTS = (
    "checkout.session.completed", "customer.updated", "customer.deleted", "customer.subscription.created",
    "customer.subscription.updated", "customer.subscription.deleted", "customer.subscription.paused",
    "customer.subscription.resumed", "customer.tax_id.updated", "invoice.created", "invoice.finalized", "invoice.paid",
    "invoice.payment_failed", "invoice.payment_action_required", "invoice.voided", "invoice.marked_uncollectible",
    "payment_method.attached", "payment_method.detached", "charge.refunded",
)  # fmt: skip


def is_connected() -> bool:
    """Whether a key is configured; without one, plans are given by hand."""
    return bool(settings.STRIPE_SECRET_KEY)


# --- Customers, their subscription and their invoices -----------------------------------------------------------------


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
    with _asking():
        if customer_id:
            _client().v1.customers.update(customer_id, params, _once(key))
        else:
            customer_id = _client().v1.customers.create(params, _once(key)).id
        _save_tax_id(customer_id, customer.vat_number)
    return customer_id


def _save_tax_id(customer_id: str, number: str) -> None:
    """Keep the VAT number that Stripe prints on the invoices."""
    held = {tax_id.value: tax_id.id for tax_id in _client().v1.customers.tax_ids.list(customer_id).data}
    for value, tax_id in held.items():
        if value != number:
            _client().v1.customers.tax_ids.delete(customer_id, tax_id)
    if number and number not in held:
        _client().v1.customers.tax_ids.create(customer_id, {"type": "eu_vat", "value": number})


def read_account(customer_id: str) -> RemoteAccount:
    """Fetch what the customer holds now. PaymentServiceError when it is not in euros or unknown."""
    with _asking():
        customer = _client().v1.customers.retrieve(customer_id, {"expand": ["invoice_settings.default_payment_method"]})
        subscriptions = _client().v1.subscriptions.list(
            {"customer": customer_id, "status": "all", "limit": 100, "expand": ["data.default_payment_method"]}
        )
        invoices = _client().v1.invoices.list({"customer": customer_id, "limit": 100})
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
        started_at=_time(found.start_date),
        period_end=_time(min(ends)) if ends else None,
        cancel_at=_maybe(found.cancel_at) or (_time(min(ends)) if found.cancel_at_period_end and ends else None),
        ended_at=_maybe(found.ended_at),
        items=items,
    )


def _item(item: stripe.SubscriptionItem) -> RemoteItem:
    _require_euros(item.price.currency, item.price.id)
    return RemoteItem(item.id, item.price.id, item.quantity or 1, _euros(item.price.unit_amount))


def _invoice(invoice: stripe.Invoice) -> RemoteInvoice:
    _require_euros(invoice.currency, invoice.id)
    done = invoice.status_transitions
    excl_tax = invoice.total if invoice.total_excluding_tax is None else invoice.total_excluding_tax
    return RemoteInvoice(
        invoice_id=invoice.id,
        number=invoice.number or "",
        status=str(invoice.status),
        issued_at=_time(done.finalized_at or invoice.created),
        due_at=_maybe(invoice.due_date),
        paid_at=_maybe(done.paid_at),
        total_excl_tax=_euros(excl_tax),
        tax=_euros(invoice.total - excl_tax),
        total_incl_tax=_euros(invoice.total),
        amount_due=_euros(invoice.amount_remaining),
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


# --- Hosted pages -----------------------------------------------------------------------------------------------------


def open_checkout(*, customer_id: str, prices: Sequence[str], tax_rate: str, success: str, back: str, key: str) -> str:
    """The address of a payment page that starts a subscription to these prices."""
    data: Any = {"default_tax_rates": [tax_rate]} if tax_rate else {}
    params: Any = {
        "mode": "subscription",
        "customer": customer_id,
        "line_items": [{"price": price, "quantity": 1} for price in prices],
        "success_url": success,
        "cancel_url": back,
        "locale": "fr",
        **({"subscription_data": data} if data else {}),
    }
    with _asking():
        return str(_client().v1.checkout.sessions.create(params, _once(key)).url)


def open_portal(*, customer_id: str, portal_id: str, back: str, only_card: bool, key: str) -> str:
    """The address of the billing portal, or of its page that changes the card."""
    params: Any = {"customer": customer_id, "return_url": back, "locale": "fr"}
    if portal_id:
        params["configuration"] = portal_id
    if only_card:
        params["flow_data"] = {"type": "payment_method_update"}
    with _asking():
        return _client().v1.billing_portal.sessions.create(params, _once(key)).url


# --- Changes of a subscription ----------------------------------------------------------------------------------------


def preview_change(*, subscription_id: str, items: Iterable[WantedItem], at: datetime, prorate: bool) -> Preview:
    """The invoice that this change would produce at this moment; nothing changes."""
    params: Any = {
        "subscription": subscription_id,
        "subscription_details": {"items": [_wanted(item) for item in items], **_proration(prorate, at)},
    }
    with _asking():
        invoice = _client().v1.invoices.create_preview(params)
    excl_tax = invoice.total if invoice.total_excluding_tax is None else invoice.total_excluding_tax
    return Preview(
        at=at,
        lines=tuple(PreviewLine(line.description or "", _euros(line.amount)) for line in invoice.lines.data),
        total_excl_tax=_euros(excl_tax),
        tax=_euros(invoice.total - excl_tax),
        total=_euros(invoice.total),
        amount_due=_euros(invoice.amount_due),
    )


def change_items(*, subscription_id: str, items: Iterable[WantedItem], at: datetime, prorate: bool, key: str) -> None:
    """Change what is subscribed, at the moment of the preview. PaymentRefusedError leaves everything as it was."""
    params: Any = {
        "items": [_wanted(item) for item in items],
        "payment_behavior": "error_if_incomplete",
        **_proration(prorate, at),
    }
    with _asking():
        _client().v1.subscriptions.update(subscription_id, params, _once(key))


def move_price(*, subscription_id: str, item_id: str, price_id: str, key: str) -> None:
    """Put a line on another price from the next invoice on."""
    params: Any = {"items": [{"id": item_id, "price": price_id}], "proration_behavior": "none"}
    with _asking():
        _client().v1.subscriptions.update(subscription_id, params, _once(key))


def cancel_at_period_end(*, subscription_id: str, cancel: bool, key: str) -> None:
    """Let the subscription end with what is paid, or undo that."""
    with _asking():
        _client().v1.subscriptions.update(subscription_id, {"cancel_at_period_end": cancel}, _once(key))


def set_tax(*, subscription_id: str, tax_rate: str, key: str) -> None:
    """The VAT rate of the next invoices; none when the customer owes the tax or none is due."""
    with _asking():
        _client().v1.subscriptions.update(
            subscription_id, {"default_tax_rates": [tax_rate] if tax_rate else ""}, _once(key)
        )


def add_credit(*, customer_id: str, subscription_id: str, amount: Decimal, text: str, key: str) -> str:
    """Take `amount` EUR (excluding tax) off the next invoice, as a line of its own; its identifier."""
    params: Any = {
        "customer": customer_id,
        "subscription": subscription_id,
        "amount": -_cents(amount),
        "currency": EUROS,
        "description": text,
    }
    with _asking():
        return _client().v1.invoice_items.create(params, _once(key)).id


def _proration(prorate: bool, at: datetime) -> dict[str, Any]:
    if not prorate:
        return {"proration_behavior": "none"}
    return {"proration_behavior": "always_invoice", "proration_date": int(at.timestamp())}


def _wanted(item: WantedItem) -> dict[str, Any]:
    if item.item_id and not item.quantity:
        return {"id": item.item_id, "deleted": True}
    wanted: dict[str, Any] = {"price": item.price_id, "quantity": item.quantity}
    return {"id": item.item_id, **wanted} if item.item_id else wanted


# --- Setting up the publisher's account -------------------------------------------------------------------------------


def ensure_product(*, key: str, name: str) -> str:
    """The product of an offer, created or renamed; its identifier follows from the offer's key."""
    product_id = f"thermogestion_{key}"
    with _asking():
        try:
            found = _client().v1.products.retrieve(product_id)
        except stripe.InvalidRequestError as error:
            if error.http_status != 404:
                raise
            return _client().v1.products.create({"id": product_id, "name": name}).id
        if found.name != name or not found.active:
            _client().v1.products.update(product_id, {"name": name, "active": True})
        return found.id


def ensure_price(*, product_id: str, version: int, amount: Decimal) -> str:
    """The monthly price of one of our price versions; found again by its key, never created twice."""
    lookup_key = f"thermogestion_price_{version}"
    with _asking():
        found = _client().v1.prices.list({"lookup_keys": [lookup_key], "limit": 1}).data
        if found:
            return found[0].id
        params: Any = {
            "product": product_id,
            "currency": EUROS,
            "unit_amount": _cents(amount),
            "recurring": {"interval": "month"},
            "tax_behavior": "exclusive",
            "lookup_key": lookup_key,
        }
        return _client().v1.prices.create(params, _once(lookup_key)).id


def ensure_tax_rate(*, percent: Decimal) -> str:
    """The French VAT rate."""
    with _asking():
        for rate in _client().v1.tax_rates.list({"active": True, "limit": 100}).auto_paging_iter():
            if Decimal(str(rate.percentage)) == percent and rate.country == "FR" and not rate.inclusive:
                return rate.id
        params: Any = {"display_name": "TVA", "percentage": float(percent), "inclusive": False, "country": "FR"}
        return _client().v1.tax_rates.create(params).id


def ensure_portal(*, portal_id: str, back: str) -> str:
    """The billing portal: card, invoices, cancellation at the end of the period. Plans change in the product."""
    params: Any = {
        "default_return_url": back,
        "features": {
            "customer_update": {"enabled": False},
            "invoice_history": {"enabled": True},
            "payment_method_update": {"enabled": True},
            "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
        },
    }
    with _asking():
        if portal_id:
            return _client().v1.billing_portal.configurations.update(portal_id, params).id
        return _client().v1.billing_portal.configurations.create(params).id


def ensure_webhook(*, base_url: str) -> str:
    """The webhook endpoint of this deploy; its address holds a secret part that dj-stripe chose."""
    kept = WebhookEndpoint.objects.filter(url__startswith=f"{base_url}/").order_by("djstripe_created").last()
    with _asking():
        known = {endpoint.id for endpoint in _client().v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter()}
        if kept and kept.id in known:
            renewed: Any = {"enabled_events": list(EVENTS), "disabled": False}
            _client().v1.webhook_endpoints.update(kept.id, renewed)
            return str(kept.url)
        endpoint = WebhookEndpoint(livemode=settings.STRIPE_LIVE_MODE, api_version=settings.STRIPE_API_VERSION)
        endpoint.url = f"{base_url}/stripe/webhook/{endpoint.djstripe_uuid}/"
        params: Any = {
            "url": endpoint.url,
            "enabled_events": list(EVENTS),
            "api_version": settings.STRIPE_API_VERSION,
            "metadata": {"djstripe_uuid": str(endpoint.djstripe_uuid)},
        }
        created = _client().v1.webhook_endpoints.create(params)
    endpoint.id, endpoint.secret, endpoint.status = created.id, created.secret, created.status
    endpoint.enabled_events = list(EVENTS)
    endpoint.save()
    return str(endpoint.url)


# --- Events -----------------------------------------------------------------------------------------------------------


def keep_event(trigger: WebhookEventTrigger, api_key: str = "") -> None:
    """Called by dj-stripe with an event whose signature holds: the answer leaves at once, the work comes after."""
    send_on_commit(TAKE_EVENT, trigger_pk=trigger.pk)


def customer_of_event(trigger_pk: int) -> str | None:
    """The customer that a kept event is about; None when it was taken before, or is not for us."""
    trigger = WebhookEventTrigger.objects.get(pk=trigger_pk)
    if trigger.processed:
        return None
    event = trigger.json_body
    if event.get("account") or event.get("livemode") != settings.STRIPE_LIVE_MODE:
        log.warning("event_of_another_account", event_id=event.get("id"), account=event.get("account"))
        return None
    about = event.get("data", {}).get("object", {})
    customer = about.get("id") if about.get("object") == "customer" else about.get("customer")
    return customer if isinstance(customer, str) else None


def finish_event(trigger_pk: int) -> None:
    """Mark a kept event as taken and let dj-stripe mirror what it tells; its own faults are kept beside the event."""
    trigger = WebhookEventTrigger.objects.get(pk=trigger_pk)
    try:
        with platform_scope():
            trigger.process(save=False, api_key=settings.STRIPE_SECRET_KEY)
    except Exception as error:  # the mirror serves to look at: rights do not depend on it
        log.warning("event_not_mirrored", event_id=trigger.json_body.get("id"), error=str(error))
        trigger.exception = str(error)[:128]
    trigger.processed = True
    trigger.save()


def list_waiting_events(older_than: timedelta) -> list[int]:
    """Verified events that nobody has taken yet: the queue was down, or a worker died."""
    waiting = WebhookEventTrigger.objects.filter(valid=True, processed=False, created__lt=timezone.now() - older_than)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:500])


@dataclass(frozen=True)
class EventCounts:
    """Requests received at the webhook address and kept: taken, waiting, not mirrored, forged or spoiled."""

    taken: int
    waiting: int
    not_mirrored: int
    refused: int


def count_events() -> EventCounts:
    """What became of the events received, as long as they are kept."""
    kept, good = WebhookEventTrigger.objects, Q(valid=True)
    counts = kept.aggregate(
        taken=Count("pk", filter=good & Q(processed=True)),
        waiting=Count("pk", filter=good & Q(processed=False)),
        not_mirrored=Count("pk", filter=good & ~Q(exception="")),
        refused=Count("pk", filter=~good),
    )
    return EventCounts(**counts)


def forget_old_triggers(before: datetime) -> int:
    """Remove the requests received before; the events themselves stay. How many."""
    return int(WebhookEventTrigger.objects.filter(created__lt=before).delete()[0])


# --- Speaking to Stripe -----------------------------------------------------------------------------------------------


def _client() -> stripe.StripeClient:
    base: Any = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else None
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        stripe_version=settings.STRIPE_API_VERSION,
        base_addresses=base,
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=SECONDS),
    )


def _once(key: str) -> Any:
    return {"idempotency_key": key}


@contextmanager
def _asking() -> Iterator[None]:
    """Stripe's errors in the product's words."""
    if not is_connected():
        raise PaymentServiceError("no key is configured")
    try:
        yield
    except stripe.CardError as error:
        raise PaymentRefusedError(error.user_message or str(error)) from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ServiceDownError(str(error)) from error
    except stripe.StripeError as error:
        if (error.http_status or 500) >= 500:
            raise ServiceDownError(str(error)) from error
        raise PaymentServiceError(str(error)) from error


def _require_euros(currency: str, of: str) -> None:
    if currency != EUROS:
        raise PaymentServiceError(f"{of} is in {currency}, not in euros")


def _euros(cents: int | None) -> Decimal:
    return (Decimal(cents or 0) / 100).quantize(Decimal("0.01"))


def _cents(amount: Decimal) -> int:
    return int((amount * 100).to_integral_exact())


def _time(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, tz=UTC)


def _maybe(timestamp: int | None) -> datetime | None:
    return _time(timestamp) if timestamp else None
