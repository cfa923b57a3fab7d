"""When a powder runs out, how much to order, in which packages. Pure functions (docs/algorithms/stock.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import reduce
from math import gcd

#: Usage is looked at over eight weeks: long enough for a quiet week, short enough for a season.
LOOKED_AT_DAYS = 56
#: A powder that came lately is not divided by fewer days than this.
FEWEST_DAYS = 7
HORIZON_DAYS = 365
#: Packages of the largest format before the others are tried for the rest.
MOST_COMBINED = 12
#: Weights that are compared to choose packages; beyond (a sachet of 453 g beside a big bag), they are rounded down.
MOST_STEPS = 5_000


@dataclass(frozen=True, slots=True)
class Need:
    """What is known to be needed: so many kg from a day on (None: at once)."""

    kg: Decimal
    on: date | None


@dataclass(frozen=True, slots=True)
class Packages:
    """So many packages of a weight in kg."""

    kg: Decimal
    count: int


def daily_use(used_kg: Decimal, known_days: int) -> Decimal:
    """Kilograms a day from what was used over the days looked at, or since the powder came if that is less."""
    days = min(max(known_days, FEWEST_DAYS), LOOKED_AT_DAYS)
    return max(used_kg, Decimal(0)) / days


def used_by(day: date, *, today: date, per_day: Decimal, needs: Sequence[Need]) -> Decimal:
    """What will be used until the evening of a day: the usual, or what is promised when that is more; never both."""
    usual = per_day * max((day - today).days, 0)
    promised = sum((need.kg for need in needs if need.on is None or need.on <= day), Decimal(0))
    return max(usual, promised)


def run_out(level: Decimal, *, today: date, per_day: Decimal, needs: Sequence[Need]) -> date | None:
    """The first day at whose end more is used than there is; None when that is more than a year away."""
    promised: dict[date, Decimal] = {}
    for need in needs:
        day = max(need.on or today, today)
        promised[day] = promised.get(day, Decimal(0)) + need.kg
    days = {today, *promised}
    if per_day > 0:
        emptied = int((max(level, Decimal(0)) / per_day).to_integral_value(ROUND_CEILING))
        days |= {today + timedelta(days=min(emptied, HORIZON_DAYS) + more) for more in (0, 1)}
    needed = Decimal(0)
    for day in sorted(days):
        if (day - today).days > HORIZON_DAYS:
            return None
        needed += promised.get(day, Decimal(0))
        if max(per_day * (day - today).days, needed) > level:
            return day
    return None


def to_order(level: Decimal, *, today: date, per_day: Decimal, needs: Sequence[Need], days: int) -> Decimal:
    """What is missing to work so many days, kg."""
    wanted = used_by(today + timedelta(days=days), today=today, per_day=per_day, needs=needs)
    return max(wanted - level, Decimal(0))


def round_up(kg: Decimal, formats: Sequence[Decimal]) -> list[Packages]:
    """Packages that hold at least so much: the least left over, then the fewest packages; [] without formats."""
    sizes = sorted({_grams(size) for size in formats if size > 0}, reverse=True)
    if kg <= 0 or not sizes:
        return []
    wanted = int((kg * 1000).to_integral_value(ROUND_CEILING))
    whole = max(0, wanted // sizes[0] - MOST_COMBINED)
    counts = _fewest(wanted - whole * sizes[0], sizes)
    counts[sizes[0]] = counts.get(sizes[0], 0) + whole
    over = sum(size * count for size, count in counts.items()) - wanted
    for size in sizes:  # what was rounded down may leave one too many
        too_many = min(over // size, counts.get(size, 0))
        counts[size] = counts.get(size, 0) - too_many
        over -= too_many * size
    return [Packages(Decimal(size) / 1000, counts[size]) for size in sizes if counts.get(size)]


def _fewest(wanted: int, sizes: Sequence[int]) -> dict[int, int]:
    """Counts by size of the smallest total from `wanted` on, with the fewest packages; grams."""
    unit = max(reduce(gcd, sizes), -(-(wanted + sizes[0]) // MOST_STEPS))
    by_step = {size // unit: size for size in sizes if size >= unit}
    steps = list(by_step)
    least = -(-wanted // unit)
    most = least + steps[0]
    best: list[tuple[int, int] | None] = [(0, 0)] + [None] * most
    for total in range(1, most + 1):
        options = [
            (before[0] + 1, step) for step in steps if step <= total and (before := best[total - step]) is not None
        ]
        best[total] = min(options, default=None)
    total = next(total for total in range(least, most + 1) if best[total] is not None)
    counts: dict[int, int] = {}
    while total:
        reached = best[total]
        assert reached is not None  # reached by construction
        size = by_step[reached[1]]
        counts[size] = counts.get(size, 0) + 1
        total -= reached[1]
    return counts


def _grams(kg: Decimal) -> int:
    return int((kg * 1000).to_integral_value())
