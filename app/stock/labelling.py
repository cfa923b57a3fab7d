"""The labels of cartons: their number, what they hold, and a QR code that opens their weighing."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from app.documents.labels import Label, Marks, Size, labels_pdf
from app.tenancy.links import absolute_url
from app.tenancy.models import Workshop

from .models import Carton


def carton_labels_pdf(workshop: Workshop, cartons: Iterable[Carton], choices: dict[str, Any]) -> bytes:
    """The labels of cartons on the paper chosen: `size`, `marks`, `skipped`."""
    size = Size[choices["size"]].value
    labels = [_label(workshop, carton) for carton in cartons]
    skip = (choices.get("skipped") or 0) % size.per_page
    return labels_pdf(labels, size, Marks(choices["marks"] or Marks.BOTH), skip=skip, title=_("Carton labels"))


def _label(workshop: Workshop, carton: Carton) -> Label:
    powder = carton.item.powder
    assert powder  # only powders have cartons
    weight = _("%(full)s kg, tare %(tare)s kg") % {
        "full": number_format(carton.full_kg.normalize()), "tare": number_format(carton.tare_kg.normalize())
    }  # fmt: skip
    lot = _("Lot %(lot)s") % {"lot": carton.lot} if carton.lot else ""
    received = _("Received on %(day)s") % {"day": date_format(carton.received_at, "j N Y")}
    lines = (str(powder.reference), weight, lot, received, f"{powder.colour_code} {powder.colour_name} · {powder}")
    return Label(
        code=carton.number, scan_text=absolute_url(f"/E/{workshop.pk}/{carton.number}").upper(),
        lines=tuple(line for line in lines if line.strip()), colour=powder.hex,
    )  # fmt: skip
