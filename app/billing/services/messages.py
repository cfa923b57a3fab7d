"""Which message follows from a change of the subscription; each one leaves once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import AccessState
from ..emails import Value, send_to_owners
from ..models import SaasInvoice, Subscription
from ..selectors import amount_unpaid, get_saas_settings

BILLING = Actor.system("subscription")
DAY = timedelta(days=1)
CLOSED = frozenset({AccessState.LIMITED, AccessState.SUSPENDED, AccessState.UNPAID})
#: Days after the refused payment on which a reminder leaves, until the access is suspended.
REMINDER_DAYS = (3, 10)
#: An invoice paid longer ago than this was told before, or by someone else.
NEWS_DAYS = 7


@dataclass(frozen=True)
class Before:
    """What was true before the change."""

    state: str
    cancel_at: datetime | None
    past_due_since: datetime | None
    pending_until: datetime | None = None
    pending_invoice_id: str = ""


def before(workshop: Workshop, subscription: Subscription) -> Before:
    """What is true now, to be compared once it has changed."""
    return Before(
        state=workshop.access_state,
        cancel_at=subscription.cancel_at,
        past_due_since=subscription.past_due_since,
        pending_until=subscription.pending_until,
        pending_invoice_id=subscription.pending_invoice_id,
    )


def tell(
    *,
    workshop: Workshop,
    subscription: Subscription,
    before: Before,
    state: AccessState,
    invoices: list[SaasInvoice],
) -> None:
    """Queue the messages that this change owes to the Owners."""
    for invoice in invoices:
        _tell_invoice(workshop, subscription, invoice)
    _tell_life(workshop, subscription, before)
    _tell_pending(workshop, before, invoices)
    if subscription.past_due_since:
        tell_unpaid(workshop=workshop, subscription=subscription, state=state, now=timezone.now())
    elif before.past_due_since and before.state in CLOSED and state == AccessState.ACTIVE:
        _send(workshop, "access_restored", {}, about=before.past_due_since.isoformat())


def _tell_invoice(workshop: Workshop, subscription: Subscription, invoice: SaasInvoice) -> None:
    if invoice.stripe_invoice_id == subscription.pending_invoice_id:
        return
    told: dict[str, Value] = {"numero": invoice.number, "montant": invoice.total_incl_tax}
    if invoice.paid_at and invoice.total_incl_tax > 0:
        if invoice.paid_at > timezone.now() - NEWS_DAYS * DAY:
            _send(workshop, "saas_paid", told, about=invoice.stripe_invoice_id)
    elif invoice.status == "open" and not invoice.attempts:
        _send(workshop, "saas_invoice", told, about=invoice.stripe_invoice_id)
    elif invoice.status == "open" and subscription.past_due_since:
        values: dict[str, Value] = {**told, "date": _limited_on(subscription)}
        _send(workshop, "saas_failed", values, about=f"{invoice.stripe_invoice_id}:{invoice.attempts}")


def _tell_life(workshop: Workshop, subscription: Subscription, before: Before) -> None:
    about = subscription.stripe_subscription_id
    if workshop.access_state == AccessState.ACTIVE and subscription.plan and subscription.period_end:
        started: dict[str, Value] = {"offre": subscription.plan.name, "date": subscription.period_end}
        _send(workshop, "subscription_started", started, about=about)
    if subscription.cancel_at and subscription.cancel_at != before.cancel_at:
        _send(
            workshop,
            "subscription_cancelled",
            {"date": subscription.cancel_at},
            about=f"{about}:{timezone.now():%Y%m%d%H%M}",
        )
    if subscription.ended_at:
        _send(workshop, "subscription_ended", {"date": subscription.ended_at}, about=about)


def _tell_pending(workshop: Workshop, before: Before, invoices: list[SaasInvoice]) -> None:
    """A change that nobody confirmed in time: nothing changed. One that was given up or replaced needs no word."""
    if before.pending_until is None or before.pending_until > timezone.now():
        return
    for invoice in invoices:
        if invoice.stripe_invoice_id == before.pending_invoice_id and invoice.status == "void":
            told: dict[str, Value] = {"montant": invoice.total_incl_tax}
            _send(workshop, "change_not_confirmed", told, about=invoice.stripe_invoice_id)


def tell_pending(*, workshop: Workshop, subscription: Subscription) -> None:
    """Queue the message that a change waits for the holder of the card, for whoever left the page."""
    if subscription.pending_until is None:
        return
    invoice = SaasInvoice.objects.filter(stripe_invoice_id=subscription.pending_invoice_id).first()
    if invoice and invoice.pay_url:
        values: dict[str, Value] = {"montant": invoice.total_incl_tax}
        _send(workshop, "change_to_confirm", values, about=subscription.pending_invoice_id)


def tell_unpaid(*, workshop: Workshop, subscription: Subscription, state: AccessState, now: datetime) -> None:
    """Queue what an unpaid subscription owes today: a reminder, or what has just been suspended; each one once."""
    since = subscription.past_due_since
    if since is None:
        return
    owed: dict[str, Value] = {"montant": amount_unpaid()}
    suspended_on = since + get_saas_settings().days_before_suspension * DAY
    about = since.isoformat()
    if state == AccessState.SUSPENDED:
        _send(workshop, "access_suspended", owed, about=about)
        return
    if state == AccessState.LIMITED:
        _send(workshop, "premium_suspended", {**owed, "date": suspended_on}, about=about)
    due = [day for day in REMINDER_DAYS if since + day * DAY <= now]
    if due:
        _send(workshop, "saas_reminder", {**owed, "date": suspended_on}, about=f"{about}:{due[-1]}")


def tell_end_of_gift(*, workshop: Workshop, subscription: Subscription) -> None:
    """Say that the plan given by the publisher has ended."""
    ended: dict[str, Value] = {"date": subscription.period_end or timezone.now()}
    _send(workshop, "subscription_ended", ended, about=f"given:{subscription.pk}:{subscription.period_end:%Y%m%d}")


def _limited_on(subscription: Subscription) -> datetime:
    since = subscription.past_due_since or timezone.now()
    return since + get_saas_settings().days_before_limit * DAY


def _send(workshop: Workshop, kind: str, values: Mapping[str, Value], *, about: str) -> None:
    send_to_owners(workshop=workshop, actor=BILLING, kind=kind, values=values, about=about)
