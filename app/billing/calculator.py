"""What a use would cost a month, worked out from what is sold: no clock, no database.

See docs/algorithms/quotas.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.kernel.money import cents


@dataclass(frozen=True)
class Sold:
    """A plan or option: EUR per month excluding tax, and its limits (absent or None: unlimited in a plan)."""

    name: str
    price: Decimal
    limits: Mapping[str, int | None]


@dataclass(frozen=True)
class Line:
    """A plan or option of an estimate, so many times."""

    name: str
    quantity: int
    amount: Decimal


@dataclass(frozen=True)
class Estimate:
    """The plan first, then its options; EUR per month, excluding tax."""

    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        return cents(sum((line.amount for line in self.lines), Decimal(0)))

    @property
    def plan(self) -> str:
        return self.lines[0].name


def cheapest(wanted: Mapping[str, int], *, plans: Sequence[Sold], options: Sequence[Sold]) -> Estimate | None:
    """The least expensive plan, with the options that it lacks, that allows what is wanted; None when none does.

    At the same price, the plan that comes first in the catalogue.
    """
    found = [estimate for plan in plans if (estimate := _with_options(wanted, plan, options))]
    return min(found, key=lambda estimate: estimate.total, default=None)


def _with_options(wanted: Mapping[str, int], plan: Sold, options: Sequence[Sold]) -> Estimate | None:
    lines = [Line(plan.name, 1, plan.price)]
    for dimension, amount in wanted.items():
        limit = plan.limits.get(dimension)
        if limit is None or amount <= limit:
            continue
        added = _least_expensive(dimension, amount - limit, options)
        if added is None:
            return None
        lines.append(added)
    return Estimate(tuple(lines))


def _least_expensive(dimension: str, missing: int, options: Iterable[Sold]) -> Line | None:
    """Enough of one option to cover what is missing."""
    lines = []
    for option in options:
        if by_unit := option.limits.get(dimension):
            quantity = -(-missing // by_unit)
            lines.append(Line(option.name, quantity, option.price * quantity))
    return min(lines, key=lambda line: line.amount, default=None)
