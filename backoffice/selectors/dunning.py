"""Who owes, what failed, and the credits that the publisher owes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils import timezone

from app.billing.constants import NoticeState, OrderState
from app.billing.credits import share_exceeded
from app.billing.models import BillingOrder, ChangeNotice, SaasInvoice, ServiceCredit, Subscription
from app.billing.selectors import get_saas_settings
from app.kernel.pagination import Page, keyset_page
from app.notify.models import WorkshopEmail
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

from ..models import MeasuredMonth

REMINDERS = ("saas_failed", "saas_reminder", "premium_suspended", "access_suspended")
MOST = 200
REFUSED_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Unpaid:
    """A workshop that owes."""

    workshop: Workshop
    since: datetime
    amount: Decimal
    suspended_on: datetime
    reminders: int
    last_reminder_at: datetime | None


@dataclass(frozen=True)
class Dunning:
    """Everything about money that did not come, and work with the payment service that did not end."""

    unpaid: list[Unpaid]
    notices: list[ChangeNotice]
    orders: list[BillingOrder]

    @property
    def total(self) -> Decimal:
        """What is owed, in EUR with tax."""
        return sum((row.amount for row in self.unpaid), Decimal(0))


def get_dunning(now: datetime | None = None) -> Dunning:
    """Read across every workshop, in a fixed number of statements; at most 200 lines of each."""
    now = now or timezone.now()
    with platform_scope():
        failed = ChangeNotice.objects.filter(state=NoticeState.FAILED).select_related("workshop", "change")
        waiting = BillingOrder.objects.filter(state=OrderState.WAITING).select_related("workshop")
        refused = BillingOrder.objects.filter(state=OrderState.REFUSED, created_at__gt=now - REFUSED_FOR)
        return Dunning(
            unpaid=_list_unpaid(),
            notices=list(failed.order_by("-pk")[:MOST]),
            orders=[
                *waiting.order_by("next_attempt_at")[:MOST],
                *refused.select_related("workshop").order_by("-pk")[:MOST],
            ],
        )


def _list_unpaid() -> list[Unpaid]:
    held = Subscription.objects.exclude(past_due_since=None).select_related("workshop").order_by("past_due_since")
    rows = list(held[:MOST])
    keys = [row.workshop_id for row in rows]
    owed = SaasInvoice.objects.filter(workshop__in=keys, status="open").values_list("workshop_id").order_by()
    amounts = dict(owed.annotate(total=Sum("amount_due")))
    told: dict[int, list[datetime]] = {}
    mails = WorkshopEmail.objects.filter(workshop__in=keys, kind__in=REMINDERS).order_by("created_at")
    for workshop_id, at in mails.values_list("workshop_id", "created_at"):
        told.setdefault(workshop_id, []).append(at)
    delay = timedelta(days=get_saas_settings().days_before_suspension)
    return [_unpaid(row, amounts.get(row.workshop_id), told.get(row.workshop_id, []), delay) for row in rows]


def _unpaid(row: Subscription, amount: Decimal | None, told: list[datetime], delay: timedelta) -> Unpaid:
    since = row.past_due_since
    assert since is not None  # the query asked for those that have one
    reminders = [at for at in told if at >= since]
    return Unpaid(
        workshop=row.workshop,
        since=since,
        amount=amount or Decimal(0),
        suspended_on=since + delay,
        reminders=len(reminders),
        last_reminder_at=reminders[-1] if reminders else None,
    )


def list_measured_months() -> list[MeasuredMonth]:
    """The measured months, newest first, each with how many credits it owes and their total."""
    with platform_scope():
        counted = ServiceCredit.objects.values_list("month").annotate(Count("pk"), Sum("amount")).order_by()
        credits = {month: (count, total) for month, count, total in counted}
        months = list(MeasuredMonth.objects.all()[:60])
        for row in months:
            row.credits, row.credited = credits.get(row.month, (0, Decimal(0)))  # type: ignore[attr-defined]
        return months


def is_measured(month: date) -> bool:
    """Whether a month (its first day) was closed."""
    with platform_scope():
        return MeasuredMonth.objects.filter(month=month).exists()


def get_credits(*, cursor: str | None) -> Page[ServiceCredit]:
    """A page of service credits, newest first, each with the `share` (%) of the allowance that was passed."""
    with platform_scope():
        rows = ServiceCredit.objects.select_related("workshop")
        page = keyset_page(rows, keys=("-month", "-id"), cursor=cursor)
        for credit in page.rows:
            share = share_exceeded(guaranteed=credit.guaranteed, measured=credit.measured)
            credit.share = round(share * 100, 1)  # type: ignore[attr-defined]
        return page
