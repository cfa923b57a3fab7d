"""A line of a file as a customer, or the reasons it cannot be one. Writes nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _

from app.crm.constants import CustomerType
from app.crm.identity import FIELDS, CustomerData, Keys, keys_of, problems, tidy
from app.kernel.csvfiles import CsvRow, CsvTable
from app.kernel.text import fold

from .columns import NOTED, TARGETS

LANGUAGES = ("fr", "en", "de", "es", "it", "nl")
TYPES: dict[str, str] = {
    **dict.fromkeys(
        [
            "pro",
            "professionnel",
            "professionnelle",
            "entreprise",
            "societe",
            "company",
            "business",
            "b2b",
            "true",
            "vrai",
            "oui",
            "yes",
            "1",
            "artisan",
            "association",
            "collectivite",
            "professional",
            "organisation",
            *(
                "sa",
                "sarl",
                "sas",
                "s a",
                "s a r l",
                "s a s",
                "sasu",
                "eurl",
                "sci",
                "snc",
                "scop",
                "ei",
                "eirl",
                "gaec",
                "earl",
            ),
            *("auto entrepreneur", "autoentrepreneur", "micro entreprise", "entreprise individuelle"),
        ],
        CustomerType.PRO.value,
    ),
    "personne morale": CustomerType.PRO.value,
    **dict.fromkeys(
        [
            "particulier",
            "particuliere",
            "prive",
            "private",
            "individual",
            "person",
            "b2c",
            "false",
            "faux",
            "non",
            "no",
            "0",
            *("m", "mr", "mme", "mlle", "monsieur", "madame"),
        ],
        CustomerType.PRIVATE.value,
    ),
    "personne physique": CustomerType.PRIVATE.value,
    "private person": CustomerType.PRIVATE.value,
}
SEPARATORS = re.compile(r"[,;|/]| ::: ")


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A line understood; `given` names the fields that the file really fills."""

    line: int
    cells: tuple[str, ...]
    data: CustomerData | None
    keys: Keys | None
    given: frozenset[str]
    errors: tuple[str, ...]

    @property
    def filled_cells(self) -> list[str]:
        """The cells that hold something, to show a line that could not be understood."""
        return [cell for cell in self.cells if cell]


def parse_rows(table: CsvTable, mapping: Mapping[str, int], tags: tuple[str, ...] = ()) -> Iterator[ParsedRow]:
    """Every line of a table, one by one; a wrong one never stops the others. `tags` are added to each customer."""
    for row in table.rows():
        yield parse_row(row, mapping, tags)


def parse_row(row: CsvRow, mapping: Mapping[str, int], tags: tuple[str, ...] = ()) -> ParsedRow:
    """One line."""
    if row.error:
        return ParsedRow(row.line, row.cells, None, None, frozenset(), (row.error,))
    cells = {name: row.cells[index] for name, index in mapping.items() if index < len(row.cells) and row.cells[index]}
    values, errors = _values(cells)
    stated = {name for name in ("type", "country") if name in cells}
    given = frozenset(name for name, value in values.items() if value and name not in ("type", "country")) | stated
    data = tidy(CustomerData(**values | {"tags": (*_split(cells.get("tags", "")), *tags)}))
    errors += [
        _("%(field)s: %(message)s") % {"field": _label(field), "message": message} for field, message in problems(data)
    ]
    if errors:
        return ParsedRow(row.line, row.cells, None, None, frozenset(), tuple(errors))
    return ParsedRow(row.line, row.cells, data, keys_of(data), given, ())


def _values(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The fields of the record, from the columns, and what cannot be understood."""
    errors: list[str] = []
    values: dict[str, Any] = {
        name: cells.get(name, "") for name in FIELDS if name not in ("tags", "type", "country", "language")
    }
    values["street"] = " ".join(part for part in (cells.get("street"), cells.get("street2")) if part)
    if not values["last_name"] and not values["first_name"]:
        values |= split_name(cells.get("full_name", ""))
    values["phone"], other_phone = _phones(cells)
    values["notes"] = _notes(cells, other_phone)
    values["type"] = _type(cells.get("type", ""), values, errors)
    if values["type"] == CustomerType.PRO and not values["company"] and not values["first_name"]:
        values["company"], values["last_name"] = values["last_name"], ""
    if country := cells.get("country", ""):
        values["country"] = _countries().get(fold(country), "")
        if not values["country"]:
            errors.append(_("Country: “%(value)s” is not known.") % {"value": country[:40]})
            values["country"] = "FR"
    return values, errors


def split_name(text: str) -> dict[str, str]:
    """First and last name of a whole name: words in capitals are the last name; else all of it is."""
    words = text.split()
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if not capitals or len(capitals) == len(words):
        return {"last_name": " ".join(words), "first_name": ""}
    return {"last_name": " ".join(capitals), "first_name": " ".join(word for word in words if word not in capitals)}


def _phones(cells: Mapping[str, str]) -> tuple[str, str]:
    """The telephone of the record, and the second one of the line."""
    both = [cells[name] for name in ("phone", "mobile") if cells.get(name)]
    return (both[0] if both else "", both[1] if len(both) > 1 else "")


def _notes(cells: Mapping[str, str], other_phone: str) -> str:
    lines = [cells.get("notes", "")]
    if other_phone:
        lines.append(f"{TARGETS['mobile'].label} : {other_phone}")
    lines += [f"{TARGETS[name].label} : {cells[name]}" for name in NOTED if cells.get(name)]
    return "\n".join(line for line in lines if line)


def _type(text: str, values: Mapping[str, str], errors: list[str]) -> str:
    """What the file says; when it says nothing, a company or a SIRET makes a professional."""
    if not text:
        pro = values["company"] or values["siret"] or values["vat_number"]
        return CustomerType.PRO.value if pro else CustomerType.PRIVATE.value
    known = TYPES.get(fold(text))
    if known is None:
        errors.append(_("Type: “%(value)s” is not known.") % {"value": text[:40]})
    return known or CustomerType.PRIVATE.value


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in SEPARATORS.split(text) if part.strip(" *"))


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """The code of a country by its name in several languages, or by the code itself."""
    codes: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                codes |= {fold(name): code, code.lower(): code}
    return codes


def _label(field: str) -> str:
    return str(TARGETS[field].label) if field in TARGETS else field
