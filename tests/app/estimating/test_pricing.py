"""Prices of quotes: the worked examples of the documentation and the laws that hold for any quote."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimating.consumption import PowderUse
from app.estimating.pricing import (
    Coating,
    Job,
    Margin,
    PricedItem,
    energy_cost,
    estimate,
    split_deposit,
)
from app.kernel.money import cents

money = st.decimals(min_value=0, max_value=5000, places=2)
percents = st.decimals(min_value=0, max_value=100, places=1)
rates = st.sampled_from([Decimal(0), Decimal("5.5"), Decimal(10), Decimal(20)])
coatings = st.builds(
    Coating,
    st.builds(PowderUse, st.decimals(min_value=1, max_value=400, places=1)),
    st.decimals(min_value=0, max_value=60, places=4),
    st.integers(min_value=1, max_value=3),
)
jobs = st.builds(
    Job,
    surface_m2=st.decimals(min_value=0, max_value=300, places=4),
    quantity=st.integers(min_value=0, max_value=500).map(Decimal),
    coatings=st.lists(coatings, max_size=3).map(tuple),
    labour_minutes=st.decimals(min_value=0, max_value=6000, places=0),
    hourly_rate=money,
    vat_rate=rates,
    consumables=money,
    energy=money,
    discount_percent=percents,
)
items = st.builds(
    PricedItem,
    money,
    st.integers(min_value=0, max_value=50).map(Decimal),
    rates,
    percents,
)
quotes = st.lists(st.one_of(jobs, items), max_size=8)
margins = st.builds(Margin, percents, percents, money)

SHUTTERS = Job(
    surface_m2=Decimal("1.44"),
    quantity=Decimal(10),
    coatings=(
        Coating(PowderUse(Decimal(120)), Decimal("12.50"), coats=2),
        Coating(PowderUse(Decimal(100)), Decimal("9.00")),
    ),
    labour_minutes=Decimal(150),
    hourly_rate=Decimal(45),
    vat_rate=Decimal(20),
    consumables=Decimal(15),
    energy=Decimal(12),
)
MARGIN = Margin(powder_percent=Decimal(40), labour_percent=Decimal(30), fixed=Decimal(25))


@pytest.mark.spec("QUO-02", "QUO-04", "QUO-05")
def test_the_worked_example_of_the_shutters() -> None:
    quote = estimate([SHUTTERS], margin=MARGIN)
    parts = quote.lines[0].breakdown
    assert parts.powder_kg == (Decimal("3.456"), Decimal("1.44"))
    assert (parts.powder, parts.labour) == (Decimal("56.16"), Decimal("112.5"))
    assert (parts.powder_margin, parts.labour_margin, parts.fixed_margin) == (
        Decimal("22.464"),
        Decimal("33.75"),
        Decimal(25),
    )
    assert quote.lines[0].total_excl_tax == Decimal("276.87")
    assert quote.lines[0].unit_price == Decimal("27.69")
    assert (quote.totals.vat, quote.totals.total_incl_tax) == (
        Decimal("55.37"),
        Decimal("332.24"),
    )
    assert (quote.cost, quote.margin, quote.powder_kg) == (
        Decimal("195.66"),
        Decimal("81.21"),
        Decimal("4.896"),
    )


@pytest.mark.spec("QUO-05")
def test_the_fixed_margin_is_shared_between_jobs_by_cost_and_counted_once() -> None:
    small = replace(
        SHUTTERS,
        quantity=Decimal(1),
        labour_minutes=Decimal(15),
        consumables=Decimal(0),
        energy=Decimal(0),
    )
    quote = estimate(
        [SHUTTERS, small, PricedItem(Decimal(40), Decimal(1), Decimal(20))],
        margin=MARGIN,
    )
    shares = [line.breakdown.fixed_margin for line in quote.lines]
    assert sum(shares) == Decimal(25)
    assert shares[0] > shares[1] > 0 == shares[2]


def test_an_item_sold_at_a_price_has_no_margin_and_keeps_its_discount() -> None:
    quote = estimate(
        [PricedItem(Decimal("19.99"), Decimal(3), Decimal(20), Decimal(10))],
        margin=MARGIN,
    )
    assert quote.lines[0].gross_excl_tax == Decimal("59.97")
    assert quote.lines[0].total_excl_tax == Decimal("53.97")


@pytest.mark.spec("QUO-15")
@given(quotes, margins, percents)
def test_a_quote_adds_up_whatever_is_in_it(lines: list[Job | PricedItem], margin: Margin, discount: Decimal) -> None:
    quote = estimate(lines, margin=margin, discount_percent=discount)
    foot = quote.totals
    assert foot.gross_excl_tax == sum(line.total_excl_tax for line in quote.lines)
    assert foot.total_incl_tax == foot.gross_excl_tax - foot.discount + foot.vat
    assert 0 <= foot.total_excl_tax <= foot.gross_excl_tax
    for line in quote.lines:
        exact = line.breakdown.price * (1 - line.discount_percent / 100)
        assert line.total_excl_tax == cents(exact)


@pytest.mark.spec("QUO-05")
@given(quotes, margins)
def test_without_discount_the_price_is_the_cost_plus_the_margin(lines: list[Job | PricedItem], margin: Margin) -> None:
    quote = estimate([replace(line, discount_percent=Decimal(0)) for line in lines], margin=margin)
    has_job = any(isinstance(line, Job) for line in lines)
    added = sum((line.breakdown.fixed_margin for line in quote.lines), Decimal(0))
    assert added == (margin.fixed if has_job else 0)
    for line in quote.lines:
        assert line.total_excl_tax >= cents(line.breakdown.cost)


@given(quotes, margins)
def test_the_order_of_the_lines_does_not_change_the_price(lines: list[Job | PricedItem], margin: Margin) -> None:
    without_fixed = replace(margin, fixed=Decimal(0))
    backwards = estimate(lines[::-1], margin=without_fixed)
    assert estimate(lines, margin=without_fixed).totals == backwards.totals


def test_energy_follows_the_curing() -> None:
    energy = energy_cost(oven_kw=Decimal(40), minutes=Decimal(30), price_per_kwh=Decimal("0.18"))
    assert energy == Decimal("3.60")


@pytest.mark.spec("QUO-14")
@given(st.decimals(min_value=0, max_value=50_000, places=2), percents, st.none() | money)
def test_deposit_and_balance_make_the_total(total: Decimal, percent: Decimal, amount: Decimal | None) -> None:
    terms = split_deposit(total, percent=percent, amount=amount)
    assert terms.deposit + terms.balance == total
    assert 0 <= terms.deposit <= total


@pytest.mark.spec("QUO-14")
def test_a_deposit_of_thirty_percent_and_one_of_an_amount() -> None:
    assert split_deposit(Decimal("332.24"), percent=Decimal(30)).deposit == Decimal("99.67")
    assert split_deposit(Decimal("332.24"), percent=Decimal(30), amount=Decimal(100)).deposit == Decimal(100)
    assert split_deposit(Decimal("332.24")).balance == Decimal("332.24")


def test_negative_values_are_refused() -> None:
    for bad in (
        replace(SHUTTERS, quantity=Decimal(-1)),
        replace(SHUTTERS, labour_minutes=Decimal(-1)),
        replace(SHUTTERS, energy=Decimal(-1)),
        PricedItem(Decimal(10), Decimal(-1), Decimal(20)),
    ):
        with pytest.raises(ValueError, match="negative"):
            estimate([bad], margin=MARGIN)
