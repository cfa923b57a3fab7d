"""Files for a spreadsheet."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from app.billing.constants import GIGABYTE, AccessState
from app.billing.models import CatalogChange
from app.kernel.csvfiles import write_csv
from app.tenancy.models import Workshop

from .words import changes_in_words


def csv_file(content: bytes, name: str) -> HttpResponse:
    """The answer that downloads a file named after what it holds and the day."""
    headers = {"Content-Disposition": f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def workshops_csv(rows: Iterable[Workshop]) -> bytes:
    """One line a workshop, as the list shows it; storage in GB, amounts in EUR a month before VAT."""
    header = [
        _("Workshop"), _("Address"), _("E-mail"), _("Country"), _("State"), _("Plan"), _("EUR a month"),
        _("Storage (GB)"), _("Limit (GB)"), _("Opened on"), _("Last activity"),
    ]  # fmt: skip
    return write_csv(header, map(_cells, rows))


def _cells(row: Workshop) -> list[object]:
    found = vars(row)  # what list_workshops has added to the row
    limit = found["storage_limit"]
    activity = found["last_activity_at"]
    return [
        row.name,
        row.slug,
        row.email,
        row.country,
        AccessState(row.access_state or AccessState.READ_ONLY).label,
        found["plan_name"] or "",
        found["monthly"],
        f"{found['storage_used'] / GIGABYTE:.2f}",
        "" if limit is None else f"{limit / GIGABYTE:.2f}",
        f"{timezone.localtime(row.created_at):%Y-%m-%d}",
        f"{timezone.localtime(activity):%Y-%m-%d %H:%M}" if activity else "",
    ]


def changes_csv(changes: Iterable[CatalogChange]) -> bytes:
    """One line a change of the catalogue, with what differs and how far its mails and prices are."""
    header = [
        _("Date"), _("Who"), _("Kind"), _("What"), _("Changes"), _("Workshops concerned"),
        _("Mails sent"), _("Prices moved"), _("Failed"),
    ]  # fmt: skip
    return write_csv(header, map(_change_cells, changes))


def _change_cells(change: CatalogChange) -> list[object]:
    sent = vars(change)["sent"]  # what selectors/catalogue.py has added to the row
    return [
        f"{timezone.localtime(change.at):%Y-%m-%d %H:%M:%S}",
        change.actor,
        change.get_kind_display(),
        change.subject,
        " | ".join(f"{what}: {old} → {new}" for what, old, new in changes_in_words(change.changes)),
        change.concerned,
        f"{sent['mailed']}/{sent['all']}",
        f"{sent['moved']}/{sent['moves']}",
        sent["failed"],
    ]
