"""The rows that an address names, or the page that says there is none."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from app.powders.models import CatalogueProduct, Powder, PowderFormat, PowderImport
from app.powders.selectors import all_imports, get_powder, list_formats, list_products


def powder_or_404(powder_pk: int) -> Powder:
    """A powder of the workshop, with its price."""
    try:
        return get_powder(powder_pk)
    except Powder.DoesNotExist as error:
        raise Http404 from error


def format_or_404(format_pk: int) -> PowderFormat:
    """A packaging of the workshop."""
    return get_object_or_404(list_formats(), pk=format_pk)


def import_or_404(import_pk: int) -> PowderImport:
    """A file sent for import."""
    return get_object_or_404(all_imports(), pk=import_pk)


def product_or_404(product_pk: int) -> CatalogueProduct:
    """A product of the maker's catalogue."""
    return get_object_or_404(list_products(), pk=product_pk)
