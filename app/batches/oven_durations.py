"""How long loads really last, beside what plans count with. Pure but for the rows it is given."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from .models import Oven, OvenLoad

#: A correction is proposed from so many loads on, and from so many minutes on.
LEAST_LOADS, LEAST_MINUTES = 5, 3
#: Longer than this, an end was noted the next morning and says nothing of the oven.
LONGEST_MINUTES = 600


@dataclass(frozen=True)
class FamilyDuration:
    """The loads of one curing: their median duration, and what a plan counts."""

    celsius: int | None
    minutes: int
    loads: int
    median: int
    planned: int

    @property
    def difference(self) -> int:
        return self.median - self.planned


@dataclass(frozen=True)
class Durations:
    """What the loads of an oven show; `proposal` is the heating time to take instead, or None."""

    families: list[FamilyDuration]
    loads: int
    proposal: int | None


def durations_of(oven: Oven, loads: Iterable[OvenLoad]) -> Durations:
    """Judge the heating and handling time of an oven by its real loads (median, which one odd load does not move)."""
    groups: dict[tuple[int | None, int], list[int]] = defaultdict(list)
    for load in loads:
        minutes = load.minutes
        if minutes is not None and 0 < minutes <= LONGEST_MINUTES and load.curing_minutes is not None:
            groups[load.curing_celsius, load.curing_minutes].append(minutes)
    families = [
        FamilyDuration(celsius, curing, len(found), round(median(found)), oven.heat_up_minutes + curing)
        for (celsius, curing), found in groups.items()
    ]
    families.sort(key=lambda family: -family.loads)
    over = [minutes - curing for (_celsius, curing), found in groups.items() for minutes in found]
    proposal = max(0, round(median(over))) if len(over) >= LEAST_LOADS else None
    if proposal is not None and abs(proposal - oven.heat_up_minutes) < LEAST_MINUTES:
        proposal = None
    return Durations(families, len(over), proposal)
