"""Reads of the colour charts and of the workshop's powders. Tenant querysets want a scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils import timezone

from app.kernel.text import fold, tokens
from app.powders.models import (
    CatalogueProduct,
    CatalogueReading,
    Powder,
    PowderFormat,
    PowderImport,
    PowderPrice,
    ReferenceColour,
)
from app.tenancy.questions import the_one, written_once
from app.tenancy.written import workshop_rows

PICKER_SIZE = 24


@dataclass(frozen=True, slots=True)
class PricePeriod:
    """A price with its two ends; without the second it still holds."""

    price_per_kg: Decimal
    valid_from: date
    valid_until: date | None


def list_powders(
    *, query: str = "", type: str = "", finish: str = "", brand: str = "", archived: bool = False
) -> QuerySet[Powder]:
    """Powders with `current_price` (None when unknown), in the order of `search_key`, `id` for keyset pages."""
    powders = Powder.objects.filter(archived_at__isnull=not archived)
    for word in tokens(query):
        powders = powders.filter(search_key__contains=word)
    if type:
        powders = powders.filter(type=type)
    if finish:
        powders = powders.filter(finish=finish)
    if brand:
        powders = powders.filter(brand__iexact=brand)
    return with_price(powders)


def with_price(powders: QuerySet[Powder], on: date | None = None) -> QuerySet[Powder]:
    """Annotate `current_price`, the price per kg that holds on a day (today)."""
    prices = PowderPrice.objects.filter(powder=OuterRef("pk"), valid_from__lte=on or timezone.localdate())
    return powders.annotate(current_price=Subquery(prices.order_by("-valid_from").values("price_per_kg")[:1]))  # type: ignore[no-redef]


def get_powder(powder_pk: int) -> Powder:
    """A powder of the workshop, with `current_price`. Raises Powder.DoesNotExist."""
    return the_one(Powder, _powder(powder_pk, timezone.localdate()))


@written_once
def _powder(powder_pk: int, today: date) -> QuerySet[Powder]:
    return with_price(Powder.objects.filter(pk=powder_pk), today)


def find_price(powder: Powder, on: date) -> Decimal | None:
    """The price per kg that held on a day, or None before the first one."""
    prices = PowderPrice.objects.filter(powder=powder, valid_from__lte=on).order_by("-valid_from")
    return prices.values_list("price_per_kg", flat=True).first()


def find_prices(powder_pks: Iterable[int], on: date) -> dict[int, Decimal]:
    """The price per kg of each powder that held on a day; those without one left out."""
    prices = PowderPrice.objects.filter(powder__in=list(powder_pks), valid_from__lte=on)
    newest = prices.order_by("powder", "-valid_from").distinct("powder")
    return dict(newest.values_list("powder_id", "price_per_kg"))


def price_history(powder: Powder) -> list[PricePeriod]:
    """Every price of a powder, newest first; each one ends on the eve of the next."""
    periods: list[PricePeriod] = []
    following: date | None = None
    for price in workshop_rows(PowderPrice, "AND powder_id = %s ORDER BY valid_from DESC", [powder.pk]):
        end = following - timedelta(days=1) if following else None
        periods.append(PricePeriod(price.price_per_kg, price.valid_from, end))
        following = price.valid_from
    return periods


def list_brands() -> list[str]:
    """The brands of the workshop's powders, each once, in alphabetical order."""
    return list(Powder.objects.values_list("brand", flat=True).distinct().order_by("brand"))


def list_formats() -> QuerySet[PowderFormat]:
    """Packagings by brand and weight."""
    return PowderFormat.objects.order_by(Lower("brand"), "net_kg")


def list_formats_of(brand: str) -> list[PowderFormat]:
    """Packagings of a brand, in whatever letters it is written, by weight; all of them for none."""
    return workshop_rows(PowderFormat, "AND (%s = '' OR upper(brand) = upper(%s)) ORDER BY net_kg", [brand, brand])


def search_colours(query: str, *, limit: int = PICKER_SIZE) -> list[ReferenceColour]:
    """Colours of the shared chart whose code or name holds every word, in either language."""
    colours = ReferenceColour.objects.order_by("code")
    for word in tokens(query):
        colours = colours.filter(search_key__contains=word)
    return list(colours[:limit])


def find_colour(code: str) -> ReferenceColour | None:
    """The colour of a code however it is written (`ral7016`, `7016`, `RAL 7016`), or None."""
    key = _chart_code(code)
    return ReferenceColour.objects.filter(code=key).first() if key else None


def find_colours(codes: Iterable[str]) -> dict[str, ReferenceColour]:
    """The colours of many codes, each under the code as it is written; those that the chart lacks left out."""
    wanted = {code: key for code in codes if (key := _chart_code(code))}
    chart = {colour.code: colour for colour in ReferenceColour.objects.filter(code__in=set(wanted.values()))}
    return {code: chart[key] for code, key in wanted.items() if key in chart}


def _chart_code(code: str) -> str:
    key = fold(code).replace(" ", "").removeprefix("ral")
    return f"RAL {key}" if key else ""


def powders_by_identity() -> dict[tuple[str, str, str], Powder]:
    """Every powder of the workshop by (reference in lower case, type, finish)."""
    return {(powder.reference.lower(), powder.type, powder.finish): powder for powder in Powder.objects.all()}


def all_powders() -> QuerySet[Powder]:
    """Every powder of the workshop, archived ones too."""
    return Powder.objects.all()


def all_imports() -> QuerySet[PowderImport]:
    """Every file sent for import."""
    return PowderImport.objects.all()


def list_products(*, query: str = "", type: str = "", finish: str = "") -> QuerySet[CatalogueProduct]:
    """What the maker sells, in the order of `search_key`, `id` for keyset pages."""
    products = CatalogueProduct.objects.filter(is_sold=True)
    for word in tokens(query):
        products = products.filter(search_key__contains=word)
    if type:
        products = products.filter(type=type)
    return products.filter(finish=finish) if finish else products


def find_product(reference: str) -> CatalogueProduct | None:
    """The product of a reference, whatever its case; one that is no longer sold is better than none."""
    products = CatalogueProduct.objects.annotate(key=Lower("reference")).filter(key=reference.strip().lower())
    return products.order_by("-is_sold", "-updated_at").first()


def copied_products(products: Iterable[CatalogueProduct]) -> dict[int, int]:
    """The workshop's powder (its key) copied from each of these products that it has."""
    rows = Powder.objects.filter(product__in=[product.pk for product in products])
    return dict(rows.values_list("product_id", "pk"))


def latest_reading() -> CatalogueReading | None:
    """The last reading of the maker's shop that went to its end, or None before the first."""
    return CatalogueReading.objects.filter(read_at__isnull=False).order_by("-read_at").first()
