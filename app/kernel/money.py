"""Amounts in euros: exact decimals, rounded to the cent in as few places as possible.

Rounding rule of every document: each line once, then the tax once per VAT rate. Nothing else is
rounded, so a total is always the sum of what is printed above it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TypeAlias

from babel.numbers import format_currency, format_decimal, format_percent

CENT = Decimal("0.01")
ZERO = Decimal("0.00")

Percent: TypeAlias = Decimal
"""A percentage as people write it: Decimal("20") is 20 %."""


def cents(amount: Decimal) -> Decimal:
    """Round to the cent, half away from zero (the commercial rule)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def percent_of(amount: Decimal, percent: Percent) -> Decimal:
    """The share of an amount, not rounded: percent_of(200, 5.5) is 11."""
    return amount * percent / 100


def allocate(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Share an amount of whole cents by weight so that the shares add up to it exactly.

    The cents left by rounding down go to the largest remainders, first come first served. With no
    weight at all the shares are equal. Raises ValueError without any weight or with a negative one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("allocate needs at least one weight, none of them negative")
    total = sum(weights)
    if not total:
        weights, total = [Decimal(1)] * len(weights), Decimal(len(weights))
    exact = [cents(amount) * weight / total for weight in weights]
    shares = [share.quantize(CENT, rounding=ROUND_DOWN) for share in exact]
    left = int((cents(amount) - sum(shares)) / CENT)
    by_remainder = sorted(range(len(exact)), key=lambda i: -abs(exact[i] - shares[i]))
    step = CENT if left > 0 else -CENT
    for index in by_remainder[: abs(left)]:
        shares[index] += step
    return shares


@dataclass(frozen=True, slots=True)
class TaxableLine:
    """A line of a document: its total, already rounded to the cent, and its VAT rate."""

    net_excl_tax: Decimal
    vat_rate: Percent


@dataclass(frozen=True, slots=True)
class VatTotal:
    """What one VAT rate adds up to."""

    rate: Percent
    gross_excl_tax: Decimal
    discount: Decimal
    base_excl_tax: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """The foot of a document."""

    per_rate: tuple[VatTotal, ...]

    @property
    def gross_excl_tax(self) -> Decimal:
        """Sum of the lines before the discount of the document."""
        return sum((row.gross_excl_tax for row in self.per_rate), ZERO)

    @property
    def discount(self) -> Decimal:
        """Discount of the document, all rates together."""
        return sum((row.discount for row in self.per_rate), ZERO)

    @property
    def total_excl_tax(self) -> Decimal:
        """Net total before tax."""
        return sum((row.base_excl_tax for row in self.per_rate), ZERO)

    @property
    def vat(self) -> Decimal:
        """Tax, all rates together."""
        return sum((row.vat for row in self.per_rate), ZERO)

    @property
    def total_incl_tax(self) -> Decimal:
        """What the customer pays."""
        return self.total_excl_tax + self.vat


def totals(lines: Iterable[TaxableLine], *, discount_percent: Percent = ZERO) -> Totals:
    """Add up lines by VAT rate, highest rate first; the discount and the tax are rounded once per rate."""
    gross: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = line.vat_rate.normalize()
        gross[rate] = gross.get(rate, ZERO) + cents(line.net_excl_tax)
    rows = []
    for rate in sorted(gross, reverse=True):
        discount = cents(percent_of(gross[rate], discount_percent))
        base = gross[rate] - discount
        rows.append(VatTotal(rate, gross[rate], discount, base, cents(percent_of(base, rate))))
    return Totals(tuple(rows))


def format_money(amount: Decimal, *, locale: str = "fr", currency: str = "EUR") -> str:
    """`1 234,56 €` with the spaces that do not break, as the locale wants them."""
    amount = cents(amount)
    positive, negative, group, point = _money_shape(babel_locale(locale), currency)
    whole, _, decimals = f"{abs(amount):,}".partition(".")
    return (negative if amount.is_signed() else positive).format(f"{whole.replace(',', group)}{point}{decimals}")


@lru_cache(maxsize=64)
def _money_shape(locale: str, currency: str) -> tuple[str, str, str, str]:
    """How Babel writes money: around the digits when positive and when negative, between thousands, before cents.

    Learnt from two samples: asking Babel for each row of a list costs ten times as much.
    """
    written = [str(format_currency(Decimal(sample), currency, locale=locale)) for sample in ("1234.56", "-1234.56")]
    found = re.search(r"1(\D*)234(\D+)56", written[0])
    if found is None:
        raise ValueError(f"money of {locale} is not written in groups of three digits with two decimals")
    positive, negative = (text.replace(found.group(), "{}") for text in written)
    return positive, negative, found.group(1), found.group(2)


def format_number(value: Decimal, *, locale: str = "fr", decimals: int = 2) -> str:
    """`1 234,5`: at most so many decimals, none that are zeros."""
    return str(format_decimal(value, f"#,##0.{'#' * decimals}", locale=babel_locale(locale)))


def format_percentage(percent: Percent, *, locale: str = "fr") -> str:
    """`5,5 %`: at most two decimals."""
    return str(format_percent(percent / 100, "#,##0.##\u00a0%", locale=babel_locale(locale)))


def without_zeros(value: Decimal) -> Decimal:
    """The same number with no useless decimals: 30 for 30.00, 12.5 for 12.50."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def babel_locale(language: str) -> str:
    """Django writes `fr-ca`, Babel `fr_CA`."""
    language, _, country = language.partition("-")
    return f"{language}_{country.upper()}" if country else language
