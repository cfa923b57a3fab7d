"""Service credits: worked out once a month for each workshop, then taken off its next invoice, once."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

import structlog
from django.db.models import Max, Q, Sum
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.kernel.money import format_money, format_percentage
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from app.tenancy.selectors import get_workshop

from .. import stripe_mirror
from ..constants import CreditState
from ..credits import CREDIT_PERCENT, credit_of, share_exceeded
from ..emails import Value, send_to_owners
from ..errors import PaymentServiceError
from ..models import SaasInvoice, ServiceCredit, SubscribedItem
from ..selectors import find_subscription, is_subscribed

log = structlog.get_logger(__name__)
APPLY_CREDIT = "billing.apply_credit"
CREDITS = Actor.system("service credits")
#: Invoices that count as the month's: what was paid, and what is still asked.
ISSUED = ("paid", "open")


def work_out_credits(
    *, month: date, measured: Decimal, measured_for: Mapping[int, Decimal] = MappingProxyType({})
) -> int:
    """Keep the credit of each workshop for a month (its first day) of this uptime (%); how many are new.

    `measured_for`: the uptime of the workshops that an incident of their own stopped longer than the others.

    The guarantee is the best one among the paid plans held in the month. Who was invoiced nothing (trial, given
    plan) is owed nothing. A second call adds nothing. RuleError while the month runs.
    """
    start, end = month_bounds(month)
    if end > timezone.now():
        raise RuleError(_("This month is not over."), field="month")
    with platform_scope():
        invoiced = _invoiced(start, end)
        owed = [
            _credit(workshop_id, month, guaranteed, measured_for.get(workshop_id, measured), invoiced[workshop_id])
            for workshop_id, guaranteed in _guarantees(start, end).items()
            if workshop_id in invoiced
        ]
        held = set(ServiceCredit.objects.filter(month=month).values_list("workshop_id", flat=True))
        new = [credit for credit in owed if credit.amount > 0 and credit.workshop_id not in held]
        for credit in ServiceCredit.objects.bulk_create(new, batch_size=1000):
            send_on_commit(APPLY_CREDIT, workshop_id=credit.workshop_id, credit_pk=credit.pk)
    return len(new)


def _credit(workshop_id: int, month: date, guaranteed: Decimal, measured: Decimal, invoiced: Decimal) -> ServiceCredit:
    return ServiceCredit(
        workshop_id=workshop_id, month=month, guaranteed=guaranteed, measured=measured, invoiced=invoiced,
        amount=credit_of(invoiced=invoiced, guaranteed=guaranteed, measured=measured),
    )  # fmt: skip


def apply_credit(*, workshop_id: int, credit_pk: int) -> None:
    """Put a credit on the workshop's next invoice. It waits while the workshop is not subscribed at Stripe.

    The Owners are told once, with the calculation. Every attempt bears the same key: an answer that was lost is not
    a second credit.
    """
    with workshop_scope(workshop_id):
        credit = ServiceCredit.objects.get(pk=credit_pk)
        subscription = find_subscription()
        if credit.state == CreditState.DUE:
            _tell(get_workshop(workshop_id), credit)
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


def _tell(workshop: Workshop, credit: ServiceCredit) -> None:
    values: dict[str, Value] = {
        "mois": f"{credit.month:%m/%Y}",
        "mesure": format_percentage(credit.measured, locale="fr"),
        "garantie": format_percentage(credit.guaranteed, locale="fr"),
        "montant": credit.amount,
        "calcul": calculation_of(credit),
    }
    send_to_owners(
        workshop=workshop, actor=CREDITS, kind="service_credit", values=values, about=f"{credit.month:%Y-%m}"
    )


def calculation_of(credit: ServiceCredit) -> str:
    """How the amount came about: invoice × 10 % × share of the allowance that was passed."""
    share = share_exceeded(guaranteed=credit.guaranteed, measured=credit.measured) * 100
    return (
        f"{format_money(credit.invoiced, locale='fr')} × {format_percentage(CREDIT_PERCENT, locale='fr')}"
        f" × {format_percentage(round(share, 1), locale='fr')}"
    )


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
