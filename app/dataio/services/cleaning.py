"""Personal data that imports and exports leave behind goes after a while."""

from uuid import UUID

from app.files.models import StoredFile
from app.files.selectors import get_file
from app.files.services import delete_file
from app.tenancy.actor import Actor

from ..constants import KEPT_FOR
from ..models import CustomerExport, CustomerImport, ImportLine
from ..selectors import list_old_exports, list_old_imports

CLEANER = Actor.system("old imports and exports")


def forget_old() -> int:
    """Remove files and lines of old imports and exports; the counts stay. How many were cleaned."""
    cleaned: list[CustomerImport | CustomerExport] = [*list_old_imports(KEPT_FOR), *list_old_exports(KEPT_FOR)]
    for row in cleaned:
        if row.file_id:
            _remove(row.file_id)
            row.file_id = None
            row.save()
    ImportLine.objects.filter(source__in=[row.pk for row in list_old_imports(KEPT_FOR)]).delete()
    return len(cleaned)


def _remove(file_id: UUID) -> None:
    try:
        delete_file(actor=CLEANER, stored=get_file(file_id))
    except StoredFile.DoesNotExist:
        return
