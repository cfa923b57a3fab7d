"""The maker's catalogue: read from the shop page by page, and copied by workshops."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from app.kernel.errors import RuleError
from app.powders.importing import read_texts
from app.powders.maker import MakerError, Page, Source, Words
from app.powders.models import CatalogueProduct, CatalogueReading, Powder
from app.powders.selectors import find_colour, find_product, list_formats_of
from app.powders.services.formats import save_format
from app.powders.services.powders import PowderData, create_powder
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

log = structlog.get_logger(__name__)
#: Pages of one reading: a shop that never says that it is over does not hold a worker for ever.
MOST_PAGES = 500
MOST_PROBLEMS = 200
HEAVIEST_KG = Decimal(1000)
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def read_catalogue(source: Source) -> CatalogueReading:
    """Bring the shared catalogue up to date: each page and its cursor are kept together, so that a reading that is
    interrupted goes on where it stopped. What could not be done is said in the row that it gives.
    """
    with platform_scope():
        reading, _made = CatalogueReading.objects.get_or_create(source=source.name)
    for _number in range(MOST_PAGES):
        try:
            page = source.read(reading.cursor)
        except MakerError as error:
            log.warning("catalogue_not_read", source=source.name, error=str(error))
            return _close(reading, failure=str(error)[:300])
        if not _keep(reading, page):
            return reading  # another reading went past this one
        if page.is_last:
            break
    return _close(reading, failure="")


def _keep(reading: CatalogueReading, page: Page) -> bool:
    """Write a page; False when the cursor has moved meanwhile."""
    with platform_scope(), transaction.atomic(), override("fr"):
        held = CatalogueReading.objects.select_for_update().get(pk=reading.pk)
        if held.cursor != reading.cursor:
            return False
        seen = {words.number for words in page.products}
        problems = [problem for problem in held.problems if problem["number"] not in seen]
        for words in page.products:
            problems += _apply(words)
        reading.cursor, reading.problems = page.cursor, problems[-MOST_PROBLEMS:]
        reading.save(update_fields=["cursor", "problems"])
    return True


def _apply(words: Words) -> list[dict[str, Any]]:
    """Write one product; what is wrong with it, when it cannot be understood. One that is no longer sold stays."""
    if not words.is_sold:
        CatalogueProduct.objects.filter(number=words.number).update(is_sold=False, updated_at=timezone.now())
        return []
    data, price, errors = read_texts(words.texts)
    if data is None:
        return [{"number": words.number, "reference": words.texts.get("reference", ""), "reasons": list(errors)}]
    values = {name: value for name, value in asdict(data).items() if name not in ("notes", "hex")}
    product = CatalogueProduct.objects.filter(number=words.number).first() or CatalogueProduct(number=words.number)
    for name, value in values.items():
        setattr(product, name, value)
    colour, hexa = find_colour(product.colour_code), words.texts.get("hex", "")
    product.hex = hexa if COLOUR.fullmatch(hexa) else (colour.hex if colour else "")
    product.price_per_kg, product.url, product.is_sold = price, words.url[:400], True
    product.formats = [kept for each in words.formats if (kept := _format(each))]
    product.search_key = product.make_search_key()
    product.save()
    return []


def _format(words: Any) -> dict[str, str] | None:
    """A packaging with sensible weights, or None."""
    try:
        net, tare = Decimal(words.get("net_kg") or "x"), Decimal(words.get("tare_kg") or "0")
    except InvalidOperation:
        return None
    if not (0 < net <= HEAVIEST_KG and 0 <= tare < net):
        return None
    return {"net_kg": f"{net:.3f}", "tare_kg": f"{tare:.3f}"}


def _close(reading: CatalogueReading, *, failure: str) -> CatalogueReading:
    reading.failure = failure
    fields = ["failure"]
    if not failure:
        reading.read_at = timezone.now()
        fields.append("read_at")
    with platform_scope():
        reading.save(update_fields=fields)
    return reading


@dataclass(frozen=True)
class Taken:
    """What became of the references that a workshop asked for."""

    powders: tuple[Powder, ...]
    had: tuple[str, ...]
    unknown: tuple[str, ...]


def take_product(*, workshop: Workshop, actor: Actor, product: CatalogueProduct) -> Powder:
    """Copy a product of the catalogue, its packagings and its price; RuleError when the workshop has that powder."""
    names = PowderData.__dataclass_fields__
    data = PowderData(**{name: getattr(product, name) for name in names if name != "notes"})
    with transaction.atomic():
        powder = create_powder(workshop=workshop, actor=actor, data=data, price_per_kg=product.price_per_kg)
        Powder.objects.filter(pk=powder.pk).update(product=product)
        _take_formats(workshop, actor, product)
    return powder


def take_references(*, workshop: Workshop, actor: Actor, references: Sequence[str]) -> Taken:
    """Copy several products at once; those that the workshop has and those that nobody knows are told apart."""
    powders: list[Powder] = []
    had: list[str] = []
    unknown: list[str] = []
    for reference in dict.fromkeys(" ".join(text.split()) for text in references):
        product = find_product(reference) if reference else None
        if product is None:
            unknown += [reference] if reference else []
            continue
        try:
            powders.append(take_product(workshop=workshop, actor=actor, product=product))
        except RuleError:
            had.append(product.reference)
    if not (powders or had or unknown):
        raise RuleError(_("Write at least one reference."), field="references")
    return Taken(tuple(powders), tuple(had), tuple(unknown))


def _take_formats(workshop: Workshop, actor: Actor, product: CatalogueProduct) -> None:
    known: set[Decimal] = {packaging.net_kg for packaging in list_formats_of(product.brand)}
    for each in product.formats:
        net = Decimal(each["net_kg"])
        if net not in known:
            tare = Decimal(each["tare_kg"])
            save_format(workshop=workshop, actor=actor, brand=product.brand, net_kg=net, tare_kg=tare)
            known.add(net)
