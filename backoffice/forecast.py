"""What a number of customers and a mix of plans would bring in: a calculation on what is typed, nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDRED, MONTHS = Decimal(100), 12


@dataclass(frozen=True)
class Share:
    """A plan's part of the customers (%), and what it costs a month in EUR before VAT."""

    name: str
    percent: Decimal
    price: Decimal


@dataclass(frozen=True)
class Line:
    """A plan at a moment: how many customers hold it, what they pay together a month."""

    name: str
    customers: int
    mrr: Decimal


@dataclass(frozen=True)
class Horizon:
    """A moment, in months from today."""

    month: int
    lines: tuple[Line, ...]

    @property
    def customers(self) -> int:
        """How many customers hold a plan."""
        return sum(line.customers for line in self.lines)

    @property
    def mrr(self) -> Decimal:
        """What they pay a month."""
        return sum((line.mrr for line in self.lines), Decimal(0))

    @property
    def arr(self) -> Decimal:
        """What they would pay in a year."""
        return self.mrr * MONTHS


#: The publisher's own model: months from now → customers, and the mix.
CUSTOMERS = {6: 50, 12: 200, 24: 500}
MIX = (
    Share("Free", Decimal(20), Decimal(0)),
    Share("Starter", Decimal(30), Decimal(49)),
    Share("Pro", Decimal(45), Decimal(149)),
    Share("Enterprise", Decimal(5), Decimal(500)),
)


def forecast(*, month: int, customers: int, mix: Sequence[Share]) -> Horizon:
    """Share the customers among the plans, whole customers by the largest remainders: none is lost by rounding.

    ValueError unless the shares add up to 100.
    """
    if sum(share.percent for share in mix) != HUNDRED:
        raise ValueError("the shares do not add up to 100 %")
    exact = [share.percent * customers / HUNDRED for share in mix]
    whole = [int(part) for part in exact]
    by_remainder = sorted(range(len(mix)), key=lambda place: (whole[place] - exact[place], place))
    for place in by_remainder[: customers - sum(whole)]:
        whole[place] += 1
    cent = Decimal("0.01")
    lines = (
        Line(share.name, count, (share.price * count).quantize(cent, ROUND_HALF_UP))
        for share, count in zip(mix, whole, strict=True)
    )
    return Horizon(month, tuple(lines))
