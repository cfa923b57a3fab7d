"""Weights as people type and copy them."""

from decimal import Decimal

import pytest

from app.stock.forms import PlanForm, WeighForm, kilograms


@pytest.mark.spec("STK-02")
@pytest.mark.parametrize("typed", ["1234,5", "1 234,5", "1\u202f234,5", "1\u00a0234.5"])
def test_a_weight_is_read_with_the_spaces_of_our_own_pages(typed: str) -> None:
    assert kilograms("Brut").clean(typed) == Decimal("1234.5")
    assert WeighForm.base_fields["gross"].clean(typed) == Decimal("1234.5")


@pytest.mark.spec("STK-08")
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_no_inventory_is_planned_at_the_ends_of_the_calendar(day: str) -> None:
    form = PlanForm({"name": "Un jour", "starts_on": day, "ends_on": day, "most_used": "10"})
    assert set(form.errors) == {"starts_on", "ends_on"}
