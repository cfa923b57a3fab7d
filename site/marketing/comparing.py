"""Whether one wording does better than the other: arithmetic, in docs/algorithms/experiments.md."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import sqrt

#: Each wording must have been read as often before anything is said.
LEAST_VIEWS = 200
#: Of the normal law: chance alone goes further once in twenty.
CERTAIN_FROM = 1.96


class Verdict(StrEnum):
    """What the figures allow to say."""

    TOO_EARLY = "too_early"
    NO_DIFFERENCE = "no_difference"
    A_BETTER = "a_better"
    B_BETTER = "b_better"


@dataclass(frozen=True, slots=True)
class Tally:
    """One wording: how often it was read, how often its call was pressed, how many signed up."""

    views: int = 0
    calls: int = 0
    sign_ups: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Calls for a hundred readings, to a tenth; None before the first reading."""
        return (Decimal(100 * self.calls) / self.views).quantize(Decimal("0.1")) if self.views else None


def compare(first: Tally, second: Tally) -> Verdict:
    """Two-sided test of two proportions, on the calls; a reader may press twice, so a share never goes over 1."""
    if min(first.views, second.views) < LEAST_VIEWS:
        return Verdict.TOO_EARLY
    share_a, share_b = (min(tally.calls, tally.views) / tally.views for tally in (first, second))
    pooled = (share_a * first.views + share_b * second.views) / (first.views + second.views)
    spread = sqrt(pooled * (1 - pooled) * (1 / first.views + 1 / second.views))
    if not spread or abs(share_b - share_a) / spread < CERTAIN_FROM:
        return Verdict.NO_DIFFERENCE
    return Verdict.B_BETTER if share_b > share_a else Verdict.A_BETTER
