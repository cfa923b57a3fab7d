"""What a person asks of the payment service: kept, then carried out by a worker, once, whatever breaks on the way.

No request waits for Stripe with a transaction open: the page follows the order until it is done.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import get_workshop

from .. import stripe_mirror
from ..constants import OrderKind, OrderState
from ..errors import PaymentRefusedError, PaymentServiceError, ServiceDownError
from ..locks import lock_order
from ..models import BillingOrder
from ..selectors import find_subscription, get_order
from . import messages
from .carrying import Task, carry, task_of
from .subscription import sync_workshop

log = structlog.get_logger(__name__)
CARRY_OUT = "billing.carry_out"
#: How long a person waits for a page or a figure, and how long a decision is worth carrying out.
PATIENCE = timedelta(minutes=2)
PERSISTENCE = timedelta(hours=12)
PATIENT_KINDS = frozenset({OrderKind.CHANGE, OrderKind.WITHDRAW, OrderKind.CANCEL, OrderKind.UNDO})
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=15)


def place_order(
    *, workshop: Workshop, actor: Actor, kind: OrderKind, arguments: Mapping[str, Any] | None = None
) -> BillingOrder:
    """Keep what is asked; it is carried out after the commit. RuleError when no payment service is connected."""
    if not stripe_mirror.is_connected():
        raise RuleError(_("Payment by card is not connected yet: write to us and we open your plan by hand."))
    now = timezone.now()
    order: BillingOrder = BillingOrder.objects.create(
        workshop=workshop,
        kind=kind,
        arguments=dict(arguments or {}),
        next_attempt_at=now + FIRST_RETRY,
        gives_up_at=now + (PERSISTENCE if kind in PATIENT_KINDS else PATIENCE),
        created_by_id=actor.user_id,
    )
    if kind != OrderKind.PREVIEW:
        changes = {"kind": str(kind), **(arguments or {})}
        record(workshop=workshop, actor=actor, action="subscription.asked", subject=order, changes=changes)
    send_on_commit(CARRY_OUT, workshop_id=workshop.pk, order_pk=order.pk)
    return order


def carry_out(*, workshop_id: int, order_pk: int) -> None:
    """Do what an order asks. Every attempt bears the same key, so Stripe acts once even when its answer was lost."""
    with workshop_scope(workshop_id):
        order = get_order(order_pk)
        if order.state != OrderState.WAITING:
            return
        task = task_of(get_workshop(workshop_id), order)
        language = order.created_by.language if order.created_by else settings.LANGUAGE_CODE
    with translation.override(language):  # what a refusal says is read by whoever asked
        _attempt(workshop_id, order, task)


def _attempt(workshop_id: int, order: BillingOrder, task: Task) -> None:
    try:
        result = carry(task)
    except ServiceDownError as error:
        _postpone(workshop_id, order.pk, str(error))
    except PaymentRefusedError as error:
        _finish(workshop_id, order.pk, OrderState.REFUSED, error=str(error))
    except PaymentServiceError as error:
        log.error("order_refused", order=order.pk, error=str(error))
        words = _("The payment service refused. We have been told, and nothing has changed.")
        _finish(workshop_id, order.pk, OrderState.REFUSED, error=words)
    else:
        if order.kind in PATIENT_KINDS:
            _follow(workshop_id)
        _finish(workshop_id, order.pk, OrderState.DONE, result=result)
        if result.get("bank"):
            _tell_bank(workshop_id)


def hurry_order(*, workshop_id: int, order_pk: int) -> None:
    """Try a waiting order now instead of at its next time; one that is over stays so."""
    with workshop_scope(workshop_id):
        BillingOrder.objects.filter(pk=order_pk, state=OrderState.WAITING).update(next_attempt_at=timezone.now())
        send_on_commit(CARRY_OUT, workshop_id=workshop_id, order_pk=order_pk)


def _follow(workshop_id: int) -> None:
    """Show the change at once; if Stripe does not answer now, its event will do it."""
    try:
        sync_workshop(workshop_id)
    except PaymentServiceError as error:
        log.warning("change_not_read_back", workshop_id=workshop_id, error=str(error))


def _tell_bank(workshop_id: int) -> None:
    """The Owner may have left the page that leads to the bank."""
    with workshop_scope(workshop_id):
        if subscription := find_subscription():
            messages.tell_pending(workshop=get_workshop(workshop_id), subscription=subscription)


def _finish(
    workshop_id: int, order_pk: int, state: OrderState, *, result: dict[str, Any] | None = None, error: str = ""
) -> None:
    with workshop_scope(workshop_id):
        order = lock_order(order_pk)
        order.state, order.result, order.error = state, result or {}, error[:300]
        order.save(update_fields=["state", "result", "error"])


def _postpone(workshop_id: int, order_pk: int, error: str) -> None:
    """Try again later, twice as late each time, until the order is no longer worth it."""
    with workshop_scope(workshop_id):
        order = lock_order(order_pk)
        order.attempts += 1
        order.next_attempt_at = timezone.now() + min(FIRST_RETRY * 2**order.attempts, LONGEST_RETRY)
        if order.next_attempt_at > order.gives_up_at:
            order.state = OrderState.REFUSED
            order.error = _("The payment service does not answer. Nothing was charged; try again in a moment.")
        order.save()
    log.warning("order_postponed", order=order_pk, attempts=order.attempts, error=error)
