"""Stretches of time, and what they say of the uptime of a month: no clock, no database.

A stretch is (start, end), in seconds since 1970; lists are sorted and their stretches do not touch. See
docs/algorithms/sla.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

Span = tuple[float, float]
#: The month of the guarantee, whatever the month of the calendar (STA-04): 99.5 % leaves 3 h 36.
GUARANTEED_MONTH = 30 * 24 * 3600


def union(*lists: Iterable[Span]) -> list[Span]:
    """The time in at least one of the lists; any order, overlaps and empty stretches are accepted."""
    found: list[Span] = []
    for start, end in sorted(span for spans in lists for span in spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def intersect(left: Sequence[Span], right: Sequence[Span]) -> list[Span]:
    """The time in both lists."""
    found, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            found.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return found


def subtract(spans: Sequence[Span], removed: Sequence[Span]) -> list[Span]:
    """The time in the first list and not in the second."""
    if not spans:
        return []
    edges = [spans[0][0], *(edge for span in removed for edge in span), spans[-1][1]]
    first, last = min(edges), max(edges)
    holes = [first, *(edge for span in removed for edge in span), last]
    kept = [(start, end) for start, end in zip(holes[::2], holes[1::2], strict=True) if start < end]
    return intersect(spans, kept)


def total(spans: Iterable[Span]) -> float:
    """Seconds."""
    return sum(end - start for start, end in spans)


@dataclass(frozen=True)
class Coverage:
    """What measurements prove: the time that was measured, and in it the time that was down."""

    measured: list[Span]
    down: list[Span]

    def within(self, start: float, end: float) -> "Coverage":
        """The part between two moments."""
        bounds = [(start, end)]
        return Coverage(intersect(self.measured, bounds), intersect(self.down, bounds))

    def without(self, excluded: Sequence[Span]) -> "Coverage":
        """The part outside these stretches."""
        return Coverage(subtract(self.measured, excluded), subtract(self.down, excluded))

    def excused(self, spans: Sequence[Span]) -> "Coverage":
        """The same, with these stretches held against nobody: neither down nor a gap."""
        return Coverage(union(self.measured, spans), subtract(self.down, spans))


def cover(readings: Sequence[tuple[float, bool]], *, max_step: float) -> Coverage:
    """What measurements (moment, is up; sorted) prove: each holds until the next one.

    Two that are further apart than `max_step` prove nothing of the time between them; the last proves nothing yet.
    """
    held = [(at, until, is_up) for (at, is_up), (until, _next) in pairwise(readings) if until - at <= max_step]
    return Coverage(
        measured=union((at, until) for at, until, _up in held),
        down=union((at, until) for at, until, is_up in held if not is_up),
    )


def service(coverages: Sequence[Coverage]) -> Coverage:
    """A service needs all its components: down while one is, measured while one is down or all are measured."""
    if not coverages:
        return Coverage([], [])
    down = union(*(coverage.down for coverage in coverages))
    all_measured = coverages[0].measured
    for coverage in coverages[1:]:
        all_measured = intersect(all_measured, coverage.measured)
    return Coverage(measured=union(all_measured, down), down=down)


@dataclass(frozen=True)
class Uptime:
    """The figures of a period, in seconds; `percent` is None when nothing was measured."""

    percent: Decimal | None
    measured: int
    down: int
    maintenance: int
    gap: int


def uptime(coverage: Coverage, *, start: float, end: float, maintenance: Sequence[Span]) -> Uptime:
    """The uptime of a month, in per cent to the thousandth, by the guarantee's month of thirty days.

    100 × (1 − downtime ÷ (30 days × share measured)): an hour that was not measured is neither up nor down, it
    only makes the month shorter. Announced maintenance is outside the month altogether.
    """
    excluded = intersect(union(maintenance), [(start, end)])
    kept = coverage.within(start, end).without(excluded)
    owed = end - start - total(excluded)
    measured, down = total(kept.measured), total(kept.down)
    return Uptime(
        percent=percent_of(down=down, measured=measured, owed=owed),
        measured=round(measured),
        down=round(down),
        maintenance=round(total(excluded)),
        gap=max(0, round(owed) - round(measured)),
    )


def percent_of(*, down: float, measured: float, owed: float) -> Decimal | None:
    """The formula of `uptime`, on seconds: `owed` is the month without its maintenance."""
    if measured <= 0 or owed <= 0:
        return None
    share = Decimal(down) / (GUARANTEED_MONTH * Decimal(measured) / Decimal(owed))
    return (100 * max(Decimal(0), 1 - share)).quantize(Decimal("0.001"), ROUND_HALF_UP)
