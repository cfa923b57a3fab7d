"""A CSV of powders understood row by row: which column is which, and what each cell means. Writes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from app.kernel.csvfiles import CsvRow, CsvTable, open_csv
from app.kernel.errors import RuleError
from app.kernel.text import fold
from app.powders.constants import IMPORT_MAX_BYTES, IMPORT_MAX_ROWS, Finish, PowderType
from app.powders.models import Powder, PowderPrice
from app.powders.services.powders import PowderData

#: Target fields of a column, in the order of the mapping screen, with the headers that name them.
TARGETS: dict[str, tuple[str | Promise, frozenset[str]]] = {
    "brand": (gettext_lazy("Brand"), frozenset({"marque", "brand", "fabricant", "fournisseur"})),
    "reference": (gettext_lazy("Reference"), frozenset({"reference", "ref", "code", "code article", "article"})),
    "type": (gettext_lazy("Type"), frozenset({"type", "resine", "chimie", "famille"})),
    "finish": (gettext_lazy("Finish"), frozenset({"finition", "finish", "aspect", "brillance"})),
    "colour_code": (gettext_lazy("RAL or colour code"), frozenset({"ral", "code ral", "teinte", "couleur", "colour"})),
    "colour_name": (gettext_lazy("Colour name"), frozenset({"nom", "nom couleur", "nom teinte", "designation"})),
    "density": (gettext_lazy("Density (g/cm³)"), frozenset({"densite", "density", "densite g cm3", "masse volumique"})),
    "thickness_um": (
        gettext_lazy("Thickness (µm)"),
        frozenset({"epaisseur", "epaisseur conseillee", "epaisseur um", "epaisseur µm", "epaisseur μm", "thickness"}),
    ),
    "consumption_g_per_m2": (
        gettext_lazy("Consumption (g/m²)"),
        frozenset({"consommation", "conso", "consommation g m2", "consommation moyenne", "rendement g m2"}),
    ),
    "consumption_kg_per_m2": (
        gettext_lazy("Consumption (kg/m²)"),
        frozenset({"consommation kg m2", "conso kg m2", "kg m2"}),
    ),
    "curing_temperature_c": (
        gettext_lazy("Curing temperature (°C)"),
        frozenset(
            {"temperature", "temperature cuisson", "cuisson", "cuisson c", "temperature c", "cuisson temperature"}
        ),
    ),
    "curing_minutes": (
        gettext_lazy("Curing time (min)"),
        frozenset({"duree", "duree cuisson", "temps cuisson", "cuisson min", "minutes", "cuisson minutes"}),
    ),
    "price_per_kg": (
        gettext_lazy("Price per kg (€)"),
        frozenset({"prix", "prix kg", "prix au kg", "prix kg ht", "tarif", "price", "prix au kg ht"}),
    ),
    "notes": (gettext_lazy("Notes"), frozenset({"notes", "note", "commentaire", "remarque", "remarques"})),
}
REQUIRED = ("brand", "reference", "type", "finish")

TYPES: dict[str, PowderType] = {
    **dict.fromkeys(("pes", "polyester standard", "polyester tgic", "polyester hors tgic"), PowderType.POLYESTER),
    **dict.fromkeys(("super durable", "polyester super durable", "superdurable"), PowderType.SUPER_DURABLE),
    **dict.fromkeys(("hybride", "epoxy polyester", "polyester epoxy", "mixte"), PowderType.HYBRID),
    **dict.fromkeys(("pu", "polyurethanne"), PowderType.POLYURETHANE),
    **dict.fromkeys(("acrylique", "acrylic"), PowderType.ACRYLIC),
    **dict.fromkeys(("primaire", "primaire zinc", "primer"), PowderType.PRIMER),
    **dict.fromkeys(("vernis", "varnish"), PowderType.VARNISH),
}
FINISHES: dict[str, Finish] = {
    **dict.fromkeys(("mate", "matt", "matte"), Finish.MATT),
    **dict.fromkeys(("satine", "satinee", "semi brillant", "satin"), Finish.SATIN),
    **dict.fromkeys(("brillante", "gloss", "haute brillance"), Finish.GLOSS),
    **dict.fromkeys(("texturee", "fine texture", "structure", "structuree", "sable", "givre"), Finish.TEXTURED),
    **dict.fromkeys(("metallise", "metallisee", "metal", "nacre", "bronze"), Finish.METALLIC),
}
#: Powers of ten in a cell; `1e999999` is no thickness, and costs a million digits to write out.
NUMBER_MAGNITUDE = 12
DECIMALS = ("density", "consumption_g_per_m2", "consumption_kg_per_m2", "price_per_kg")
TEXTS = ("brand", "reference", "colour_code", "colour_name", "notes")
INTEGERS = ("thickness_um", "curing_temperature_c", "curing_minutes")
UNITS = ("€/kg", "€", "eur", "g/m²", "g/m2", "kg/m²", "kg/m2", "g/cm³", "g/cm3", "µm", "μm", "um", "°c", "min", "mn")


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row as a powder, or the reasons it cannot be one."""

    line: int
    cells: tuple[str, ...]
    data: PowderData | None
    price_per_kg: Decimal | None
    errors: tuple[str, ...]


