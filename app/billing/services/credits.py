"""Service credits: worked out once a month for each workshop, then taken off its next invoice, once."""

from datetime import date, datetime
from decimal import Decimal

import structlog
from django.db.models import Max, Q, Sum
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.kernel.money import format_money, format_percentage
from app.tenancy.actor import Actor
from app.tenancy.scope import platform_scope, workshop_scope
from app.tenancy.selectors import get_workshop

from .. import stripe_mirror
from ..constants import CreditState
from ..credits import credit_of
from ..errors import PaymentServiceError
from ..models import SaasInvoice, ServiceCredit, SubscribedItem
from ..selectors import find_subscription, is_subscribed

log = structlog.get_logger(__name__)
APPLY_CREDIT = "billing.apply_credit"
CREDITS = Actor.system("service credits")
#: Invoices that count as the month's: what was paid, and what is still asked.
ISSUED = ("paid", "open")


def work_out_credits(*, month: date, measured: Decimal) -> int:
    """Keep the credit of each workshop for a month (its first day) of this uptime (%); how many are new.

    The guarantee is the best one among the paid plans held in the month. Who was invoiced nothing (trial, given
    plan) is owed nothing. A second call adds nothing. RuleError while the month runs.
    """
    start, end = month_bounds(month)
    if end > timezone.now():
        raise RuleError(_("This month is not over."), field="month")
    with platform_scope():
        invoiced = _invoiced(start, end)
        owed = [
            ServiceCredit(
                workshop_id=workshop_id, month=month, guaranteed=guaranteed, measured=measured,
                invoiced=invoiced[workshop_id],
                amount=credit_of(invoiced=invoiced[workshop_id], guaranteed=guaranteed, measured=measured),
            )
            for workshop_id, guaranteed in _guarantees(start, end).items()
            if workshop_id in invoiced
        ]  # fmt: skip
        held = set(ServiceCredit.objects.filter(month=month).values_list("workshop_id", flat=True))
        new = [credit for credit in owed if credit.amount > 0 and credit.workshop_id not in held]
        for credit in ServiceCredit.objects.bulk_create(new, batch_size=1000):
            send_on_commit(APPLY_CREDIT, workshop_id=credit.workshop_id, credit_pk=credit.pk)
    return len(new)


def apply_credit(*, workshop_id: int, credit_pk: int) -> None:
    """Put a credit on the workshop's next invoice. It waits while the workshop is not subscribed at Stripe.

    Every attempt bears the same key: an answer that was lost is not a second credit.
    """
    with workshop_scope(workshop_id):
        credit = ServiceCredit.objects.get(pk=credit_pk)
        subscription = find_subscription()
    if credit.state != CreditState.DUE or subscription is None or not is_subscribed(subscription):
        return
    if not stripe_mirror.is_connected():
        return
    try:
        item_id = stripe_mirror.add_credit(
            customer_id=subscription.stripe_customer_id,
            subscription_id=subscription.stripe_subscription_id,
            amount=credit.amount,
            text=line_of(credit),
            key=f"credit-{credit_pk}",
        )
    except PaymentServiceError as error:
        log.warning("credit_waits", credit=credit_pk, error=str(error))
        return
    with workshop_scope(workshop_id):
        held = ServiceCredit.objects.select_for_update().get(pk=credit_pk)
        if held.state != CreditState.DUE:
            return
        held.state, held.stripe_item_id = CreditState.APPLIED, item_id
        held.save(update_fields=["state", "stripe_item_id"])
        changes = {"month": held.month, "amount": held.amount}
        workshop = get_workshop(workshop_id)
        record(workshop=workshop, actor=CREDITS, action="credit.applied", subject=held, changes=changes)


def line_of(credit: ServiceCredit) -> str:
    """The line of the invoice, in the language of the invoices."""
    with translation.override("fr"):
        return _("Service credit for %(month)s: uptime of %(measured)s instead of %(guaranteed)s (%(amount)s)") % {
            "month": formats.date_format(credit.month, "F Y"),
            "measured": format_percentage(credit.measured, locale="fr"),
            "guaranteed": format_percentage(credit.guaranteed, locale="fr"),
            "amount": format_money(credit.amount, locale="fr"),
        }


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """The first instants of a month and of the next one, on the publisher's clock."""
    zone = timezone.get_default_timezone()
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return datetime(month.year, month.month, 1, tzinfo=zone), datetime(following.year, following.month, 1, tzinfo=zone)


def _invoiced(start: datetime, end: datetime) -> dict[int, Decimal]:
    issued = SaasInvoice.objects.filter(issued_at__gte=start, issued_at__lt=end, status__in=ISSUED)
    return dict(issued.values_list("workshop_id").annotate(total=Sum("total_excl_tax")).order_by())


def _guarantees(start: datetime, end: datetime) -> dict[int, Decimal]:
    held = SubscribedItem.objects.filter(starts_at__lt=end, offer__guaranteed_uptime__isnull=False)
    held = held.filter(Q(ends_at=None) | Q(ends_at__gt=start))
    return dict(held.values_list("workshop_id").annotate(best=Max("offer__guaranteed_uptime")).order_by())
