"""A plan opened by hand by the publisher: without the payment service, or beside it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import BillingStatus, SubscriptionOrigin
from ..emails import Value, send_to_owners
from ..locks import lock_subscription
from ..models import Offer
from ..selectors import is_manual, is_subscribed
from .access import apply_access


def give_plan(*, workshop: Workshop, actor: Actor, plan: Offer, until: datetime | None, reason: str) -> None:
    """Open a plan until a moment (None: without end); in the workshop's scope. It is not revenue.

    RuleError when a paid subscription runs, when the end is past, or without a reason.
    """
    if not reason.strip():
        raise RuleError(_("Say why: the reason stays in the history and is told to the Owner."), field="reason")
    if until is not None and until <= timezone.now():
        raise RuleError(_("The end is in the past."), field="until")
    with transaction.atomic():
        subscription = lock_subscription(workshop)
        if is_subscribed(subscription):
            raise RuleError(_("This workshop pays for a subscription: cancel it first."), field="plan")
        subscription.origin = SubscriptionOrigin.PUBLISHER
        subscription.status = BillingStatus.ACTIVE
        subscription.plan, subscription.period_end, subscription.reason = plan, until, reason[:200]
        subscription.cancel_at = subscription.past_due_since = subscription.ended_at = None
        subscription.save()
        changes = {"plan": plan.name, "until": until, "reason": reason}
        record(workshop=workshop, actor=actor, action="subscription.given", subject=subscription, changes=changes)
        apply_access(workshop=workshop, actor=actor)
        values: dict[str, Value] = {"offre": plan.name, "date": until or _("further notice"), "raison": reason}
        about = f"given:{subscription.pk}:{timezone.now():%Y%m%d%H%M%S}"
        send_to_owners(workshop=workshop, actor=actor, kind="plan_given", values=values, about=about)


def withdraw_plan(*, workshop: Workshop, actor: Actor, reason: str) -> None:
    """End a plan that was given, now. RuleError when there is none."""
    with transaction.atomic():
        subscription = lock_subscription(workshop)
        if not is_manual(subscription) or subscription.status != BillingStatus.ACTIVE:
            raise RuleError(_("No plan was given to this workshop."))
        now = timezone.now()
        subscription.status, subscription.ended_at, subscription.period_end = BillingStatus.CANCELED, now, now
        subscription.save()
        changes = {"reason": reason}
        record(workshop=workshop, actor=actor, action="subscription.withdrawn", subject=subscription, changes=changes)
        apply_access(workshop=workshop, actor=actor)
