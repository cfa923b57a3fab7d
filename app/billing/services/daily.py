"""What time alone brings: suspensions, reminders, ended gifts, numbers to check again, and the nightly comparison
with the payment service. No hidden clock: the moment is given."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

import structlog

from app.files.services import store_file
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import get_workshop

from .. import stripe_mirror
from ..access import DAY
from ..constants import END_MAIL_DAYS, OPEN_STATUSES, AccessState
from ..errors import PaymentServiceError
from ..locks import lock_subscription
from ..models import SaasInvoice, Subscription
from ..selectors import (
    find_subscription,
    get_saas_settings,
    is_manual,
    is_valid_number,
    list_subscribed_workshops,
    list_trials_since,
)
from ..vat import DUE, needs_check, tax_exempt
from . import messages
from .access import ACCESS, apply_access
from .carrying import customer_of
from .subscription import sync_workshop
from .trial import mind_trial
from .vat import check_number, needs_fresh_answer

log = structlog.get_logger(__name__)


def run_daily(at: datetime) -> dict[str, int]:
    """Do the day's work for every workshop, subscribed or in trial; what failed is counted, logged and done the next
    day. The mails of the trials leave when it is morning where their readers are."""
    done = {"workshops": 0, "failed": 0}
    for workshop_id in list_trials_since(at - END_MAIL_DAYS * DAY):
        with workshop_scope(workshop_id):
            mind_trial(workshop=get_workshop(workshop_id), now=at)
    for workshop_id in list_subscribed_workshops():
        try:
            reconcile(workshop_id=workshop_id, at=at)
            done["workshops"] += 1
        except PaymentServiceError as error:
            log.error("workshop_not_reconciled", workshop_id=workshop_id, error=str(error))
            done["failed"] += 1
        mind(workshop_id=workshop_id, at=at)
    return done


def mind(*, workshop_id: int, at: datetime) -> AccessState:
    """Let time act on one workshop, from our own rows: its access, and the messages that it owes."""
    with workshop_scope(workshop_id):
        workshop = get_workshop(workshop_id)
        subscription = lock_subscription(workshop)
        before = workshop.access_state
        state = apply_access(workshop=workshop, now=at, actor=ACCESS)
        if subscription.past_due_since:
            messages.tell_unpaid(workshop=workshop, subscription=subscription, state=state, now=at)
        if is_manual(subscription) and state == AccessState.READ_ONLY and before == AccessState.ACTIVE:
            messages.tell_end_of_gift(workshop=workshop, subscription=subscription)
        return state


def reconcile(*, workshop_id: int, at: datetime) -> None:
    """Compare with the payment service and repair: what an event that never came would have told, and the VAT."""
    if not stripe_mirror.is_connected():
        return
    sync_workshop(workshop_id, now=at)
    with workshop_scope(workshop_id):
        workshop = get_workshop(workshop_id)
        subscription = find_subscription()
        asks = needs_check(workshop.country, workshop.vat_number) and needs_fresh_answer(workshop.vat_number)
    if subscription is None or not subscription.stripe_customer_id:
        return
    if asks:
        check_number(workshop_id=workshop_id, number=workshop.vat_number)
    _keep_tax(workshop, subscription, at)


def _keep_tax(workshop: Workshop, subscription: Subscription, at: datetime) -> None:
    """Name, address and VAT of the next invoices follow the workshop's own."""
    with workshop_scope(workshop.pk):
        exempt = tax_exempt(workshop.country, number_is_valid=is_valid_number(workshop.vat_number))
        settings = get_saas_settings()
    customer = customer_of(workshop, exempt)
    fingerprint = uuid5(NAMESPACE_URL, f"{customer}:{at:%Y-%m-%d}")
    stripe_mirror.save_customer(customer, customer_id=subscription.stripe_customer_id, key=f"customer-{fingerprint}")
    if subscription.status in OPEN_STATUSES and not is_manual(subscription):
        rate = settings.stripe_tax_rate_id if exempt == DUE else ""
        stripe_mirror.set_tax(
            subscription_id=subscription.stripe_subscription_id, tax_rate=rate, key=f"tax-{fingerprint}-{rate}"
        )


def keep_pdf(*, workshop_id: int, invoice_pk: int) -> None:
    """Fetch the PDF of an invoice and keep it with the workshop's private files."""
    with workshop_scope(workshop_id):
        invoice = SaasInvoice.objects.get(pk=invoice_pk)
    if invoice.file_id or not invoice.pdf_url:
        return
    content = stripe_mirror.download_pdf(invoice.pdf_url)
    with workshop_scope(workshop_id):
        invoice = SaasInvoice.objects.select_for_update().get(pk=invoice_pk)
        if invoice.file_id:
            return
        stored = store_file(
            workshop=get_workshop(workshop_id),
            actor=ACCESS,
            name=f"{invoice.number or invoice.stripe_invoice_id}.pdf",
            content=content,
            kind="saas_invoice",
            content_type="application/pdf",
        )
        invoice.file_id = stored.public_id
        invoice.save(update_fields=["file_id"])
