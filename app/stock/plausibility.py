"""What a weight typed at a scale may hide: a wrong unit, a wrong carton, a wrong tare. Pure functions, in kg.

A doubt is a question that the person answers; what no scale of a workshop says is refused. The same rules stand in
assets/js/floor/weights.js for tablets without network: both read tests/app/stock/weights.json.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .constants import GRAM, HEAVIEST_KG, SCALE_TOLERANCE_KG, ZERO

#: A typed weight and what was meant differ by this much when grams were typed for kilograms.
UNIT = Decimal(1000)
#: A gap that is large for the carton: a third of what it holds full, and never under a kilogram.
LARGE_SHARE, LARGE_KG = Decimal(3), Decimal(1)
#: What a person lifts: a carton or a quantity above it is rare enough to be asked.
LIFTED_KG = Decimal(30)


class Doubt(StrEnum):
    """What may be wrong."""

    UNIT = "unit"
    ABOVE_FULL = "above_full"
    BELOW_TARE = "below_tare"
    MORE_THAN_BEFORE = "more_than_before"
    LARGE_GAP = "large_gap"
    OTHER_POWDER = "other_powder"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the carton on the scale; `theory` is what the movements say should be left."""

    full: Decimal
    tare: Decimal
    last_net: Decimal | None = None
    theory: Decimal | None = None


def is_impossible(gross: Decimal, known: Known) -> bool:
    """Whether no answer can make it true: nothing on the scale, or more than a workshop's scale carries.

    Above that a wrong unit is still asked, since its answer is another weight.
    """
    return gross <= 0 or (gross > HEAVIEST_KG and meant(gross, known) is None)


def doubts(gross: Decimal, known: Known) -> list[Doubt]:
    """The questions to ask about a gross weight, the one that explains most first."""
    if meant(gross, known) is not None:
        return [Doubt.UNIT]
    found, net = [], gross - known.tare
    if gross > known.full + known.tare + SCALE_TOLERANCE_KG:
        found.append(Doubt.ABOVE_FULL)
    elif net < -SCALE_TOLERANCE_KG:
        found.append(Doubt.BELOW_TARE)
    elif known.last_net is not None and net > known.last_net + SCALE_TOLERANCE_KG:
        found.append(Doubt.MORE_THAN_BEFORE)
    elif known.theory is not None and abs(net - known.theory) > max(LARGE_KG, known.full / LARGE_SHARE):
        found.append(Doubt.LARGE_GAP)
    return found


def meant(gross: Decimal, known: Known) -> Decimal | None:
    """The weight in kg that was meant when another unit was typed, if that makes it plausible, or None."""
    if _fits(gross, known):
        return None
    for candidate in (gross / UNIT, gross * UNIT):
        if _fits(candidate, known):
            return candidate.quantize(GRAM)
    return None


def is_heavy_carton(full: Decimal, packagings: Collection[Decimal]) -> bool:
    """Whether a carton holds far more than its brand's largest packaging, or than a carton that a person lifts."""
    return full > 2 * max(packagings, default=LIFTED_KG)


def is_heavy(quantity: Decimal, level: Decimal) -> bool:
    """Whether what comes in, or is counted, is out of proportion to what there was."""
    return quantity > max(LIFTED_KG, 10 * level)


def net_of(gross: Decimal, tare: Decimal) -> Decimal:
    """What is left in the carton: never below nothing, whatever the tare."""
    return max(gross - tare, ZERO)


def _fits(gross: Decimal, known: Known) -> bool:
    """Whether a carton of this kind can weigh so much."""
    return known.tare - SCALE_TOLERANCE_KG <= gross <= known.full + known.tare + SCALE_TOLERANCE_KG
