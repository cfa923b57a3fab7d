"""The colour charts that ship with the product."""

import csv
from dataclasses import dataclass
from pathlib import Path

RAL_CLASSIC = Path(__file__).parent / "data" / "ral_classic.csv"


@dataclass(frozen=True, slots=True)
class CatalogueColour:
    """A line of a chart."""

    code: str
    hex: str
    name_fr: str
    name_en: str


def ral_classic() -> list[CatalogueColour]:
    """The RAL Classic range: codes, approximate screen values, French and English names."""
    with RAL_CLASSIC.open(encoding="utf-8", newline="") as file:
        return [CatalogueColour(**row) for row in csv.DictReader(file)]
