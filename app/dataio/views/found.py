"""The rows that an address names."""

from django.http import Http404

from ..models import CustomerExport, CustomerImport
from ..selectors import get_export, get_import


def import_or_404(import_pk: int) -> CustomerImport:
    """The import, or the page that says there is none."""
    try:
        return get_import(import_pk)
    except CustomerImport.DoesNotExist as error:
        raise Http404 from error


def export_or_404(export_pk: int) -> CustomerExport:
    """The export, or the page that says there is none."""
    try:
        return get_export(export_pk)
    except CustomerExport.DoesNotExist as error:
        raise Http404 from error
