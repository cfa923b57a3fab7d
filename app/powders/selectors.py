"""Reads of the colour charts and of the workshop's powders. Tenant querysets want a scope."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils import timezone

from app.kernel.text import fold, tokens
from app.powders.models import Powder, PowderFormat, PowderImport, PowderPrice, ReferenceColour

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
    return with_price(Powder.objects.all()).get(pk=powder_pk)


def find_price(powder: Powder, on: date) -> Decimal | None:
    """The price per kg that held on a day, or None before the first one."""
    prices = PowderPrice.objects.filter(powder=powder, valid_from__lte=on).order_by("-valid_from")
    return prices.values_list("price_per_kg", flat=True).first()


def price_history(powder: Powder) -> list[PricePeriod]:
    """Every price of a powder, newest first; each one ends on the eve of the next."""
    periods: list[PricePeriod] = []
    following: date | None = None
    for price in PowderPrice.objects.filter(powder=powder).order_by("-valid_from"):
        end = following - timedelta(days=1) if following else None
        periods.append(PricePeriod(price.price_per_kg, price.valid_from, end))
        following = price.valid_from
    return periods


def list_brands() -> list[str]:
    """The brands of the workshop's powders, each once, in alphabetical order."""
    return list(Powder.objects.values_list("brand", flat=True).distinct().order_by("brand"))


def list_formats(brand: str = "") -> QuerySet[PowderFormat]:
    """Packagings by brand and weight, of one brand or of all."""
    formats = PowderFormat.objects.order_by(Lower("brand"), "net_kg")
    return formats.filter(brand__iexact=brand) if brand else formats


def search_colours(query: str, *, limit: int = PICKER_SIZE) -> list[ReferenceColour]:
    """Colours of the shared chart whose code or name holds every word, in either language."""
    colours = ReferenceColour.objects.order_by("code")
    for word in tokens(query):
        colours = colours.filter(search_key__contains=word)
    return list(colours[:limit])


def find_colour(code: str) -> ReferenceColour | None:
    """The colour of a code however it is written (`ral7016`, `7016`, `RAL 7016`), or None."""
    key = fold(code).replace(" ", "").removeprefix("ral")
    return ReferenceColour.objects.filter(code=f"RAL {key}").first() if key else None


def powders_by_identity() -> dict[tuple[str, str, str], Powder]:
    """Every powder of the workshop by (reference in lower case, type, finish)."""
    return {(powder.reference.lower(), powder.type, powder.finish): powder for powder in Powder.objects.all()}


def all_powders() -> QuerySet[Powder]:
    """Every powder of the workshop, archived ones too."""
    return Powder.objects.all()


def all_imports() -> QuerySet[PowderImport]:
    """Every file sent for import."""
    return PowderImport.objects.all()
