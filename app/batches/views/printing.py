"""The sheet and the labels of a batch: a worker makes them."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.documents.papers import ask_paper
from app.projects.models import LabelPrint
from app.projects.selectors import find_latest_labels
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from .found import batch_or_404


@require_POST
@workshop_page(Permission.BATCHES_READ, when_read_only=True)
def batch_sheet(request: WorkshopRequest, batch_pk: int) -> HttpResponse:
    """What goes to the booth with the parts; no price is on it."""
    return _ask(request, batch_pk, "batch_sheet", _("Sheet of batch %(number)s"), {})


@require_POST
@workshop_page(Permission.BATCHES_READ, when_read_only=True)
def batch_labels(request: WorkshopRequest, batch_pk: int) -> HttpResponse:
    """A label for each part of the batch, with the number of the batch, as the workshop printed its last ones."""
    latest = find_latest_labels() or LabelPrint()
    choices = {"size": latest.size, "marks": str(latest.marks)}
    return _ask(request, batch_pk, "batch_labels", _("Labels of batch %(number)s"), choices)


def _ask(request: WorkshopRequest, batch_pk: int, kind: str, title: str, choices: dict[str, str]) -> HttpResponse:
    batch = batch_or_404(batch_pk)
    paper = ask_paper(
        workshop=request.workshop, actor=request.actor, kind=kind, title=title % {"number": batch.number},
        back=workshop_url(request.workshop, "batches:batch_detail", batch_pk=batch.pk),
        choices={"batch": batch.pk, **choices},
    )  # fmt: skip
    return redirect(workshop_url(request.workshop, "documents:paper_detail", paper_pk=paper.pk))
