"""The scale: choose or scan a carton, type what it weighs, answer what is doubtful, see the gap."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.entitlements.constants import Feature
from app.entitlements.pages import needs_feature
from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..figures import find_settings
from ..forms import KeyForm, WeighForm
from ..models import Carton
from ..questions import ask
from ..selectors import carton_number, find_carton, known_gaps, list_open_cartons
from ..services.weighing import DoubtError, Reading, empty_carton, weigh_carton
from .found import carton_or_404, weighing_or_404

SHOWN = 60


@require_safe
@workshop_page(Permission.STOCK_WEIGH)
def weigh_start(request: WorkshopRequest) -> HttpResponse:
    """Which carton? Its number opens it at once; words of its powder show those it may be."""
    query = request.GET.get("q", "").strip()
    if carton_number(query) and (carton := find_carton(query)):
        return redirect(_scale(request, carton))
    cartons = list_open_cartons(query=query)[:SHOWN]
    return render(request, "stock/weigh_start.html", {"cartons": cartons, "query": query, "settings": find_settings()})


@require_safe
@workshop_page(Permission.STOCK_WEIGH)
def carton_find(request: WorkshopRequest, code: str) -> HttpResponse:
    """The scale of the carton that bears a number; the same answer for another workshop's and for none."""
    carton = find_carton(code)
    if carton is None:
        return render(request, "stock/carton_unknown.html", {"code": code}, status=HTTPStatus.NOT_FOUND)
    return redirect(_scale(request, carton))


@workshop_page(Permission.STOCK_WEIGH)
@needs_feature(Feature.BASIC_STOCK)
def weigh(request: WorkshopRequest, carton_pk: int) -> HttpResponse:
    """Type what the scale says; what is doubtful is asked, and nothing that was typed is lost."""
    carton = carton_or_404(carton_pk)
    form = WeighForm(request.POST or None, carton=carton, powder=request.GET.get("poudre"))
    context = {"carton": carton, "form": form, "settings": find_settings()}
    if request.method == "POST" and form.is_valid():
        try:
            weighing = weigh_carton(
                workshop=request.workshop, actor=request.actor, carton=carton, reading=_reading(form)
            )
        except DoubtError as doubt:
            context["questions"] = ask(doubt, carton, form.cleaned_data)
            return render(request, "stock/weigh.html", context, status=HTTPStatus.CONFLICT)
        except RuleError as error:
            form.refuse(error)
        else:
            return redirect(workshop_url(request.workshop, "stock:weighing_detail", weighing_pk=weighing.pk))
    return render(request, "stock/weigh.html", context, status=422 if form.errors else 200)


@require_safe
@workshop_page(Permission.STOCK_READ)
def weighing_detail(request: WorkshopRequest, weighing_pk: int) -> HttpResponse:
    """What a weighing found."""
    weighing = weighing_or_404(weighing_pk)
    gap = known_gaps([weighing]).get(weighing.pk, weighing.gap)
    context = {"weighing": weighing, "gap": gap, "theory": weighing.net - gap}
    return render(request, "stock/weighing_detail.html", context)


@require_POST
@workshop_page(Permission.STOCK_WEIGH)
@needs_feature(Feature.BASIC_STOCK)
def carton_empty(request: WorkshopRequest, carton_pk: int) -> HttpResponse:
    """Nothing is left in it."""
    carton, form = carton_or_404(carton_pk), KeyForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleError(_("This page is too old: open it again."))
        empty_carton(workshop=request.workshop, actor=request.actor, carton=carton, **form.cleaned_data)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Carton %(number)s is empty.") % {"number": carton.number})
    return redirect(workshop_url(request.workshop, "stock:item_detail", item_pk=carton.item_id))


def _reading(form: WeighForm) -> Reading:
    data = form.cleaned_data
    return Reading(
        key=data["key"], gross=data["gross"], tare=None if data["tare"] == data["tare_shown"] else data["tare"],
        powder_pk=data["powder"],
        confirmed=frozenset(data["confirmed"]), reason=data["reason"],
    )  # fmt: skip


def _scale(request: WorkshopRequest, carton: Carton) -> str:
    return workshop_url(request.workshop, "stock:weigh", carton_pk=carton.pk)
