"""The publisher's figures, from rows: pure functions, in EUR per month excluding tax. See docs/algorithms/figures.md.

A workshop pays at a moment when it holds a plan or option with a price then; what the publisher gives by hand is not
revenue. Months are those of the publisher's clock (Europe/Paris).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Holding:
    """An offer held by a workshop from `starts_at` to `ends_at` (None: still)."""

    workshop_id: int
    amount: Decimal
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Life:
    """The dates of a workshop that the figures need."""

    workshop_id: int
    created_at: datetime
    trial_ends_at: datetime | None
    activated_at: datetime | None


@dataclass(frozen=True)
class Month:
    """A month: revenue and payers at its end, those who came and left during it."""

    starts_at: datetime
    mrr: Decimal
    payers: int
    gained: int
    lost: int
    churn_percent: Decimal | None


@dataclass(frozen=True)
class Cohort:
    """The workshops that signed up in a month; `paying[n]` is how many of them paid n months later."""

    starts_at: datetime
    size: int
    activated: int
    paying: tuple[int, ...]


def month_starts(first: datetime, last: datetime) -> list[datetime]:
    """The first instants of the months from that of `first` to that of `last`, both included."""
    start = first.astimezone(PARIS).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    starts = []
    while start <= last:
        starts.append(start)
        start = next_month(start)
    return starts


def next_month(start: datetime) -> datetime:
    """The first instant of the month after the one that begins at `start`."""
    return (start + timedelta(days=32)).replace(day=1)


def revenue_at(holdings: Iterable[Holding], at: datetime) -> dict[int, Decimal]:
    """What each paying workshop pays per month at this moment; those who pay nothing are absent."""
    revenue: dict[int, Decimal] = defaultdict(Decimal)
    for held in holdings:
        if held.starts_at <= at and (held.ends_at is None or held.ends_at > at):
            revenue[held.workshop_id] += held.amount
    return {workshop: amount for workshop, amount in revenue.items() if amount > 0}


def monthly(holdings: Sequence[Holding], starts: Sequence[datetime], now: datetime) -> list[Month]:
    """One line a month; the one in progress stops at `now`.

    Churn is the share of the payers of the month's first instant who no longer pay at its end; None without payers.
    """
    moments = [*starts, now]
    series = _series(holdings, moments)
    return [_month(start, before, after) for (start, before), (_, after) in pairwise(zip(moments, series, strict=True))]


def _month(start: datetime, before: Mapping[int, Decimal], after: Mapping[int, Decimal]) -> Month:
    lost = len(before.keys() - after.keys())
    return Month(
        starts_at=start,
        mrr=sum(after.values(), Decimal(0)),
        payers=len(after),
        gained=len(after.keys() - before.keys()),
        lost=lost,
        churn_percent=percent(lost, len(before)),
    )


def _series(holdings: Sequence[Holding], moments: Sequence[datetime]) -> list[dict[int, Decimal]]:
    """`revenue_at` each moment (in order), in one pass over the starts and the ends."""
    events = sorted(
        [(held.starts_at, held.workshop_id, held.amount) for held in holdings]
        + [(held.ends_at, held.workshop_id, -held.amount) for held in holdings if held.ends_at],
        key=lambda event: event[0],
    )
    current: dict[int, Decimal] = defaultdict(Decimal)
    series = []
    position = 0
    for moment in moments:
        while position < len(events) and events[position][0] <= moment:
            _, workshop, amount = events[position]
            current[workshop] += amount
            position += 1
        series.append({workshop: amount for workshop, amount in current.items() if amount > 0})
    return series


def conversion_percent(lives: Iterable[Life], first_paid: Mapping[int, datetime], now: datetime) -> Decimal | None:
    """The share of the workshops whose trial is over, or that subscribed before its end, that have ever paid."""
    decided = [
        life
        for life in lives
        if life.workshop_id in first_paid or (life.trial_ends_at is not None and life.trial_ends_at <= now)
    ]
    return percent(sum(life.workshop_id in first_paid for life in decided), len(decided))


def activation_percent(lives: Iterable[Life], now: datetime, within: timedelta = timedelta(days=14)) -> Decimal | None:
    """The share of the workshops old enough to be judged that sent a first quote within this time."""
    judged = [life for life in lives if life.created_at + within <= now]
    activated = sum(life.activated_at is not None and life.activated_at <= life.created_at + within for life in judged)
    return percent(activated, len(judged))


def yearly_churn_percent(holdings: Iterable[Holding], now: datetime) -> Decimal | None:
    """The share of the payers of a year (365 days) ago who do not pay now; None when there were none."""
    held = list(holdings)
    before, after = revenue_at(held, now - timedelta(days=365)), revenue_at(held, now)
    return percent(len(before.keys() - after.keys()), len(before))


def first_payments(holdings: Iterable[Holding]) -> dict[int, datetime]:
    """When each workshop first held something with a price."""
    first: dict[int, datetime] = {}
    for held in holdings:
        if held.amount > 0 and (held.workshop_id not in first or held.starts_at < first[held.workshop_id]):
            first[held.workshop_id] = held.starts_at
    return first


def cohorts(
    lives: Sequence[Life], holdings: Sequence[Holding], starts: Sequence[datetime], now: datetime
) -> list[Cohort]:
    """The sign-ups of each month and how many of them pay at the end of that month and of each one after it."""
    ends = [min(next_month(start), now) for start in starts]
    paying = [frozenset(revenue) for revenue in _series(holdings, ends)]
    found = []
    for index, start in enumerate(starts):
        members = [life for life in lives if start <= life.created_at < next_month(start)]
        keys = {life.workshop_id for life in members}
        activated = sum(life.activated_at is not None for life in members)
        found.append(Cohort(start, len(members), activated, tuple(len(keys & payers) for payers in paying[index:])))
    return found


def percent(part: int, whole: int) -> Decimal | None:
    """A share in per cent with one decimal; None of nothing."""
    return (Decimal(part * 100) / whole).quantize(Decimal("0.1")) if whole else None
