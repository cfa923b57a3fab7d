"""Taking a demonstration workshop away with every row and file that belongs to it."""

from collections.abc import Iterator

from django.apps import apps
from django.core.files.storage import storages
from django.db import connection, models, transaction
from sequences.models import Sequence

from app.files.models import StoredFile
from app.numbering.formats import DEFAULT_PATTERNS
from app.projects.models import WorkChange
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope


def remove_workshop(slug: str) -> None:
    """Delete the workshop at this address, if there is one. Foreign keys are checked at the commit: any order does."""
    with platform_scope():
        workshop = Workshop.objects.filter(slug=slug).first()
        if workshop is None:
            return
        keys = list(StoredFile.objects.filter(workshop_id=workshop.pk).values_list("storage_key", flat=True))
        with connection.cursor() as cursor:
            for table, column in _columns():
                cursor.execute(f'DELETE FROM "{table}" WHERE "{column}" = %s', [workshop.pk])
        for series in DEFAULT_PATTERNS:
            Sequence.objects.filter(name__startswith=f"{series}:{workshop.pk}:").delete()
        transaction.on_commit(lambda: _delete_files(keys))


def _columns() -> Iterator[tuple[str, str]]:
    """Every column that names a workshop; last the notes that removing the work has just left, and the workshop."""
    for model in sorted(apps.get_models(), key=lambda model: model is WorkChange):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Workshop and model._meta.managed:
                yield model._meta.db_table, field.column
    yield Workshop._meta.db_table, "id"


def _delete_files(keys: list[str]) -> None:
    for key in keys:
        storages["private"].delete(key)
