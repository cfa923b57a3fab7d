"""Service credits: the rule, who is owed what for a month, and the one line on the next invoice."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.models import AuditEntry
from app.billing.constants import CreditState
from app.billing.credits import credit_of, share_exceeded
from app.billing.models import Offer, SaasInvoice, ServiceCredit, SubscribedItem, Subscription
from app.billing.services.catalogue import load_plans
from app.billing.services.credits import apply_credit, line_of, month_bounds, work_out_credits
from app.billing.tasks import mind
from app.kernel.errors import RuleError
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope, workshop_scope

from .conftest import Life

OCTOBER = date(2026, 10, 1)
percents = st.decimals(0, 100, places=3)


@pytest.mark.spec("STA-07")
@pytest.mark.parametrize(
    ("guaranteed", "measured", "amount"),
    [("99.5", "99.3", "4.00"), ("99.5", "99.5", "0.00"), ("99.5", "100", "0.00"), ("99.5", "99.0", "10.00"),
     ("99.9", "99.85", "5.00"), ("99.9", "98", "10.00"), ("99.9", "0", "10.00")],
)  # fmt: skip
def test_the_share_of_the_allowance_that_was_passed_scales_ten_percent(
    guaranteed: str, measured: str, amount: str
) -> None:
    owed = credit_of(invoiced=Decimal(100), guaranteed=Decimal(guaranteed), measured=Decimal(measured))
    assert owed == Decimal(amount)


@pytest.mark.spec("STA-07")
@given(
    guaranteed=st.decimals(0, Decimal("99.999"), places=3),
    measured=percents,
    invoiced=st.decimals(-500, 5000, places=2),
)
def test_a_credit_is_never_negative_nor_more_than_ten_percent(
    guaranteed: Decimal, measured: Decimal, invoiced: Decimal
) -> None:
    owed = credit_of(invoiced=invoiced, guaranteed=guaranteed, measured=measured)
    assert 0 <= owed <= max(invoiced, Decimal(0)) / 10 + Decimal("0.005")
    if measured >= guaranteed:
        assert owed == 0


def test_nobody_can_guarantee_every_second() -> None:
    with pytest.raises(ValueError, match="leaves some downtime"):
        share_exceeded(guaranteed=Decimal(100), measured=Decimal(99))


@pytest.mark.parametrize(("month", "last"), [(date(2026, 12, 1), 2027), (date(2026, 11, 1), 2026)])
def test_a_month_ends_where_the_next_one_begins(month: date, last: int) -> None:
    start, end = month_bounds(month)
    assert (start.month, end.day, end.year) == (month.month, 1, last)


def _pay(workshop: Workshop, key: str, *, amount: str = "49.00", status: str = "paid", day: int = 5) -> None:
    with workshop_scope(workshop.pk):
        held, _new = Subscription.objects.get_or_create(workshop=workshop, defaults={"status": "active"})
        SubscribedItem.objects.create(
            workshop=workshop, subscription=held, offer=Offer.objects.get(key=key), unit_price=Decimal(amount),
            starts_at=datetime(2026, 9, 5, tzinfo=UTC), ends_at=datetime(2026, 10, 20, tzinfo=UTC),
        )  # fmt: skip
        _invoice(workshop, amount, status, datetime(2026, 10, day, tzinfo=UTC))


def _invoice(workshop: Workshop, amount: str, status: str, at: datetime) -> None:
    values: dict[str, Any] = {"total_excl_tax": amount, "tax": 0, "total_incl_tax": amount, "issued_at": at}
    count = SaasInvoice.objects.count()
    SaasInvoice.objects.create(workshop=workshop, stripe_invoice_id=f"in_{count}", status=status, **values)


@pytest.mark.django_db
@pytest.mark.spec("STA-07", "STA-08")
def test_each_workshop_that_paid_in_the_month_is_owed_its_share_once(
    workshop: Workshop, other_workshop: Workshop
) -> None:
    load_plans()
    _pay(workshop, "lite")
    _pay(workshop, "pro", amount="99.00")
    _pay(other_workshop, "lite", status="void")
    with workshop_scope(workshop.pk):
        _invoice(workshop, "500.00", "paid", datetime(2026, 11, 1, tzinfo=UTC))
    assert work_out_credits(month=OCTOBER, measured=Decimal("99.850")) == 1
    assert work_out_credits(month=OCTOBER, measured=Decimal("90")) == 0
    with platform_scope():
        credit = ServiceCredit.objects.get()
    # The best guarantee (99.9), half of its allowance, 148 EUR issued in October: 148 × 10 % × 0.5.
    assert (credit.workshop_id, credit.guaranteed, credit.invoiced) == (workshop.pk, Decimal("99.9"), Decimal(148))
    assert (credit.amount, credit.state) == (Decimal("7.40"), CreditState.DUE)
    with pytest.raises(RuleError):
        work_out_credits(month=date(2099, 1, 1), measured=Decimal(99))


@pytest.mark.django_db
@pytest.mark.spec("SUB-10", "STA-08")
def test_a_credit_is_one_line_of_the_next_invoice_whatever_is_tried_again(life: Life) -> None:
    life.subscribe("lite")
    with workshop_scope(life.workshop.pk):
        credit = ServiceCredit.objects.create(
            workshop=life.workshop, month=OCTOBER, guaranteed=Decimal("99.5"), measured=Decimal("99.3"),
            invoiced=Decimal(49), amount=Decimal("1.96"),
        )  # fmt: skip
    with life.capture(execute=True):
        mind()  # the hourly job finds what waits
    apply_credit(workshop_id=life.workshop.pk, credit_pk=credit.pk)
    with workshop_scope(life.workshop.pk):
        credit.refresh_from_db()
        assert credit.state == CreditState.APPLIED and credit.stripe_item_id
        assert AuditEntry.objects.filter(action="credit.applied").count() == 1
    assert "octobre 2026" in line_of(credit) and "1,96" in line_of(credit)
    life.wait(days=31)
    assert [invoice.total_excl_tax for invoice in life.invoices()] == [Decimal("49.00"), Decimal("47.04")]
    life.wait(days=31)
    assert life.invoices()[-1].total_excl_tax == Decimal("49.00")


@pytest.mark.django_db
@pytest.mark.spec("STA-08")
def test_a_credit_waits_for_a_subscription(workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        credit = ServiceCredit.objects.create(
            workshop=workshop, month=OCTOBER, guaranteed=Decimal("99.5"), measured=Decimal(99),
            invoiced=Decimal(49), amount=Decimal("4.90"),
        )  # fmt: skip
    apply_credit(workshop_id=workshop.pk, credit_pk=credit.pk)
    with workshop_scope(workshop.pk):
        credit.refresh_from_db()
    assert credit.state == CreditState.DUE
