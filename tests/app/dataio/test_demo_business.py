"""The publisher's demonstration: small workshops whose rows give the figures, once and cheaply."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.billing.constants import AccessState
from app.billing.services.catalogue import load_plans
from app.dataio.demo.business import LIVES, load_business
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope
from backoffice.selectors.dunning import get_dunning
from backoffice.selectors.indicators import get_indicators
from backoffice.selectors.overview import get_overview
from tests.queries import at_most

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PRICES = {"lite": Decimal(49), "pro": Decimal(99)}

pytestmark = pytest.mark.django_db


def _due(at: datetime) -> Decimal:
    """What the lives say is held at a moment, without the rows."""
    ago = (NOW - at) / timedelta(days=1)
    held = [(key, start, end) for life in LIVES for key, start, end in life.held]
    return sum((PRICES[key] for key, start, end in held if start >= ago and (end is None or end < ago)), Decimal(0))


@pytest.mark.spec("BOF-24", "BOF-06")
def test_the_figures_are_those_of_the_lives() -> None:
    assert load_business(NOW) == 0  # nothing is sold yet
    load_plans()
    assert load_business(NOW) == len(LIVES)
    figures = get_overview(NOW)
    assert len(figures.months) == 18 + 1
    assert figures.this_month.mrr == _due(NOW) > 0
    for month, following in zip(figures.months, figures.months[1:], strict=False):
        assert month.mrr == _due(following.starts_at)
    paid, decided = sum(bool(life.held) for life in LIVES), sum(life.opened > 30 for life in LIVES)
    assert figures.conversion == round(Decimal(paid * 100) / decided, 1)
    [unpaid] = get_dunning(NOW).unpaid
    assert (unpaid.amount, unpaid.workshop.name) == (Decimal("58.80"), "Hérault Couleurs (démonstration)")
    assert sum(count for _label, count in get_indicators(NOW).reasons) == 2


def test_it_is_made_once_and_each_workshop_says_that_it_is_a_demonstration() -> None:
    load_plans()
    with at_most(30 * len(LIVES)):
        load_business(NOW)
    with at_most(2):
        assert load_business(NOW) == 0
    with platform_scope():
        rows = list(Workshop.objects.values_list("name", "access_state"))
    assert all("démonstration" in name for name, _state in rows)
    states = [state for _name, state in rows]
    assert {AccessState.ACTIVE, AccessState.TRIAL, AccessState.LIMITED, AccessState.READ_ONLY} == set(states)
