"""Curing plans: asked for, followed while they are searched, put right, adopted, printed."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.entitlements.constants import Feature
from app.entitlements.pages import needs_feature
from app.kernel.errors import RuleError
from app.projects.forms import PartSizeForm
from app.projects.services.working import measure_part
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..models import OvenPlan
from ..oven_candidates import candidate_of, list_candidates
from ..oven_forms import MoveLoadForm, MovePieceForm, PlanForm
from ..oven_pages import LoadPicture, by_reason, gain_of
from ..oven_selectors import list_plans
from ..part_changes import changes_of
from ..services.adjusting import check_items, move_items, move_load, move_piece
from ..services.adopting import adopt_plan, ask_sheets
from ..services.planning import ask_plan, drop_plan, stop_plan
from .found_ovens import page_or_404, part_or_404, plan_or_404


@require_safe
@workshop_page(Permission.BATCHES_READ)
@needs_feature(Feature.SMART_STOCK, only_to_write=True)
def plan_list(request: WorkshopRequest) -> HttpResponse:
    return render(request, "batches/plan_list.html", {"plans": list_plans()})


@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def plan_create(request: WorkshopRequest) -> HttpResponse:
    """What waits for an oven, and the form that has it planned."""
    candidates = list_candidates()
    form = PlanForm(request.POST or None, known=candidates.part_pks)
    if request.method == "POST" and form.is_valid():
        try:
            plan = ask_plan(workshop=request.workshop, actor=request.actor, **form.chosen())
        except RuleError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return _to(request, plan)
    context = {"form": form, "candidates": candidates, "chosen": request.POST.getlist("parts")}
    return render(request, "batches/plan_create.html", context, status=422 if form.errors else 200)


@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def part_measure(request: WorkshopRequest, part_pk: int) -> HttpResponse:
    """The size of a part, given where it is missed; the answer is the part's line in the list."""
    part = part_or_404(part_pk)
    form = PartSizeForm(request.POST or None, instance=part, prefix=f"part-{part.pk}")
    if request.method == "POST" and form.is_valid():
        try:
            measure_part(workshop=request.workshop, actor=request.actor, part=part, **form.cleaned_data)
        except RuleError as error:
            form.add_error(None, error.message)
        else:
            return render(request, "batches/plan_part.html", {"candidate": candidate_of(part_pk)})
    context = {"part": part, "form": form}
    return render(request, "batches/plan_part_form.html", context, status=422 if form.errors else 200)


@require_safe
@workshop_page(Permission.BATCHES_READ)
@needs_feature(Feature.SMART_STOCK, only_to_write=True)
def plan_detail(request: WorkshopRequest, plan_pk: int) -> HttpResponse:
    """A plan; asked by htmx while it is searched, how far it is, then the whole once there is something new to read."""
    plan = plan_or_404(plan_pk)
    is_asked_again = bool(request.headers.get("HX-Request"))
    if is_asked_again and plan.is_in_work and (request.GET.get("vu") or not plan.result):
        return render(request, "batches/plan_search.html", {"plan": plan})
    template = "batches/plan_state.html" if is_asked_again else "batches/plan_detail.html"
    context = {
        "plan": plan,
        "page": page_or_404(plan) if plan.result else None,
        "gain": gain_of(plan),
        "changes": changes_of(plan),
        "left_out": list(by_reason(plan.subject.get("left_out", []))),
    }
    answer = render(request, template, context)
    if is_asked_again:
        answer["HX-Retarget"] = "#plan-state"
    return answer


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def plan_stop(request: WorkshopRequest, plan_pk: int) -> HttpResponse:
    plan = stop_plan(workshop=request.workshop, actor=request.actor, plan=plan_or_404(plan_pk))
    return _to(request, plan)


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def plan_drop(request: WorkshopRequest, plan_pk: int) -> HttpResponse:
    return _act(request, plan_or_404(plan_pk), drop_plan, _("Plan given up."))


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def plan_adopt(request: WorkshopRequest, plan_pk: int) -> HttpResponse:
    plan = plan_or_404(plan_pk)
    try:
        loads = adopt_plan(workshop=request.workshop, actor=request.actor, plan=plan)
    except RuleError as error:
        messages.error(request, error.message)
        return _to(request, plan)
    messages.success(request, _("Plan adopted: %(loads)s loads are on the board of the ovens.") % {"loads": len(loads)})
    return redirect(workshop_url(request.workshop, "batches:oven_board"))


