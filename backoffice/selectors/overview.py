"""Reads across every workshop, for the publisher; each opens the platform's scope."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Min, Sum
from django.utils import timezone

from app.billing.constants import AccessState
from app.billing.models import SubscribedItem, Trial
from app.entitlements.constants import Dimension
from app.entitlements.models import Usage
from app.quotes.models import Quote
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

from ..figures import (
    Cohort,
    Holding,
    Life,
    Month,
    activation_percent,
    cohorts,
    conversion_percent,
    first_payments,
    month_starts,
    monthly,
)

MONTHS_SHOWN = 36
COHORTS_SHOWN = 12


@dataclass(frozen=True)
class Overview:
    """The first page: how many, how much, whither."""

    states: dict[str, int]
    months: list[Month]
    conversion: Decimal | None
    activation: Decimal | None
    cohorts: list[Cohort]
    plans: list[tuple[str, int, Decimal]]
    storage_used: int
    now: datetime

    @property
    def this_month(self) -> Month:
        return self.months[-1]

    @property
    def last_month(self) -> Month | None:
        return self.months[-2] if len(self.months) > 1 else None


def get_overview(now: datetime | None = None) -> Overview:
    """Every figure of the first page from the source rows, in a fixed number of queries."""
    now = now or timezone.now()
    with platform_scope():
        holdings = list_holdings()
        lives = _lives()
        first = min((life.created_at for life in lives), default=now)
        starts = month_starts(first, now)
        return Overview(
            states=_states(),
            months=monthly(holdings, starts, now)[-MONTHS_SHOWN:],
            conversion=conversion_percent(lives, first_payments(holdings), now),
            activation=activation_percent(lives, now),
            cohorts=cohorts(lives, holdings, starts[-COHORTS_SHOWN:], now),
            plans=_plans(),
            storage_used=Usage.objects.filter(dimension=Dimension.STORAGE).aggregate(total=Sum("used"))["total"] or 0,
            now=now,
        )


def _states() -> dict[str, int]:
    counted = Workshop.objects.values_list("access_state").annotate(count=Count("pk")).order_by()
    found = {state or AccessState.READ_ONLY: count for state, count in counted}
    return {state.value: found.get(state.value, 0) for state in AccessState}


def list_holdings() -> list[Holding]:
    """What every workshop has held and at what price, through time; in the platform's scope."""
    rows = SubscribedItem.objects.values_list("workshop_id", "unit_price", "quantity", "starts_at", "ends_at")
    return [Holding(workshop, price * quantity, start, end) for workshop, price, quantity, start, end in rows]


def _lives() -> list[Life]:
    trials = dict(Trial.objects.values_list("workshop_id", "ends_at"))
    sent = Quote.objects.exclude(sent_at=None).values_list("workshop_id").annotate(first=Min("sent_at")).order_by()
    activated = dict(sent)
    created = Workshop.objects.order_by("pk").values_list("pk", "created_at")
    return [Life(pk, at, trials.get(pk), activated.get(pk)) for pk, at in created]


def _plans() -> list[tuple[str, int, Decimal]]:
    """Each plan held now: its name, by how many workshops, for how much a month."""
    held = SubscribedItem.objects.filter(ends_at=None, offer__kind="plan").values_list("offer__name")
    rows = held.annotate(count=Count("pk"), revenue=Sum(F("unit_price") * F("quantity"))).order_by("-count")
    return [(name, count, revenue) for name, count, revenue in rows]
