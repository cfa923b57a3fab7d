"""What waits for an oven, by family, with what each part lacks to be planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.projects.models import Part

from .models import Oven
from .oven_problem import family_of, family_words, why_not
from .oven_selectors import CurablePart, batches_of, list_curable_parts, list_ovens

#: More lines than anybody looks through: the most urgent ones are shown.
MOST_SHOWN = 400


@dataclass(frozen=True)
class Candidate:
    """A part that waits; `lacks` says why it cannot be planned yet, `batch` the number of its batch."""

    part: Part
    pieces: int
    lacks: str
    batch: str

    @property
    def promised(self) -> date | None:
        return self.part.project.promised_on


@dataclass(frozen=True)
class Family:
    """Parts that may share a load."""

    words: dict[str, object]
    candidates: Sequence[Candidate]

    @property
    def pieces(self) -> int:
        return sum(held.pieces for held in self.candidates)

    @property
    def promised(self) -> date | None:
        return min((held.promised for held in self.candidates if held.promised), default=None)


@dataclass(frozen=True)
class Candidates:
    """All that waits, the most urgent family first; `hidden` parts are beyond what is shown."""

    families: Sequence[Family]
    hidden: int

    @property
    def part_pks(self) -> list[int]:
        return [held.part.pk for family in self.families for held in family.candidates]

    @property
    def lacking(self) -> int:
        return sum(bool(held.lacks) for family in self.families for held in family.candidates)


def list_candidates() -> Candidates:
    """What waits for an oven, planned loads that are not started included: a new plan takes their place."""
    waiting = sorted(list_curable_parts(replanned=_ovens()), key=_urgency)
    shown = waiting[:MOST_SHOWN]
    batches = batches_of([held.part.pk for held in shown])
    groups: dict[str, list[Candidate]] = {}
    for held in shown:
        groups.setdefault(family_of(held.part), []).append(_candidate(held, batches))
    families = [Family(family_words(held[0].part), held) for held in groups.values()]
    return Candidates(families, len(waiting) - len(shown))


def list_urgent(size: int = 60) -> list[CurablePart]:
    """The parts that no load holds, the most urgent first, as many as one looks through."""
    return sorted(list_curable_parts(), key=_urgency)[:size]


def candidate_of(part_pk: int) -> Candidate | None:
    """One part that waits; None when it does not wait any more."""
    found = list_curable_parts([part_pk], _ovens())
    return _candidate(found[0], batches_of([part_pk])) if found else None


def _candidate(held: CurablePart, batches: dict[int, str]) -> Candidate:
    return Candidate(held.part, held.pieces, why_not(held.part), batches.get(held.part.pk, ""))


def _ovens() -> list[Oven]:
    return list(list_ovens())


def _urgency(held: CurablePart) -> tuple[bool, date, int, int]:
    promised = held.part.project.promised_on
    return promised is None, promised or date.max, -held.part.project.priority, held.part.pk
