"""What is printed of a batch: its sheet, for the booth, and the labels of its parts."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from app.documents.labels import Label, Marks, Size, labels_pdf
from app.documents.papers import Made
from app.documents.pdf import render_pdf
from app.documents.pictures import logo_url
from app.tenancy.links import absolute_url
from app.tenancy.models import Workshop

from .figures import read_figures
from .models import Batch
from .selectors import get_batch, list_items


def make_sheet(workshop: Workshop, choices: dict[str, Any]) -> Made:
    """The sheet of the batch chosen, as a file."""
    batch = get_batch(choices["batch"])
    return Made(f"serie-{batch.number}.pdf", sheet_pdf(workshop, batch))


def make_labels(workshop: Workshop, choices: dict[str, Any]) -> Made:
    """A label for each part of the batch chosen, as a file."""
    batch = get_batch(choices["batch"])
    size, marks = Size[choices["size"]].value, Marks(choices["marks"])
    return Made(
        f"etiquettes-{batch.number}.pdf", labels_pdf(labels_of(workshop, batch), size, marks, title=batch.number)
    )


def sheet_pdf(workshop: Workshop, batch: Batch) -> bytes:
    """The sheet of a batch, in the language of the product; no price is in the context."""
    items = list_items(batch)
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "workshop": workshop,
            "logo": logo_url(workshop),
            "batch": batch,
            "items": items,
            "figures": read_figures(workshop, batch, items, with_stock=False),
            "today": timezone.localdate(),
        }
        return render_pdf("batches/sheet_pdf.html", context, accent=workshop.accent)


def labels_of(workshop: Workshop, batch: Batch) -> Iterator[Label]:
    """A label for each part: its own number, which leads to its project, and the batch first."""
    powder = batch.powder
    for item in list_items(batch):
        project = item.part.project
        promise = _("Promised %s") % date_format(project.promised_on, "j N Y") if project.promised_on else ""
        lines = (
            _("Batch %(number)s") % {"number": batch.number},
            item.part.designation,
            f"{project.number} · {project.customer}",
            promise,
            f"{powder.colour_code} {powder.colour_name} · {powder}",
        )
        yield Label(
            code=item.part.code,
            scan_text=absolute_url(f"/E/{workshop.pk}/{item.part.code}").upper(),
            lines=tuple(line for line in lines if line.strip()),
            colour=powder.hex,
        )
