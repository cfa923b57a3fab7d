"""The labels of cartons: their number, what they hold, and a QR code that opens their weighing."""

from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from app.documents.labels import Label, Marks, Size, labels_pdf
from app.documents.papers import Made
from app.tenancy.links import absolute_url
from app.tenancy.models import Workshop

from .models import Carton
from .selectors import all_cartons


def make_carton_labels(workshop: Workshop, choices: dict[str, Any]) -> Made:
    """The labels of `cartons` on the paper chosen: `size`, `marks`, `skipped`."""
    cartons = all_cartons().filter(pk__in=choices["cartons"]).order_by("pk")
    size = Size[choices["size"]].value
    labels = [_label(workshop, carton) for carton in cartons]
    skip = (choices.get("skipped") or 0) % size.per_page
    content = labels_pdf(labels, size, Marks(choices["marks"] or Marks.BOTH), skip=skip, title=_("Carton labels"))
    return Made(f"{_('carton-labels')}.pdf", content)


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
