"""What a powder really covers against what its sheet says. Pure functions (docs/algorithms/stock.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

#: Under this nothing is proposed: too few weighings, too little powder, or a difference that scales make.
FEWEST_WEIGHINGS, LEAST_KG, LEAST_PERCENT = 3, Decimal(2), Decimal(5)
LEAST_CONSUMPTION, MOST_CONSUMPTION = Decimal(10), Decimal(2000)


@dataclass(frozen=True, slots=True)
class Work:
    """What a piece of work was estimated to use, kg."""

    at: datetime
    name: str
    planned: Decimal


@dataclass(frozen=True, slots=True)
class Weighed:
    """A moment at which scales found so much more (or, below zero, less) than the estimates left, kg."""

    at: datetime
    gap: Decimal


@dataclass(frozen=True, slots=True)
class Compared:
    """A piece of work: what was planned, and what scales say that it used."""

    work: Work
    weighed: Decimal

    @property
    def percent(self) -> Decimal:
        """How much more than planned, in percent."""
        return (100 * (self.weighed - self.work.planned) / self.work.planned).quantize(Decimal("0.1"), ROUND_HALF_UP)


def compare(works: Sequence[Work], weighings: Sequence[Weighed]) -> list[Compared]:
    """Each gap shared among the works since the weighing before, in proportion to what they were to use.

    Works that no weighing follows yet are left out: nothing is known of them.
    """
    waiting = sorted((work for work in works if work.planned > 0), key=lambda work: work.at)
    compared: list[Compared] = []
    for weighing in sorted(weighings, key=lambda one: one.at):
        before = [work for work in waiting if work.at <= weighing.at]
        waiting = waiting[len(before) :]
        planned = sum((work.planned for work in before), Decimal(0))
        for work in before:
            share = -weighing.gap * work.planned / planned
            compared.append(Compared(work, max(work.planned + share, Decimal(0)).quantize(Decimal("0.001"))))
    return compared


def proposed_consumption(current: Decimal, compared: Sequence[Compared], *, weighings: int) -> Decimal | None:
    """The consumption in g/m² that weighings speak for, or None while they do not speak clearly."""
    planned = sum((one.work.planned for one in compared), Decimal(0))
    weighed = sum((one.weighed for one in compared), Decimal(0))
    if weighings < FEWEST_WEIGHINGS or planned < LEAST_KG or abs(100 * (weighed - planned) / planned) < LEAST_PERCENT:
        return None
    proposal = (current * weighed / planned).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return proposal if LEAST_CONSUMPTION <= proposal <= MOST_CONSUMPTION else None
