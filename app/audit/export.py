"""The history as a file."""

import json
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from app.kernel.csvfiles import write_csv

from .labels import kind_label, origin_label
from .models import AuditEntry

#: A year of a large workshop; a longer period is exported in several files.
MOST_ROWS = 100_000


def entries_csv(entries: "QuerySet[AuditEntry]") -> bytes:
    """One line per entry, the newest first, times in the reader's time zone."""
    header = [
        _("Date"),
        _("Who"),
        _("From"),
        _("Address"),
        _("Action"),
        _("Data"),
        _("Name"),
        _("Number"),
        _("Changes"),
    ]
    return write_csv(header, map(_cells, islice(entries.iterator(chunk_size=2000), MOST_ROWS)))


def _cells(entry: AuditEntry) -> list[object]:
    return [
        timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
        entry.actor,
        origin_label(entry.origin),
        entry.ip or "",
        entry.label,
        kind_label(entry.subject_kind),
        entry.subject_label,
        entry.subject_pk,
        json.dumps(entry.changes, ensure_ascii=False) if entry.changes else "",
    ]