def read_table(content: bytes) -> CsvTable:
    """The file as a table. Raises RuleError when it is none, or too long to be imported at once."""
    table = open_csv(BytesIO(content), max_bytes=IMPORT_MAX_BYTES)
    if sum(1 for _row in table.rows()) > IMPORT_MAX_ROWS:
        raise RuleError(
            _("The file has more than %(limit)d rows. Split it into several files.") % {"limit": IMPORT_MAX_ROWS}
        )
    return table


def guess_mapping(header: tuple[str, ...]) -> dict[str, int]:
    """The column of each field, by the name of the column; the first one that fits."""
    folded = [fold(name) for name in header]
    mapping: dict[str, int] = {}
    for target, (label, names) in TARGETS.items():
        known = {fold(name) for name in (str(label), *names)}
        for index, name in enumerate(folded):
            if index not in mapping.values() and name in known:
                mapping[target] = index
                break
    return mapping


def missing_columns(mapping: Mapping[str, int]) -> list[str]:
    """The labels of the required fields that no column gives."""
    return [str(TARGETS[name][0]) for name in REQUIRED if name not in mapping]


def parse_rows(table: CsvTable, mapping: Mapping[str, int]) -> Iterator[ParsedRow]:
    """Every row of the table; a wrong one never stops the others."""
    for row in table.rows():
        yield _parse(row, mapping)


def _parse(row: CsvRow, mapping: Mapping[str, int]) -> ParsedRow:
    if row.error:
        return ParsedRow(row.line, row.cells, None, None, (row.error,))
    texts = {name: " ".join(row.cells[index].split()) for name, index in mapping.items()}
    data, price, errors = read_texts(texts)
    return ParsedRow(row.line, row.cells, data, price, errors)


def read_texts(texts: Mapping[str, str]) -> tuple[PowderData | None, Decimal | None, tuple[str, ...]]:
    """A powder and its price in words, as people and shops write them; None and the reasons when it cannot be one."""
    values: dict[str, Any] = {name: texts.get(name, "") for name in TEXTS}
    errors: list[str] = []
    for name in (*DECIMALS, *INTEGERS):
        values[name] = _number(name, texts.get(name, ""), errors)
    values["type"] = _choice("type", texts.get("type", ""), PowderType, TYPES, errors)
    values["finish"] = _choice("finish", texts.get("finish", ""), Finish, FINISHES, errors)
    kilograms = values.pop("consumption_kg_per_m2")
    if kilograms is not None and values["consumption_g_per_m2"] is None:
        values["consumption_g_per_m2"] = kilograms * 1000
    price = values.pop("price_per_kg")
    errors += _broken_rules(values, price)
    return None if errors else PowderData(**values), price, tuple(errors)


def _number(name: str, text: str, errors: list[str]) -> Decimal | int | None:
    plain = text.lower().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    for unit in UNITS:
        plain = plain.removesuffix(unit)
    if not plain:
        return None
    try:
        number = Decimal(plain.replace(",", "."))
        if not number.is_finite() or abs(number.adjusted()) > NUMBER_MAGNITUDE:
            raise ValueError(plain)
        return number if name in DECIMALS else int(number.to_integral_exact())
    except (ArithmeticError, ValueError):
        errors.append(_("%(field)s: “%(text)s” is not a number.") % {"field": TARGETS[name][0], "text": text[:40]})
        return None


def _choice(name: str, text: str, choices: type[TextChoices], synonyms: Mapping[str, str], errors: list[str]) -> str:
    """The stored value of a word: its label on screen, the value itself, or a usual synonym."""
    labels = {fold(str(label)): value for value, label in choices.choices}
    values = {fold(value): value for value in choices.values}
    value = (values | labels | dict(synonyms)).get(fold(text))
    if value is None:
        message = _("%(field)s: “%(text)s” is not known.") if text else _("%(field)s is missing.")
        errors.append(message % {"field": TARGETS[name][0], "text": text[:40]})
        return ""
    return str(value)


def _broken_rules(values: Mapping[str, Any], price: Decimal | None) -> list[str]:
    """What the model itself refuses: lengths, limits, required fields."""
    errors: list[str] = []
    powder = Powder(**{name: value for name, value in values.items() if value not in ("", None)})
    try:
        powder.clean_fields(exclude=["workshop", "search_key", "type", "finish"])
    except ValidationError as error:
        errors += [f"{_label(name)} : {' '.join(messages)}" for name, messages in error.message_dict.items()]
    if price is not None:
        try:
            PowderPrice(price_per_kg=price).clean_fields(exclude=["workshop", "powder", "valid_from"])
        except ValidationError as error:
            errors += [f"{_label('price_per_kg')} : {' '.join(error.messages)}"]
    return errors


def _label(name: str) -> str:
    return str(TARGETS[name][0]) if name in TARGETS else name
