"""The sheet and the labels of a batch."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from app.documents.labels import Marks, Size, labels_pdf
from app.projects.models import LabelPrint
from app.projects.selectors import find_latest_labels
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..pdf import labels_of, sheet_pdf
from .found import batch_or_404


@require_safe
@workshop_page(Permission.BATCHES_READ)
def batch_sheet(request: WorkshopRequest, batch_pk: int) -> HttpResponse:
    """What goes to the booth with the parts; no price is on it."""
    batch = batch_or_404(batch_pk)
    return _pdf(sheet_pdf(request.workshop, batch), f"serie-{batch.number}.pdf")


@require_safe
@workshop_page(Permission.BATCHES_READ)
def batch_labels(request: WorkshopRequest, batch_pk: int) -> HttpResponse:
    """A label for each part of the batch, with the number of the batch, as the workshop printed its last ones."""
    batch = batch_or_404(batch_pk)
    latest = find_latest_labels() or LabelPrint()
    size = Size.__members__.get(request.GET.get("format", ""), Size[latest.size]).value
    content = labels_pdf(labels_of(request.workshop, batch), size, Marks(latest.marks), title=batch.number)
    return _pdf(content, f"etiquettes-{batch.number}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
