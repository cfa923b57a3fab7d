"""Writing what was read at the payment service: items, invoices, access, and the messages that follow."""

from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from app.audit.services import difference, record
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import get_workshop

from ..constants import AccessState, BillingStatus, SubscriptionOrigin
from ..errors import PaymentServiceError
from ..locks import lock_subscription
from ..models import PriceVersion, SaasInvoice, SubscribedItem, Subscription
from ..remote import RemoteAccount, RemoteInvoice, RemoteItem, RemotePending, RemoteSubscription
from ..selectors import find_customer_id, find_workshop_of_customer
from ..stripe_mirror import read_account
from . import messages
from .access import apply_access

log = structlog.get_logger(__name__)
STRIPE = Actor.system("Stripe")
KEEP_PDF = "billing.keep_pdf"


def sync_customer(customer_id: str) -> None:
    """Read a customer again and write what is found; unknown customers (of another product) are left alone."""
    workshop_id = find_workshop_of_customer(customer_id)
    if workshop_id is None:
        log.warning("customer_without_workshop", customer_id=customer_id)
        return
    sync_workshop(workshop_id)


def sync_workshop(workshop_id: int, *, now: datetime | None = None) -> None:
    """Read the workshop's customer at the payment service, then write it; no transaction is open while reading."""
    with workshop_scope(workshop_id):
        customer_id = find_customer_id()
    if not customer_id:
        return
    asked_at = timezone.now()
    account = read_account(customer_id)
    with workshop_scope(workshop_id):
        project(workshop=get_workshop(workshop_id), account=account, asked_at=asked_at, now=now)


def project(*, workshop: Workshop, account: RemoteAccount, asked_at: datetime, now: datetime | None = None) -> None:
    """Make our rows what `account` says, as read at `asked_at`; a reading older than the last one is dropped.

    The same reading twice changes nothing and sends nothing twice.
    """
    now = now or timezone.now()
    with transaction.atomic():
        subscription = lock_subscription(workshop)
        if subscription.synced_at and subscription.synced_at > asked_at:
            return
        before = messages.before(workshop, subscription)
        _write(workshop, subscription, account, asked_at)
        invoices = [_keep_invoice(workshop, invoice) for invoice in account.invoices]
        state = apply_access(workshop=workshop, now=now, actor=STRIPE)
        messages.tell(workshop=workshop, subscription=subscription, before=before, state=state, invoices=invoices)


def _write(workshop: Workshop, subscription: Subscription, account: RemoteAccount, asked_at: datetime) -> None:
    """The projection itself. A subscription given by the publisher is not touched by a customer without one."""
    remote = account.subscription
    subscription.synced_at = asked_at
    if remote is None or (subscription.origin == SubscriptionOrigin.PUBLISHER and remote.ended_at):
        subscription.card = account.card
        _write_pending(subscription, None)
        subscription.save()
        return
    held = _values(subscription)
    offers = _offers_of(remote)
    plan = next((offers[item.price_id].offer for item in remote.items if offers[item.price_id].offer.is_plan), None)
    subscription.origin = SubscriptionOrigin.STRIPE
    subscription.status = remote.status
    subscription.plan = plan or subscription.plan
    subscription.period_end = remote.period_end
    subscription.cancel_at = None if remote.ended_at else remote.cancel_at
    subscription.past_due_since = account.past_due_since
    subscription.ended_at = remote.ended_at
    subscription.card = account.card
    _write_pending(subscription, None if remote.ended_at else remote.pending)
    subscription.stripe_subscription_id = remote.subscription_id
    subscription.save()
    _write_items(workshop, subscription, remote, offers, asked_at)
    if changes := difference(held, _values(subscription)):
        record(workshop=workshop, actor=STRIPE, action="subscription.changed", subject=subscription, changes=changes)


def _write_pending(subscription: Subscription, pending: RemotePending | None) -> None:
    subscription.pending_invoice_id = pending.invoice_id if pending else ""
    subscription.pending_until = pending.until if pending else None


def _values(subscription: Subscription) -> dict[str, object]:
    return {
        "plan": str(subscription.plan or ""),
        "status": subscription.status,
        "cancel_at": subscription.cancel_at,
        "past_due_since": subscription.past_due_since,
    }


def _offers_of(remote: RemoteSubscription) -> dict[str, PriceVersion]:
    """The offer that each price belongs to. A price that we do not know stops the writing: rights stay as they are."""
    wanted = {item.price_id for item in remote.items}
    versions = PriceVersion.objects.filter(stripe_price_id__in=wanted).select_related("offer")
    found = {version.stripe_price_id: version for version in versions}
    if missing := wanted - found.keys():
        raise PaymentServiceError(f"unknown prices: {', '.join(sorted(missing))}")
    return found


def _write_items(
    workshop: Workshop,
    subscription: Subscription,
    remote: RemoteSubscription,
    offers: dict[str, PriceVersion],
    asked_at: datetime,
) -> None:
    """Close what is no longer held, open what is: the rows tell what was held at any moment."""
    live = remote.status in {BillingStatus.ACTIVE, BillingStatus.TRIALING, BillingStatus.PAST_DUE, BillingStatus.UNPAID}
    wanted = {offers[item.price_id].offer_id: item for item in remote.items} if live else {}
    held = {item.offer_id: item for item in SubscribedItem.objects.filter(ends_at=None)}
    for offer_id, item in held.items():
        if offer_id not in wanted or not _is_same(item, wanted[offer_id]):
            item.ends_at = remote.ended_at or asked_at
            item.save(update_fields=["ends_at"])
    had_any = SubscribedItem.objects.filter(subscription=subscription, starts_at__gte=remote.started_at).exists()
    for offer_id, found in wanted.items():
        if offer_id in held and _is_same(held[offer_id], found):
            continue
        SubscribedItem.objects.create(
            workshop=workshop,
            subscription=subscription,
            offer_id=offer_id,
            quantity=found.quantity,
            unit_price=found.unit_price,
            starts_at=asked_at if had_any else remote.started_at,
            stripe_item_id=found.item_id,
        )


def _is_same(held: SubscribedItem, found: RemoteItem) -> bool:
    return (held.quantity, held.unit_price, held.stripe_item_id) == (found.quantity, found.unit_price, found.item_id)


def _keep_invoice(workshop: Workshop, invoice: RemoteInvoice) -> SaasInvoice:
    row, is_new = SaasInvoice.objects.update_or_create(
        workshop=workshop,
        stripe_invoice_id=invoice.invoice_id,
        defaults={
            "number": invoice.number,
            "status": invoice.status,
            "issued_at": invoice.issued_at,
            "due_at": invoice.due_at,
            "paid_at": invoice.paid_at,
            "total_excl_tax": invoice.total_excl_tax,
            "tax": invoice.tax,
            "total_incl_tax": invoice.total_incl_tax,
            "amount_due": invoice.amount_due,
            "attempts": invoice.attempts,
            "pay_url": invoice.pay_url,
            "pdf_url": invoice.pdf_url,
        },
    )
    if is_new and invoice.pdf_url:
        send_on_commit(KEEP_PDF, workshop_id=workshop.pk, invoice_pk=row.pk)
    return row


def state_of(workshop: Workshop) -> AccessState:
    """What the workshop may do, as last decided."""
    return AccessState(workshop.access_state or AccessState.READ_ONLY)
