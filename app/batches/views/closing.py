"""A batch at work: launched, closed, cancelled."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import CloseForm, LaunchForm, ReasonForm
from ..selectors import list_items
from ..services.closing import Picture, close_with_photos
from ..services.launching import asked_at_closing, cancel_batch, launch_batch
from .acting import act, to_batch
from .found import batch_or_404


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
def batch_launch(request: WorkshopRequest, batch_pk: int) -> HttpResponse:
    batch = batch_or_404(batch_pk)
    form = LaunchForm(request.POST, needed=batch.same_lot)
    lot = form.cleaned_data["lot"] if form.is_valid() else ""
    return act(request, batch, launch_batch, _("Batch launched."), lot=lot)


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
def batch_close(request: WorkshopRequest, batch_pk: int) -> HttpResponse:
    batch = batch_or_404(batch_pk)
    form = CloseForm(request.POST, request.FILES, **asked_at_closing(list_items(batch)))
    if not form.is_valid():
        messages.error(request, _("Answer every item of the checklist."))
        return to_batch(request, batch)
    pictures = [Picture(file.read(), file.name or "") for file in form.cleaned_data.get("photos") or []]
    arguments = {"checked": form.checked(), "pictures": pictures}
    return act(request, batch, close_with_photos, _("Batch closed."), **arguments)


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
def batch_cancel(request: WorkshopRequest, batch_pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return act(request, batch_or_404(batch_pk), cancel_batch, _("Batch cancelled."), reason=reason)
