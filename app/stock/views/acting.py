"""Corrections, counts, transfers, thresholds: what people change by hand."""

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.entitlements.constants import Feature
from app.entitlements.pages import needs_feature
from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..figures import find_settings
from ..forms import AlertForm, CorrectForm, CountForm, TransferForm
from ..models import Item
from ..questions import doubt_of_correction, doubt_of_count
from ..selectors import list_cartons
from ..services.learning import accept_consumption
from ..services.moving import send_carton, send_quantity
from ..services.posting import correct_stock
from ..services.watching import set_alert
from ..services.weighing import count_loose
from .found import carton_or_404, item_or_404, sites_of


@workshop_page(Permission.STOCK_EDIT)
@needs_feature(Feature.BASIC_STOCK)
def item_correct(request: WorkshopRequest, item_pk: int) -> HttpResponse:
    item = item_or_404(item_pk)
    form = CorrectForm(request.POST or None, item=item, sites=sites_of(request.workshop), cartons=list_cartons(item))
    if request.method == "POST" and form.is_valid():
        given = form.given()
        doubt = doubt_of_correction(item, given["site"], given["quantity"])
        if not form.is_confirmed("quantity", doubt):
            return render(request, "stock/item_correct.html", {"item": item, "form": form}, status=422)
        try:
            correct_stock(workshop=request.workshop, actor=request.actor, item=item, **given)
        except RuleError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Stock corrected."))
            return _to(request, item)
    return render(request, "stock/item_correct.html", {"item": item, "form": form}, status=422 if form.errors else 200)


@workshop_page(Permission.STOCK_WEIGH)
@needs_feature(Feature.BASIC_STOCK)
def item_count(request: WorkshopRequest, item_pk: int) -> HttpResponse:
    """Count what is in no carton; the expected quantity is told afterwards."""
    item = item_or_404(item_pk)
    form = CountForm(request.POST or None, item=item, sites=sites_of(request.workshop))
    context = {"item": item, "form": form, "settings": find_settings()}
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("quantity", "key", "reason")}
        if not form.is_confirmed("quantity", doubt_of_count(item, form.site(), data["quantity"])):
            return render(request, "stock/item_count.html", context, status=422)
        try:
            counted = count_loose(workshop=request.workshop, actor=request.actor, item=item, site=form.site(), **data)
        except RuleError as error:
            form.refuse(error)
        else:
            return redirect(workshop_url(request.workshop, "stock:weighing_detail", weighing_pk=counted.pk))
    return render(request, "stock/item_count.html", context, status=422 if form.errors else 200)


@workshop_page(Permission.STOCK_EDIT)
@needs_feature(Feature.BASIC_STOCK)
def item_transfer(request: WorkshopRequest, item_pk: int) -> HttpResponse:
    """Send a quantity of what is in no carton to another site."""
    item = item_or_404(item_pk)
    form = TransferForm(request.POST or None, item=item, sites=sites_of(request.workshop))
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("quantity", "key")}
        try:
            send_quantity(
                workshop=request.workshop, actor=request.actor, item=item, from_site=form.site("from_site"),
                to_site=form.site("to_site"), **data,
            )  # fmt: skip
        except RuleError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Sent to %(site)s.") % {"site": form.site("to_site")})
            return _to(request, item)
    context = {"item": item, "form": form}
    return render(request, "stock/item_transfer.html", context, status=422 if form.errors else 200)


@require_POST
@workshop_page(Permission.STOCK_EDIT)
@needs_feature(Feature.BASIC_STOCK)
def carton_transfer(request: WorkshopRequest, carton_pk: int) -> HttpResponse:
    """Send a carton to another site."""
    carton = carton_or_404(carton_pk)
    sites = [site for site in sites_of(request.workshop) if site.pk != carton.site_id]
    form = TransferForm(request.POST, sites=sites) if sites else None
    try:
        if form is None or not form.is_valid():
            raise RuleError(_("Choose a site."))
        send_carton(
            workshop=request.workshop, actor=request.actor, carton=carton, to_site=form.site("to_site"),
            key=form.cleaned_data["key"],
        )  # fmt: skip
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Sent to %(site)s.") % {"site": form.site("to_site") if form else ""})
    return redirect(workshop_url(request.workshop, "stock:carton_detail", carton_pk=carton.pk))


@require_POST
@workshop_page(Permission.STOCK_EDIT)
@needs_feature(Feature.BASIC_STOCK)
def item_alert(request: WorkshopRequest, item_pk: int) -> HttpResponse:
    item, form = item_or_404(item_pk), AlertForm(request.POST)
    if form.is_valid():
        set_alert(workshop=request.workshop, actor=request.actor, item=item, **form.cleaned_data)
        messages.success(request, _("Alert recorded."))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return _to(request, item)


@require_POST
@workshop_page(Permission.POWDERS_EDIT)
@needs_feature(Feature.SMART_STOCK)
def item_learn(request: WorkshopRequest, item_pk: int) -> HttpResponse:
    """Write on the powder's sheet the consumption that weighings speak for."""
    item = item_or_404(item_pk)
    try:
        proposed = Decimal(request.POST.get("consumption", ""))
        accept_consumption(workshop=request.workshop, actor=request.actor, item=item, proposed=proposed)
    except InvalidOperation:
        messages.error(request, _("This page is too old: open it again."))
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Consumption written on the powder's sheet: the next quotes use it."))
    return _to(request, item)


def _to(request: WorkshopRequest, item: Item) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "stock:item_detail", item_pk=item.pk))
