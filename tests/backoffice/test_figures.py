"""Revenue, churn, conversion, cohorts: the same figures, worked out another way from the raw rows."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from app.billing.models import SubscribedItem, Subscription, Trial
from app.billing.services.catalogue import load_plans
from app.dataio.demo.business import load_business
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope
from backoffice.figures import Holding, month_starts, monthly, next_month, percent, revenue_at
from backoffice.selectors import get_overview
from backoffice.selectors.overview import Overview
from tests import factories
from tests.queries import at_most

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIRST, LAST = datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2026-11-19")
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


@st.composite
def holdings(draw: Any) -> Holding:
    start = draw(moments)
    days = draw(st.none() | st.integers(1, 400))
    amount = draw(st.sampled_from([Decimal(0), Decimal(49), Decimal(99), Decimal("20.50")]))
    return Holding(draw(st.integers(1, 6)), amount, start, start + timedelta(days=days) if days else None)


@pytest.mark.spec("BOF-24")
@given(held=st.lists(holdings(), max_size=25))
def test_one_pass_over_the_rows_gives_what_each_moment_says(held: list[Holding]) -> None:
    starts = month_starts(FIRST.replace(tzinfo=UTC), NOW)
    for month, start in zip(monthly(held, starts, NOW), starts, strict=True):
        before = revenue_at(held, start)
        after = revenue_at(held, min(next_month(start), NOW))
        assert month.mrr == sum(after.values(), Decimal(0))
        assert (month.payers, month.lost, month.gained) == (
            len(after),
            len(before.keys() - after.keys()),
            len(after.keys() - before.keys()),
        )
        assert month.churn_percent == percent(month.lost, len(before))


def _live(count: int, seed: int) -> None:
    """Workshops that came, tried, paid, changed plan and left, over three years."""
    random = Random(seed)
    plans = [factories.offer(price_excl_tax=price) for price in (Decimal("49.00"), Decimal("99.00"))]
    with platform_scope():
        workshops = Workshop.objects.bulk_create(
            [Workshop(name=f"Atelier {n}", slug=f"vie-{seed}-{n}", email="a@b.test") for n in range(count)]
        )
        for workshop in workshops:
            workshop.created_at = NOW - timedelta(days=random.randint(1, 1080), minutes=random.randint(0, 1000))
        Workshop.objects.bulk_update(workshops, ["created_at"])
        Trial.objects.bulk_create(
            Trial(workshop=w, started_at=w.created_at, ends_at=w.created_at + timedelta(days=30)) for w in workshops
        )
        subscriptions = Subscription.objects.bulk_create(
            Subscription(workshop=w, status="active") for w in workshops if random.random() < 0.6
        )
        SubscribedItem.objects.bulk_create(item for held in subscriptions for item in _items(held, plans, random))


def _items(held: Subscription, plans: Sequence[Any], random: Random) -> list[SubscribedItem]:
    start = held.workshop.created_at + timedelta(days=random.randint(1, 40))
    items = []
    for plan in random.sample(plans, k=random.randint(1, 2)):
        end = start + timedelta(days=random.randint(5, 500)) if random.random() < 0.7 else None
        items.append(
            SubscribedItem(
                workshop=held.workshop, subscription=held, offer=plan, unit_price=plan.price_excl_tax, starts_at=start,
                ends_at=end,
            )
        )  # fmt: skip
        if end is None:
            break
        start = end
    return items


def _sql(statement: str, *values: Any) -> Any:
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


PAYERS = (
    "SELECT workshop_id FROM billing_subscribeditem WHERE starts_at <= %s AND (ends_at IS NULL OR ends_at > %s) "
    "AND unit_price > 0"
)


def _agrees(figures: Overview) -> None:
    """Each figure of the overview, worked out again by SQL from the rows."""
    for month in figures.months:
        end = min(next_month(month.starts_at), NOW)
        mrr = _sql(
            "SELECT coalesce(sum(unit_price * quantity), 0) FROM billing_subscribeditem "
            "WHERE starts_at <= %s AND (ends_at IS NULL OR ends_at > %s)", end, end,
        )  # fmt: skip
        assert month.mrr == mrr
        lost = _sql(
            f"SELECT count(*) FROM ({PAYERS}) a WHERE workshop_id NOT IN ({PAYERS})",
            month.starts_at, month.starts_at, end, end,
        )  # fmt: skip
        payers = _sql(f"SELECT count(DISTINCT workshop_id) FROM ({PAYERS}) a", month.starts_at, month.starts_at)
        assert (month.lost, month.churn_percent) == (lost, percent(lost, payers))
    ever = _sql("SELECT count(DISTINCT workshop_id) FROM billing_subscribeditem")
    decided = _sql(
        "SELECT count(*) FROM billing_trial t WHERE ends_at <= %s OR EXISTS "
        "(SELECT 1 FROM billing_subscribeditem i WHERE i.workshop_id = t.workshop_id)", NOW,
    )  # fmt: skip
    assert figures.conversion == percent(ever, decided)
    assert sum(figures.states.values()) == _sql("SELECT count(*) FROM tenancy_workshop")
    assert sum(revenue for _name, _count, revenue in figures.plans) == _sql(
        "SELECT sum(unit_price * quantity) FROM billing_subscribeditem WHERE ends_at IS NULL"
    )


@pytest.mark.django_db
@pytest.mark.spec("BOF-06", "BOF-11", "BOF-24")
def test_the_overview_agrees_to_the_cent_with_the_rows_of_a_thousand_workshops() -> None:
    _live(1000, seed=7)
    with at_most(19):
        figures = get_overview(NOW)
    assert len(figures.months) == 36
    assert sum(figures.states.values()) == 1000
    _agrees(figures)


@pytest.mark.django_db
@pytest.mark.spec("BOF-24")
def test_the_overview_agrees_to_the_cent_with_the_rows_of_the_demonstration() -> None:
    load_plans()
    assert load_business(NOW) > 10
    figures = get_overview(NOW)
    assert figures.this_month.mrr > 0
    _agrees(figures)


@pytest.mark.django_db
@pytest.mark.spec("BOF-06")
def test_an_installation_without_anybody_has_figures_too() -> None:
    figures = get_overview(timezone.now())
    assert figures.this_month.mrr == 0
    assert (figures.conversion, figures.activation, figures.plans) == (None, None, [])
