"""Amounts: one rounding per line and per VAT rate, and nothing lost in between."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.money import (
    CENT,
    TaxableLine,
    allocate,
    cents,
    format_money,
    format_number,
    format_percentage,
    percent_of,
    totals,
)

amounts = st.decimals(min_value=-100_000, max_value=100_000, places=2)
weights = st.lists(st.decimals(min_value=0, max_value=1000, places=3), min_size=1, max_size=20)
rates = st.sampled_from([Decimal(0), Decimal("5.5"), Decimal(10), Decimal(20)])
lines = st.lists(st.builds(TaxableLine, amounts, rates), max_size=15)


@pytest.mark.parametrize(
    ("raw", "rounded"),
    [("0.005", "0.01"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("1.004", "1.00")],
)
def test_half_a_cent_goes_away_from_zero(raw: str, rounded: str) -> None:
    assert cents(Decimal(raw)) == Decimal(rounded)


@pytest.mark.spec("QUO-15")
def test_the_tax_is_rounded_once_per_rate_and_not_per_line() -> None:
    foot = totals([TaxableLine(Decimal("0.13"), Decimal(20))] * 3)
    assert foot.total_excl_tax == Decimal("0.39")
    assert foot.vat == Decimal("0.08")  # three roundings of 0.026 would give 0.09
    assert foot.total_incl_tax == Decimal("0.47")


@pytest.mark.spec("QUO-15")
def test_rates_are_kept_apart_and_written_alike() -> None:
    foot = totals(
        [
            TaxableLine(Decimal(100), Decimal("20.00")),
            TaxableLine(Decimal(50), Decimal(10)),
            TaxableLine(Decimal(10), Decimal(20)),
        ],
        discount_percent=Decimal(10),
    )
    assert [(row.rate, row.gross_excl_tax, row.discount, row.base_excl_tax, row.vat) for row in foot.per_rate] == [
        (
            Decimal(20),
            Decimal("110.00"),
            Decimal("11.00"),
            Decimal("99.00"),
            Decimal("19.80"),
        ),
        (
            Decimal(10),
            Decimal("50.00"),
            Decimal("5.00"),
            Decimal("45.00"),
            Decimal("4.50"),
        ),
    ]
    assert foot.total_incl_tax == Decimal("168.30")


def test_a_document_without_lines_is_worth_nothing() -> None:
    assert totals([]).total_incl_tax == 0


@pytest.mark.spec("QUO-15")
@given(lines, st.decimals(min_value=0, max_value=100, places=2))
def test_every_total_is_the_sum_of_what_is_printed(rows: list[TaxableLine], discount: Decimal) -> None:
    foot = totals(rows, discount_percent=discount)
    assert foot.gross_excl_tax == sum(row.net_excl_tax for row in rows)
    assert foot.total_excl_tax == foot.gross_excl_tax - foot.discount
    assert foot.total_incl_tax == foot.total_excl_tax + foot.vat
    for row in foot.per_rate:
        assert abs(row.vat - percent_of(row.base_excl_tax, row.rate)) <= CENT / 2
        assert row.vat == row.vat.quantize(CENT)


@given(amounts, weights)
def test_shares_add_up_and_stay_within_a_cent(amount: Decimal, by: list[Decimal]) -> None:
    shares = allocate(amount, by)
    assert sum(shares) == amount
    if total := sum(by):
        assert all(abs(share - amount * weight / total) < CENT for share, weight in zip(shares, by, strict=True))


def test_three_equal_shares_of_ten_euros() -> None:
    assert allocate(Decimal(10), [Decimal(1)] * 3) == [
        Decimal("3.34"),
        Decimal("3.33"),
        Decimal("3.33"),
    ]


@pytest.mark.parametrize("by", [[], [Decimal(-1), Decimal(2)]])
def test_shares_need_weights_that_are_not_negative(by: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="weight"):
        allocate(Decimal(10), by)


def test_amounts_are_written_as_each_language_writes_them() -> None:
    assert format_money(Decimal("1234.56")) == "1\u202f234,56\u00a0€"
    assert format_money(Decimal("1234.56"), locale="en") == "€1,234.56"
    assert format_number(Decimal("1234.50")) == "1\u202f234,5"
    assert format_percentage(Decimal("5.5")) == "5,5\u00a0%"
