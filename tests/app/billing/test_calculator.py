"""What a use would cost."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.billing.calculator import Sold, cheapest

LITE = Sold("Lite", Decimal(49), {"projects": 50, "storage": 20})
PRO = Sold("Pro", Decimal(99), {"projects": None, "storage": 20})
MORE = Sold("Stockage", Decimal(10), {"storage": 100})

pytestmark = pytest.mark.spec("PLN-15")
plans = st.lists(
    st.builds(
        Sold,
        st.sampled_from("ABC"),
        st.decimals(0, 500, places=2),
        st.fixed_dictionaries(
            {"projects": st.none() | st.integers(0, 200), "storage": st.none() | st.integers(0, 200)}
        ),
    ),
    max_size=4,
)


def test_the_smallest_plan_that_allows_it() -> None:
    found = cheapest({"projects": 50, "storage": 20}, plans=[LITE, PRO], options=[MORE])
    assert found is not None
    assert (found.plan, found.total) == ("Lite", Decimal("49.00"))


def test_one_project_more_asks_for_the_next_plan() -> None:
    found = cheapest({"projects": 51, "storage": 20}, plans=[LITE, PRO], options=[MORE])
    assert found is not None
    assert (found.plan, found.total) == ("Pro", Decimal("99.00"))


@pytest.mark.parametrize(("gigabytes", "quantity"), [(21, 1), (120, 1), (121, 2), (320, 3)])
def test_storage_is_added_by_whole_options(gigabytes: int, quantity: int) -> None:
    found = cheapest({"projects": 10, "storage": gigabytes}, plans=[LITE, PRO], options=[MORE])
    assert found is not None
    assert [(line.name, line.quantity) for line in found.lines] == [("Lite", 1), ("Stockage", quantity)]
    assert found.total == Decimal(49 + 10 * quantity)


def test_without_an_option_that_adds_it_is_on_quotation() -> None:
    assert cheapest({"storage": 21}, plans=[LITE, PRO], options=[]) is None
    assert cheapest({"storage": 21}, plans=[], options=[MORE]) is None


@given(plans, st.integers(0, 300), st.integers(0, 300))
def test_asking_for_less_never_costs_more_and_what_is_found_allows_what_was_asked(
    offered: list[Sold], projects: int, storage: int
) -> None:
    wanted = {"projects": projects, "storage": storage}
    found = cheapest(wanted, plans=offered, options=[MORE])
    less = cheapest({"projects": projects // 2, "storage": storage // 2}, plans=offered, options=[MORE])
    if found is None:
        return
    assert less is not None
    assert less.total <= found.total
    plan = next(plan for plan in offered if plan.name == found.plan and plan.price == found.lines[0].amount)
    assert found.total >= plan.price
