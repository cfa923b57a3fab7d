"""Indicators against their targets: measured or said not to be, never made up; and why workshops leave."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from app.billing.models import Subscription
from app.billing.services.leaving import keep_exit_answer
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from backoffice.figures import Holding, yearly_churn_percent
from backoffice.selectors.indicators import get_indicators
from tests.backoffice.test_figures import _live
from tests.queries import at_most

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MEASURED = {"trials", "conversion", "first_quote", "monthly_churn", "yearly_churn", "renewal", "mrr", "arpu", "ltv"}


@pytest.mark.spec("LCH-23")
def test_churn_over_a_year_is_of_those_who_paid_a_year_ago() -> None:
    old, year = NOW - timedelta(days=500), timedelta(days=365)
    held = [
        Holding(1, Decimal(49), old, None),
        Holding(2, Decimal(49), old, NOW - timedelta(days=10)),
        Holding(3, Decimal(49), NOW - timedelta(days=30), None),
        Holding(4, Decimal(0), old, NOW - timedelta(days=10)),
        Holding(5, Decimal(49), old, NOW - year - timedelta(days=1)),
    ]
    assert yearly_churn_percent(held, NOW) == Decimal("50.0")
    assert yearly_churn_percent([], NOW) is None


@pytest.mark.django_db
@pytest.mark.spec("BOF-17", "LCH-20", "LCH-21", "LCH-23", "LCH-24", "BOF-24")
def test_what_is_measured_comes_from_the_rows_and_the_rest_has_no_value() -> None:
    _live(200, seed=3)
    with at_most(30):
        found = get_indicators(NOW)
    values = {target.key: target.value for target in found.targets}
    assert {key for key, value in values.items() if value is not None} == MEASURED
    month = found.months[-1]
    assert (values["mrr"], values["arpu"]) == (month.mrr, round(month.mrr / month.payers, 2))
    assert values["renewal"] == 100 - values["yearly_churn"]  # type: ignore[operator]
    reached = {target.key: target.is_reached for target in found.targets}
    assert reached["visits"] is None
    assert reached["monthly_churn"] == (values["monthly_churn"] < 5)  # type: ignore[operator]


@pytest.mark.django_db
@pytest.mark.spec("SUB-12", "BOF-17")
def test_the_answers_of_those_who_leave_are_read(publisher_client: Client, workshop: Workshop) -> None:
    empty = publisher_client.get("/editeur/objectifs/").context["found"]
    assert (empty.reasons, empty.leavers) == ([], [])
    with workshop_scope(workshop.pk):
        Subscription.objects.create(workshop=workshop, status="canceled", ended_at=NOW)
        keep_exit_answer(workshop=workshop, reason="price", comment="Trop cher l’hiver")
    answer = publisher_client.get("/editeur/objectifs/")
    assert [count for _label, count in answer.context["found"].reasons] == [1]
    assert "Trop cher l’hiver" in answer.content.decode()
