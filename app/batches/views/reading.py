"""The recommended batches, the list and the page of a batch, and what a project's page says of them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from app.audit.selectors import list_history
from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.kernel.pagination import keyset_page
from app.projects.remembering import read_state
from app.projects.selectors import list_powder_choices
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission
from app.workshops.selectors import read_sites

from ..constants import BatchState
from ..figures import read_figures
from ..forms import CloseForm, LaunchForm, NoteForm, ReasonForm
from ..margins import read_margin
from ..part_changes import planned_loads_with_changes
from ..recommending import recommended
from ..selectors import (
    list_batches,
    list_batches_of_project,
    list_offered_parts,
    list_shown_items,
    read_current,
)
from ..services.launching import asked_at_closing
from .found import batch_or_404, project_or_404


def sees_stock(request: WorkshopRequest) -> bool:
    """Whether this member of this workshop is told what is on hand."""
    return request.may(Permission.STOCK_READ) and has_feature(request.workshop, Feature.BASIC_STOCK)


@require_safe
@workshop_page(Permission.BATCHES_READ)
def recommended_list(request: WorkshopRequest) -> HttpResponse:
    asked = {key: request.GET.get(key, "") for key in ("q", "poudre", "site")}
    with_stock, sites, state = sees_stock(request), read_sites(), read_state()
    page = recommended(
        request.workshop,
        search=asked["q"],
        powder_pk=int(asked["poudre"]) if asked["poudre"].isdecimal() else None,
        site_pk=int(asked["site"]) if asked["site"].isdecimal() else None,
        cursor=request.GET.get("apres", ""),
        with_stock=with_stock,
        sites=sites,
        state=state,
    )
    context = {
        "page": page,
        "asked": asked,
        "filtered": any(asked.values()),
        "powders": list_powder_choices(state),
        "sites": sites,
        "current": read_current(),
        "today": timezone.localdate(),
        "with_stock": with_stock,
    }
    return render(request, "batches/recommended.html", context)


@require_safe
@workshop_page(Permission.BATCHES_READ)
def batch_list(request: WorkshopRequest) -> HttpResponse:
    asked = {key: request.GET.get(key, "") for key in ("q", "etat", "poudre")}
    batches = list_batches(
        search=asked["q"],
        state=asked["etat"] if asked["etat"] in BatchState.values else "",
        powder_pk=int(asked["poudre"]) if asked["poudre"].isdecimal() else None,
    )
    context = {
        "page": keyset_page(batches, keys=("-created_at", "-id"), cursor=request.GET.get("apres")),
        "asked": asked,
        "filtered": any(asked.values()),
        "states": BatchState.choices,
        "powders": list_powder_choices(),
    }
    return render(request, "batches/batch_list.html", context)


@require_safe
@workshop_page(Permission.BATCHES_READ)
def batch_detail(request: WorkshopRequest, batch_pk: int) -> HttpResponse:
    batch = batch_or_404(batch_pk)
    items = list_shown_items(batch)
    context = {
        "batch": batch,
        "items": items,
        "figures": read_figures(request.workshop, batch, items, with_stock=sees_stock(request)),
        "margin": read_margin(batch, items) if request.may(Permission.PRICES_SEE) and not batch.is_open else None,
        "offered": list_offered_parts(batch) if batch.is_open else [],
        "launch_form": LaunchForm(needed=batch.same_lot, initial={"lot": batch.lot}),
        "close_form": CloseForm(**asked_at_closing(items)) if batch.is_launched else None,
        "note_form": NoteForm(initial={"note": batch.note}),
        "reason_form": ReasonForm(),
        "history": list_history(batch),
        "loads": planned_loads_with_changes(batch, items) if batch.is_holding else [],
        "sites": read_sites(),
    }
    return render(request, "batches/batch_detail.html", context)


@require_safe
@workshop_page(Permission.BATCHES_READ)
def project_batches(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    """A fragment of a project's page: the batches that its parts are or were in."""
    batches = list_batches_of_project(project_or_404(project_pk))
    return render(request, "batches/project_batches.html", {"batches": batches})
