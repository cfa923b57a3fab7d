"""A batch before its launch: opened from a recommendation or by hand, filled and emptied."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.kernel.codes import CodeError
from app.kernel.errors import RuleError
from app.projects.selectors import find_part_by_code
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission
from app.workshops.selectors import read_sites
from app.workshops.services.sites import main_site

from ..forms import BatchForm, NoteForm, PartsForm
from ..models import Batch
from ..recommending import list_group
from ..selectors import get_parts, list_compatible_parts
from ..services.batching import add_parts, edit_batch, open_batch, open_batch_of, remove_parts
from ..services.launching import take_out_unready
from .found import batch_or_404


@workshop_page(Permission.BATCHES_READ, edit=Permission.BATCHES_EDIT)
def group(request: WorkshopRequest, key: str) -> HttpResponse:
    """The parts of a recommendation, to choose from; posted from the list of recommendations, all of them."""
    offered = list(list_group(request.workshop, key))
    posted = request.method == "POST"
    form = PartsForm(request.POST if posted else None, offered=[part.pk for part in offered])
    if posted and form.is_valid():
        chosen = form.cleaned_data["pieces"] if request.POST.get("choisies") else [part.pk for part in offered]
        try:
            batch = open_batch_of(workshop=request.workshop, actor=request.actor, parts=get_parts(chosen))
        except RuleError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("%(batch)s opened.") % {"batch": batch.number})
            return to_batch(request, batch)
    context = {"parts": offered, "first": offered[0] if offered else None}
    return render(request, "batches/group.html", context, status=422 if posted else 200)


@workshop_page(Permission.BATCHES_EDIT)
def batch_create(request: WorkshopRequest) -> HttpResponse:
    """A batch opened by hand."""
    sites = read_sites() or [main_site(workshop=request.workshop)]
    form = BatchForm(request.POST or None, sites=sites)
    if request.method == "POST" and form.is_valid():
        batch = open_batch(
            workshop=request.workshop, actor=request.actor, grouping=form.grouping(), note=form.cleaned_data["note"]
        )
        messages.success(request, _("%(batch)s opened: add its parts.") % {"batch": batch.number})
        return to_batch(request, batch)
    return render(request, "batches/batch_create.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
def batch_add(request: WorkshopRequest, batch_pk: int) -> HttpResponse:
    batch = batch_or_404(batch_pk)
    offered = list_compatible_parts(request.workshop, batch).values_list("pk", flat=True)
    form = PartsForm(request.POST, offered=offered)
    chosen = list(form.cleaned_data["pieces"]) if form.is_valid() else []
    if code := request.POST.get("code", "").strip():
        part_pk = _part_of(request, code)
        if part_pk is None:
            return to_batch(request, batch)
        chosen.append(part_pk)
    return act(request, batch, add_parts, _("Added to the batch."), parts=get_parts(chosen))


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
def batch_remove(request: WorkshopRequest, batch_pk: int, part_pk: int) -> HttpResponse:
    batch = batch_or_404(batch_pk)
    if not get_parts([part_pk]):
        raise Http404
    return act(request, batch, remove_parts, _("Taken out of the batch."), part_pks=[part_pk])


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
def batch_unready(request: WorkshopRequest, batch_pk: int) -> HttpResponse:
    """Take out the parts of the projects that are not at the step that lays the powder."""
    return act(request, batch_or_404(batch_pk), take_out_unready, _("The parts that are not ready are out."))


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
def batch_note(request: WorkshopRequest, batch_pk: int) -> HttpResponse:
    form = NoteForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    return act(request, batch_or_404(batch_pk), edit_batch, _("Note saved."), note=note)


def to_batch(request: WorkshopRequest, batch: Batch) -> HttpResponse:
    """Back to the page of the batch."""
    return redirect(workshop_url(request.workshop, "batches:batch_detail", batch_pk=batch.pk))


def act(
    request: WorkshopRequest, batch: Batch, service: Callable[..., Any], done: str, /, **arguments: Any
) -> HttpResponse:
    """Call the service and show its result, or its refusal, on the page of the batch."""
    try:
        service(workshop=request.workshop, actor=request.actor, batch=batch, **arguments)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return to_batch(request, batch)


def _part_of(request: WorkshopRequest, code: str) -> int | None:
    """The part that bears a number typed or scanned; None once the person was told that there is none."""
    try:
        part = find_part_by_code(code)
    except CodeError:
        part = None
    if part is None:
        messages.error(request, _("No part bears the number %(code)s.") % {"code": code})
    return part.pk if part else None
