"""The board of the ovens: loads to come, in the oven, cured; and the use of the ovens."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.audit.selectors import list_history
from app.entitlements.constants import Feature
from app.entitlements.pages import needs_feature
from app.kernel.charts import bars
from app.kernel.errors import RuleError
from app.kernel.formfields import DayField
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..oven_candidates import list_urgent
from ..oven_constants import LoadState
from ..oven_forms import LoadForm, PiecesForm
from ..oven_pages import LoadPicture, load_of_layout
from ..oven_selectors import list_finished_loads, list_load_parts, list_open_loads, list_ovens
from ..oven_usage import usage_of
from ..part_changes import changes_in, loads_of_another_oven
from ..planner.instance import read_instance
from ..services.curing import cancel_load, finish_load, record_load, start_load, take_back_start
from ..services.unhanging import take_out_pieces
from .found_ovens import load_or_404

#: What the page of indicators shows without a choice, and the most that it shows.
USUAL_DAYS, MOST_DAYS = 30, 366


@require_safe
@workshop_page(Permission.BATCHES_READ)
@needs_feature(Feature.SMART_STOCK, only_to_write=True)
def oven_board(request: WorkshopRequest) -> HttpResponse:
    loads = list_open_loads()
    columns = [(oven, [load for load in loads if load.oven_id == oven.pk]) for oven in list_ovens()]
    context = {
        "columns": columns,
        "changes": changes_in(loads),
        "elsewhere": loads_of_another_oven(loads),
        "finished": list_finished_loads(),
        "now": timezone.now(),
    }
    return render(request, "batches/oven_board.html", context)


@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def load_create(request: WorkshopRequest) -> HttpResponse:
    form = LoadForm(request.POST or None, waiting=list_urgent())
    if request.method == "POST" and form.is_valid():
        try:
            record_load(workshop=request.workshop, actor=request.actor, **form.chosen())
        except RuleError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Load noted."))
            return _to_board(request)
    return render(request, "batches/load_create.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@workshop_page(Permission.BATCHES_READ)
@needs_feature(Feature.SMART_STOCK, only_to_write=True)
def load_detail(request: WorkshopRequest, load_pk: int) -> HttpResponse:
    load = load_or_404(load_pk)
    picture = None
    if load.plan and load.layout:
        instance = read_instance(load.plan.problem)
        picture = LoadPicture(instance, load_of_layout(instance, load.layout), load.plan.subject)
    context = {
        "load": load,
        "picture": picture,
        "parts": list_load_parts(load),
        "changes": changes_in([load]).get(load.pk, []),
        "is_of_another_oven": bool(loads_of_another_oven([load])),
        "history": list_history(load),
    }
    return render(request, "batches/load_detail.html", context)


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def load_start(request: WorkshopRequest, load_pk: int) -> HttpResponse:
    return _act(request, load_pk, start_load, _("Load in the oven."))


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def load_finish(request: WorkshopRequest, load_pk: int) -> HttpResponse:
    return _act(request, load_pk, finish_load, _("Load out of the oven."))


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def load_take_back(request: WorkshopRequest, load_pk: int) -> HttpResponse:
    return _act(request, load_pk, take_back_start, _("Start taken back."))


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def load_cancel(request: WorkshopRequest, load_pk: int) -> HttpResponse:
    return _act(request, load_pk, cancel_load, _("Load cancelled: its parts wait again."))


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def load_take_out(request: WorkshopRequest, load_pk: int, part_pk: int) -> HttpResponse:
    """Take a part out of a planned load, or some of its pieces; back to the load, or to the board when it is over."""
    load, form = load_or_404(load_pk), PiecesForm(request.POST)
    if part_pk not in {held.part_id for held in list_load_parts(load)}:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("This load does not hold these pieces: look at it again."))
        return redirect(workshop_url(request.workshop, "batches:load_detail", load_pk=load.pk))
    arguments = {"part_pk": part_pk, "pieces": form.cleaned_data["pieces"]}
    try:
        left = take_out_pieces(workshop=request.workshop, actor=request.actor, load=load, **arguments)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Taken out: it waits for an oven again."))
        if left.state == LoadState.CANCELLED:
            return _to_board(request)
    return redirect(workshop_url(request.workshop, "batches:load_detail", load_pk=load.pk))


@require_safe
@workshop_page(Permission.BATCHES_READ)
@needs_feature(Feature.SMART_STOCK, only_to_write=True)
def oven_usage(request: WorkshopRequest) -> HttpResponse:
    """How much of the ovens is used, day by day, with its definition."""
    first, last = _period(request)
    usage = usage_of(first, last)
    context = {"usage": usage, "chart": bars(usage.shares(first, last), full=1), "first": first, "last": last}
    return render(request, "batches/oven_usage.html", context)


def _period(request: WorkshopRequest) -> tuple[date, date]:
    """The days asked for, at most a year; the last thirty days without them, or when they cannot be read."""
    day = DayField(required=False)
    today = timezone.localdate()
    try:
        first, last = day.clean(request.GET.get("du")), day.clean(request.GET.get("au"))
    except forms.ValidationError:
        first = last = None
    last = min(last or today, today)
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    first, last = min(first, last), max(first, last)
    return max(first, last - timedelta(days=MOST_DAYS - 1)), last


def _act(request: WorkshopRequest, load_pk: int, service: Any, done: str) -> HttpResponse:
    """Call the service and show its result, or its refusal, on the board."""
    load = load_or_404(load_pk)
    try:
        service(workshop=request.workshop, actor=request.actor, load=load)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return _to_board(request)


def _to_board(request: WorkshopRequest) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "batches:oven_board"))
