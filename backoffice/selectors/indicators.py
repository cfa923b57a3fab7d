"""The indicators of success against their targets: measured from rows, or said not to be measured."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count
from django.utils import timezone

from app.billing.constants import ExitReason
from app.billing.models import Subscription
from app.quotes.models import Quote
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

from ..figures import Month, percent, yearly_churn_percent
from ..targets import TARGETS, Target
from .overview import get_overview, list_holdings

PERIOD = timedelta(days=30)
LEAVERS_SHOWN = 50
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Indicators:
    """Targets with their values, and why workshops leave."""

    targets: list[Target]
    months: list[Month]
    reasons: list[tuple[str, int]]
    leavers: list[Subscription]
    now: datetime


def get_indicators(now: datetime | None = None) -> Indicators:
    """Everything from the source rows at `now`, in a fixed number of statements."""
    now = now or timezone.now()
    overview = get_overview(now)
    month = overview.this_month
    arpu = (month.mrr / month.payers).quantize(Decimal("0.01")) if month.payers else None
    with platform_scope():
        yearly = yearly_churn_percent(list_holdings(), now)
        values: dict[str, Decimal | None] = {
            "trials": Decimal(Workshop.objects.filter(created_at__gt=now - PERIOD, created_at__lte=now).count()),
            "conversion": overview.conversion,
            "first_quote": _with_a_quote(),
            "monthly_churn": overview.last_month.churn_percent if overview.last_month else None,
            "yearly_churn": yearly,
            "renewal": None if yearly is None else 100 - yearly,
            "mrr": month.mrr,
            "arpu": arpu,
            "ltv": None if arpu is None else arpu * 12,
        }
        return Indicators(
            targets=[replace(target, value=values.get(target.key)) for target in TARGETS],
            months=overview.months[-MONTHS_SHOWN:],
            reasons=_reasons(),
            leavers=_leavers(),
            now=now,
        )


def _with_a_quote() -> Decimal | None:
    wrote = Quote.objects.aggregate(count=Count("workshop_id", distinct=True))["count"]
    return percent(wrote, Workshop.objects.count())


def _reasons() -> list[tuple[str, int]]:
    counted = Subscription.objects.exclude(exit_reason="").values_list("exit_reason").annotate(count=Count("pk"))
    labels = dict(ExitReason.choices)
    return [(str(labels.get(reason, reason)), count) for reason, count in counted.order_by("-count")]


def _leavers() -> list[Subscription]:
    """Those who answered, the latest to leave first; the reason in words."""
    answered = Subscription.objects.exclude(exit_reason="").select_related("workshop", "plan")
    return list(answered.order_by("-cancel_at", "-pk")[:LEAVERS_SHOWN])
