"""Celery entry points of the trial and of the subscription.

Those that speak to the payment service do not stand on WorkshopTask, which opens one transaction around the task:
the services open the scopes on both sides of the call.
"""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from app.entitlements.constants import WARN_TASK
from app.kernel.jobs import send_on_commit
from app.tenancy.selectors import get_workshop
from app.tenancy.tasks import WorkshopTask

from . import stripe_mirror
from .constants import END_MAIL_DAYS
from .errors import ServiceDownError
from .selectors import (
    list_due_credits,
    list_invoices_without_pdf,
    list_subscribed_workshops,
    list_trials_since,
    list_waiting_changes,
    list_waiting_orders,
)
from .services import credits, daily, events, notices
from .services import orders as order_services
from .services.access import apply_access
from .services.changing import FAN_OUT
from .services.subscription import KEEP_PDF
from .services.trial import mind_trial
from .usage_warnings import warn_of_quotas

LOST_AFTER = timedelta(seconds=20)
CHANGE_LOST_AFTER = timedelta(minutes=5)
#: Requests received at the webhook address are kept this long.
TRIGGERS_KEPT = timedelta(days=30)


@shared_task  # type: ignore[untyped-decorator]
def mind_trials() -> None:
    """Every hour: one task per workshop whose trial runs or has just ended."""
    for workshop_id in list_trials_since(timezone.now() - timedelta(days=END_MAIL_DAYS)):
        mind_workshop_trial.delay(workshop_id=workshop_id)


@shared_task(base=WorkshopTask)  # type: ignore[untyped-decorator]
def mind_workshop_trial(*, workshop_id: int) -> None:
    """Send the mail of the trial that is due."""
    mind_trial(workshop=get_workshop(workshop_id))


@shared_task(name=order_services.CARRY_OUT)  # type: ignore[untyped-decorator]
def carry_out(*, workshop_id: int, order_pk: int) -> None:
    order_services.carry_out(workshop_id=workshop_id, order_pk=order_pk)


@shared_task(name=stripe_mirror.TAKE_EVENT)  # type: ignore[untyped-decorator]
def take_event(*, trigger_pk: int) -> None:
    events.take_event(trigger_pk=trigger_pk)


@shared_task(name=KEEP_PDF, autoretry_for=(ServiceDownError,), retry_backoff=10, max_retries=5)
def keep_pdf(*, workshop_id: int, invoice_pk: int) -> None:
    daily.keep_pdf(workshop_id=workshop_id, invoice_pk=invoice_pk)


@shared_task(name=FAN_OUT, autoretry_for=(ServiceDownError,), retry_backoff=10, max_retries=5)
def fan_out_change(*, change_pk: int) -> None:
    notices.fan_out(change_pk=change_pk)


@shared_task(name=notices.CARRY_NOTICE)  # type: ignore[untyped-decorator]
def carry_notice(*, workshop_id: int, notice_pk: int) -> None:
    notices.carry_notice(workshop_id=workshop_id, notice_pk=notice_pk)


@shared_task(base=WorkshopTask, name=notices.APPLY)  # type: ignore[untyped-decorator]
def give_rights(*, workshop_id: int) -> None:
    """The rights of one workshop after a change of the catalogue."""
    apply_access(workshop=get_workshop(workshop_id))


@shared_task(base=WorkshopTask, name=WARN_TASK)  # type: ignore[untyped-decorator]
def warn_of_workshop_quotas(*, workshop_id: int) -> None:
    """Tell one workshop about the quotas that come near or are reached."""
    warn_of_quotas(workshop=get_workshop(workshop_id))


@shared_task(name="billing.mind")  # type: ignore[untyped-decorator]
def mind() -> None:
    """Every hour: let time act on each subscription, from our own rows; credits that wait for an invoice."""
    for workshop_id in list_subscribed_workshops():
        mind_workshop.delay(workshop_id=workshop_id)
    for workshop_id, credit_pk in list_due_credits():
        send_on_commit(credits.APPLY_CREDIT, workshop_id=workshop_id, credit_pk=credit_pk)


@shared_task(name=credits.APPLY_CREDIT)  # type: ignore[untyped-decorator]
def apply_credit(*, workshop_id: int, credit_pk: int) -> None:
    credits.apply_credit(workshop_id=workshop_id, credit_pk=credit_pk)


@shared_task(name="billing.mind_workshop")  # type: ignore[untyped-decorator]
def mind_workshop(*, workshop_id: int) -> None:
    daily.mind(workshop_id=workshop_id, at=timezone.now())


@shared_task(name="billing.daily")  # type: ignore[untyped-decorator]
def run_daily() -> None:
    """Every night: compare each subscription with the payment service."""
    for workshop_id in list_subscribed_workshops():
        reconcile_workshop.delay(workshop_id=workshop_id)
    stripe_mirror.forget_old_triggers(timezone.now() - TRIGGERS_KEPT)


@shared_task(name="billing.reconcile", autoretry_for=(ServiceDownError,), retry_backoff=60, max_retries=5)
def reconcile_workshop(*, workshop_id: int) -> None:
    daily.reconcile(workshop_id=workshop_id, at=timezone.now())


@shared_task(name="billing.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Every 20 s: orders to try again, and what lost tasks, Redis or dead workers left behind."""
    for workshop_id, order_pk in list_waiting_orders(LOST_AFTER):
        send_on_commit(order_services.CARRY_OUT, workshop_id=workshop_id, order_pk=order_pk)
    for trigger_pk in stripe_mirror.list_waiting_events(LOST_AFTER):
        send_on_commit(stripe_mirror.TAKE_EVENT, trigger_pk=trigger_pk)
    for change_pk in list_waiting_changes(CHANGE_LOST_AFTER):
        send_on_commit(FAN_OUT, change_pk=change_pk)
    for workshop_id, invoice_pk in list_invoices_without_pdf():
        send_on_commit(KEEP_PDF, workshop_id=workshop_id, invoice_pk=invoice_pk)
