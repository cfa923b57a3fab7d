"""Customers as a CSV file that a spreadsheet opens and that the import reads back; every export is in the trail."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from app.audit.services import record
from app.crm.models import Customer
from app.crm.selectors import list_customers
from app.files.constants import CSV
from app.files.services import store_file
from app.kernel.csvfiles import write_csv
from app.kernel.jobs import send_on_commit
from app.kernel.phones import display_phone
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Workshop

from ..columns import TARGETS
from ..constants import DIRECT_EXPORT_ROWS, EXPORT_TASK, ExportState
from ..models import CustomerExport

COLUMNS = ("type", "company", "last_name", "first_name", "email", "phone", "street", "postcode", "city", "country",
           "siret", "vat_number", "tags", "notes")  # fmt: skip


def export_now(*, workshop: Workshop, actor: Actor, filters: Mapping[str, str]) -> bytes | None:
    """The file of the customers that the filters keep; None when there are too many for a request."""
    rows = list(list_customers(**filters)[: DIRECT_EXPORT_ROWS + 1])
    if len(rows) > DIRECT_EXPORT_ROWS:
        return None
    record(workshop=workshop, actor=actor, action="customer.exported", subject=workshop,
           changes={"rows": len(rows), **filters})  # fmt: skip
    return customers_csv(rows)


def ask_export(*, workshop: Workshop, actor: Actor, filters: Mapping[str, str]) -> CustomerExport:
    """Have a worker make the file."""
    with transaction.atomic():
        asked = CustomerExport.objects.create(
            workshop=workshop, filters=dict(filters), requested_by=actor.label, user_id=actor.user_id
        )
        send_on_commit(EXPORT_TASK, workshop_id=workshop.pk, export_pk=asked.pk)
    return asked


def make_export(*, workshop: Workshop, export_pk: int) -> None:
    """Make and keep the file of an export, once."""
    with transaction.atomic():
        asked = CustomerExport.objects.select_for_update(of=("self",)).get(pk=export_pk)
        if asked.state == ExportState.DONE:
            return
        actor = Actor(label=asked.requested_by, origin=Origin.JOB, user_id=asked.user_id)
        rows = list(list_customers(**asked.filters))
        name = file_name()
        stored = store_file(
            workshop=workshop, actor=actor, name=name, content=customers_csv(rows), kind="export", content_type=CSV
        )
        asked.state, asked.file_id, asked.rows = ExportState.DONE, stored.public_id, len(rows)
        asked.save()
        record(workshop=workshop, actor=actor, action="customer.exported", subject=workshop,
               changes={"rows": len(rows), **asked.filters})  # fmt: skip


def customers_csv(customers: Iterable[Customer]) -> bytes:
    """One line per customer, in the columns of the import, formulas neutralised."""
    return write_csv((str(TARGETS[name].label) for name in COLUMNS), (_cells(customer) for customer in customers))


def sample_csv() -> bytes:
    """A file with the right columns and two invented customers, to fill in."""
    pro = ("Professionnel", "Métallerie Durand", "Durand", "Zoé", "contact@metallerie-durand.example", "04 76 00 00 00",
           "3 rue du Four", "38000", "Grenoble", "France", "", "", "Serrurier, Compte", "")  # fmt: skip
    private = ("Particulier", "", "Martin", "Camille", "camille.martin@exemple.example", "06 12 34 56 78",
               "12 chemin des Prés", "73000", "Chambéry", "France", "", "", "", "Portail coulissant")  # fmt: skip
    return write_csv((str(TARGETS[name].label) for name in COLUMNS), (pro, private))


def file_name() -> str:
    """The name of today's export."""
    return f"clients-{timezone.localdate():%Y-%m-%d}.csv"


def _cells(customer: Customer) -> list[object]:
    shown = {
        "type": customer.get_type_display(),
        "phone": display_phone(customer.phone) if customer.phone else "",
        "tags": ", ".join(customer.tags),
    }
    return [shown.get(name, getattr(customer, name)) for name in COLUMNS]