@require_POST
@workshop_page(Permission.BATCHES_READ)
@needs_feature(Feature.SMART_STOCK, only_to_write=True)
def plan_print(request: WorkshopRequest, plan_pk: int) -> HttpResponse:
    plan = plan_or_404(plan_pk)
    try:
        ask_sheets(workshop=request.workshop, plan=plan)
    except RuleError as error:
        messages.error(request, error.message)
        return _to(request, plan)
    return redirect(workshop_url(request.workshop, "batches:plan_sheets", plan_pk=plan.pk))


@require_safe
@workshop_page(Permission.BATCHES_READ)
@needs_feature(Feature.SMART_STOCK, only_to_write=True)
def plan_sheets(request: WorkshopRequest, plan_pk: int) -> HttpResponse:
    """The page of the load sheets; asked by htmx, its state alone."""
    template = "batches/sheets_state.html" if request.headers.get("HX-Request") else "batches/plan_sheets.html"
    return render(request, template, {"plan": plan_or_404(plan_pk)})


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def plan_reorder(request: WorkshopRequest, plan_pk: int) -> HttpResponse:
    plan = plan_or_404(plan_pk)
    form = MoveLoadForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This load is not in the plan any more."))
        return _to(request, plan)
    data = form.cleaned_data
    arguments = {"rank": data["load"], "oven": data["oven"], "place": data["place"]}
    return _act(request, plan, move_load, _("Order changed: the hours follow."), **arguments)


@require_safe
@workshop_page(Permission.BATCHES_READ)
@needs_feature(Feature.SMART_STOCK, only_to_write=True)
def plan_load(request: WorkshopRequest, plan_pk: int, rank: int) -> HttpResponse:
    """A load from above, from the side and in three dimensions."""
    plan = plan_or_404(plan_pk)
    page = page_or_404(plan, rank)
    picture = LoadPicture(page.instance, page.plan.loads[rank], plan.subject)
    line = next(line for line in page.loads if line.rank == rank)
    others = [other for other in page.loads if other.rank != rank and other.family == line.family]
    context = {"plan": plan, "page": page, "line": line, "picture": picture, "others": others}
    return render(request, "batches/plan_load.html", context)


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def plan_load_check(request: WorkshopRequest, plan_pk: int, rank: int) -> JsonResponse:
    """Whether pieces may be where they are being moved to; with `keep`, they stay there."""
    plan = plan_or_404(plan_pk)
    page_or_404(plan, rank)
    try:
        asked = _json(request)
        if asked.get("keep"):
            move_items(
                workshop=request.workshop, actor=request.actor, plan=plan, rank=rank, items=asked["items"]
            )  # fmt: skip
        return JsonResponse(check_items(plan=plan_or_404(plan_pk), rank=rank, items=asked["items"]))
    except RuleError as error:
        return JsonResponse({"refusal": error.message}, status=422)


@require_POST
@workshop_page(Permission.BATCHES_EDIT)
@needs_feature(Feature.SMART_STOCK)
def plan_piece_move(request: WorkshopRequest, plan_pk: int, rank: int) -> HttpResponse:
    plan = plan_or_404(plan_pk)
    page_or_404(plan, rank)
    form = MovePieceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This piece is not in the load any more."))
        return _to(request, plan)
    return _act(request, plan, move_piece, _("Piece moved."), rank=rank, **form.cleaned_data)


def _json(request: WorkshopRequest) -> dict[str, Any]:
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise RuleError(_("The places cannot be read.")) from error
    if not isinstance(asked, dict) or not isinstance(asked.get("items"), list):
        raise RuleError(_("The places cannot be read."))
    return asked


def _act(request: WorkshopRequest, plan: OvenPlan, service: Any, done: str, **arguments: Any) -> HttpResponse:
    """Call the service and show its result, or its refusal, on the plan's page."""
    try:
        service(workshop=request.workshop, actor=request.actor, plan=plan, **arguments)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return _to(request, plan)


def _to(request: WorkshopRequest, plan: OvenPlan) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "batches:plan_detail", plan_pk=plan.pk))
