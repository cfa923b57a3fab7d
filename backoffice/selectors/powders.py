"""How the reading of the maker's catalogue goes."""

from dataclasses import dataclass

from app.powders.maker import find_source
from app.powders.models import CatalogueProduct, CatalogueReading
from app.tenancy.scope import platform_scope


@dataclass(frozen=True)
class CatalogueState:
    """The shop that is connected (empty: none), its last reading (None: never read) and what the catalogue holds."""

    source: str
    reading: CatalogueReading | None
    sold: int
    withdrawn: int


def get_catalogue_state() -> CatalogueState:
    """The state of the catalogue that every workshop copies from."""
    source = find_source()
    name = source.name if source else ""
    with platform_scope():
        sold = CatalogueProduct.objects.filter(is_sold=True).count()
        return CatalogueState(
            source=name,
            reading=CatalogueReading.objects.filter(source=name).first() if name else None,
            sold=sold,
            withdrawn=CatalogueProduct.objects.count() - sold,
        )
