"""The events received: kept by dj-stripe, taken by a worker."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from djstripe.models import WebhookEventTrigger

from app.kernel.jobs import send_on_commit
from app.tenancy.scope import platform_scope

log = structlog.get_logger(__name__)
TAKE_EVENT = "billing.take_event"
#: What the webhook endpoint asks Stripe to announce; anything else is kept and changes nothing.
EVENTS = (
    "checkout.session.completed", "customer.updated", "customer.deleted", "customer.subscription.created",
    "customer.subscription.updated", "customer.subscription.deleted", "customer.subscription.paused",
    "customer.subscription.resumed", "customer.subscription.pending_update_applied",
    "customer.subscription.pending_update_expired", "customer.tax_id.updated", "invoice.created", "invoice.finalized",
    "invoice.paid", "invoice.payment_failed", "invoice.payment_action_required", "invoice.voided",
    "invoice.marked_uncollectible", "payment_method.attached", "payment_method.detached", "charge.refunded",
)  # fmt: skip


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
