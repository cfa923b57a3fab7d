"""What the page of usage shows: each quota, its log by day, where the month is going, what the next one costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.entitlements.constants import Dimension, Renewal
from app.entitlements.quotas import FULL, Quota, last_days, level_of, local_day, month_end_forecast, renewal_of
from app.entitlements.selectors import list_days, list_quotas
from app.kernel.charts import Bar, bars
from app.tenancy.models import Workshop

from .constants import AccessState
from .models import OveragePrice, SubscribedItem, Subscription, Trial
from .offers import list_overage_prices
from .selectors import find_subscription, find_trial, is_manual, is_subscribed, list_items, vat_rate_of
from .summary import Amounts, amounts
from .usage_words import per_words, quantity_words


@dataclass(frozen=True)
class Row:
    """A quota in words; `percent` and `forecast` are None where there is nothing to compare or to foresee."""

    quota: Quota
    label: str
    used: str
    limit: str
    level: int
    forecast: str | None
    forecast_passes: bool
    overage: str

    @property
    def tone(self) -> str:
        return "bad" if self.level >= FULL else ""

    @property
    def shown_percent(self) -> int:
        """The length of the bar, which stops at its end."""
        return min(FULL, self.quota.percent or 0)


@dataclass(frozen=True)
class Day:
    day: date
    added: str
    refused: int


@dataclass(frozen=True)
class NextMonth:
    """What the next month costs, or would cost with the plan thought of during the trial."""

    amounts: Amounts
    items: tuple[tuple[str, int, Decimal], ...]
    is_supposed: bool
    is_given: bool


def list_rows(workshop: Workshop, now: datetime) -> list[Row]:
    """Every quota that is limited or used."""
    overages = list_overage_prices()
    return [_row(quota, overages.get(quota.dimension), now) for quota in list_quotas(workshop, now)]


def choose(rows: Sequence[Row], asked: str) -> Dimension | None:
    """The dimension whose days are drawn: the one asked for, or the first one."""
    keys = [row.quota.dimension for row in rows]
    if asked in keys:
        return Dimension(asked)
    return Dimension(keys[0]) if keys else None


def list_drawn_days(dimension: Dimension, now: datetime) -> tuple[list[Day], list[Bar]]:
    """The last thirty days of a dimension, the oldest first, and their drawing; what was given back is not drawn."""
    days = last_days(local_day(now))
    log = list_days(dimension, days[0])
    added = [log[day].added if day in log else 0 for day in days]
    refused = [log[day].refused if day in log else 0 for day in days]
    shown = [Day(day, quantity_words(dimension, more), no) for day, more, no in zip(days, added, refused, strict=True)]
    return shown, bars(added)


def next_month(workshop: Workshop) -> NextMonth:
    """The cost of the next month from what is held today, in EUR."""
    held, trial = find_subscription(), find_trial()
    items = _billed_items(held, list_items())
    supposed = not items and _is_trial(workshop) and trial is not None and trial.wanted_plan is not None
    lines = _wanted(trial) if supposed else [(item.offer.name, item.quantity, item.unit_price) for item in items]
    rate = vat_rate_of(workshop)
    return NextMonth(
        amounts=amounts([(price, quantity) for _name, quantity, price in lines], vat_rate=rate),
        items=tuple(lines),
        is_supposed=supposed,
        is_given=is_manual(held) and workshop.access_state == AccessState.ACTIVE,
    )


def _row(quota: Quota, overage: OveragePrice | None, now: datetime) -> Row:
    forecast = month_end_forecast(quota.used, now) if renewal_of(quota.dimension) == Renewal.MONTH else None
    return Row(
        quota=quota,
        label=str(Dimension(quota.dimension).label),
        used=quantity_words(quota.dimension, quota.used),
        limit=quantity_words(quota.dimension, quota.limit),
        level=level_of(quota.used, quota.limit),
        forecast=None if forecast is None else quantity_words(quota.dimension, forecast),
        forecast_passes=forecast is not None and quota.limit is not None and forecast > quota.limit,
        overage=per_words(overage) if overage and quota.limit is not None else "",
    )


def _billed_items(held: Subscription | None, items: Iterable[SubscribedItem]) -> list[SubscribedItem]:
    """What the next invoice will bear: nothing once the subscription is cancelled or given."""
    if held is None or held.cancel_at or not is_subscribed(held):
        return []
    return list(items)


def _is_trial(workshop: Workshop) -> bool:
    return workshop.access_state == AccessState.TRIAL


def _wanted(trial: Trial | None) -> list[tuple[str, int, Decimal]]:
    plan = trial.wanted_plan if trial else None
    return [(plan.name, 1, plan.price_excl_tax)] if plan and plan.price_excl_tax is not None else []
