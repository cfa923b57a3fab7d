"""What the subscription page says, worked out from values: amounts, and what a smaller plan takes away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.kernel.money import cents, percent_of


@dataclass(frozen=True)
class Amounts:
    """Per month, in EUR."""

    excl_tax: Decimal
    tax: Decimal
    incl_tax: Decimal


@dataclass(frozen=True)
class Loss:
    """What a change takes away: features that become read-only, and limits that are already passed."""

    features: tuple[str, ...]
    passed: tuple[tuple[str, int, int], ...]


def amounts(prices: Iterable[tuple[Decimal, int]], *, vat_rate: Decimal) -> Amounts:
    """The sum of (unit price, quantity) with VAT, rounded to the cent on the whole, as the invoice does by line."""
    excl_tax = Decimal(0)
    tax = Decimal(0)
    for unit_price, quantity in prices:
        excl_tax += unit_price * quantity
        tax += percent_of(unit_price * quantity, vat_rate)
    return Amounts(cents(excl_tax), cents(tax), cents(excl_tax + tax))


def loss(
    *, held: Iterable[str], kept: Iterable[str], limits: Mapping[str, int | None], used: Mapping[str, int]
) -> Loss:
    """The features held and not kept, and the dimensions whose use is above the new limit (name, used, limit)."""
    kept_set = frozenset(kept)
    gone = tuple(feature for feature in sorted(held) if feature not in kept_set)
    passed = tuple(
        (dimension, used[dimension], limit)
        for dimension, limit in sorted(limits.items())
        if limit is not None and used.get(dimension, 0) > limit
    )
    return Loss(gone, passed)
