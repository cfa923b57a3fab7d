"""The ovens of the workshop and what its plans weigh."""

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

from ..models import Oven
from ..oven_durations import durations_of
from ..oven_forms import HeatUpForm, OvenForm, OvenSettingsForm
from ..oven_selectors import get_oven_settings, group_ovens, list_measured_loads, list_ovens
from ..services.ovens import archive_oven, correct_heat_up, save_oven, save_oven_settings
from .found_ovens import oven_or_404


@workshop_page(Permission.SETTINGS_EDIT)
@needs_feature(Feature.SMART_STOCK, only_to_write=True)
def oven_list(request: WorkshopRequest) -> HttpResponse:
    form = OvenSettingsForm(request.POST or None, instance=get_oven_settings(request.workshop))
    if request.method == "POST" and form.is_valid():
        save_oven_settings(workshop=request.workshop, actor=request.actor, wanted=form.cleaned_data)
        messages.success(request, _("Saved; it applies to the next plan."))
        return _to_list(request)
    context = {"groups": group_ovens(list_ovens()), "form": form}
    return render(request, "batches/oven_list.html", context, status=422 if form.errors else 200)


@workshop_page(Permission.SETTINGS_EDIT)
@needs_feature(Feature.SMART_STOCK)
def oven_create(request: WorkshopRequest) -> HttpResponse:
    return _edit(request, None)


@workshop_page(Permission.SETTINGS_EDIT)
@needs_feature(Feature.SMART_STOCK)
def oven_edit(request: WorkshopRequest, oven_pk: int) -> HttpResponse:
    return _edit(request, oven_or_404(oven_pk))


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
@needs_feature(Feature.SMART_STOCK)
def oven_archive(request: WorkshopRequest, oven_pk: int) -> HttpResponse:
    oven = oven_or_404(oven_pk)
    try:
        archive_oven(workshop=request.workshop, actor=request.actor, oven=oven)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Oven put away; its loads stay in the figures."))
    return _to_list(request)


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
@needs_feature(Feature.SMART_STOCK)
def oven_heat_up(request: WorkshopRequest, oven_pk: int) -> HttpResponse:
    """Take the heating time that real loads show."""
    oven = oven_or_404(oven_pk)
    form = HeatUpForm(request.POST)
    if form.is_valid():
        correct_heat_up(workshop=request.workshop, actor=request.actor, oven=oven, **form.cleaned_data)
        messages.success(request, _("Saved; it applies to the next plan."))
    return redirect(workshop_url(request.workshop, "batches:oven_edit", oven_pk=oven.pk))


def _edit(request: WorkshopRequest, oven: Oven | None) -> HttpResponse:
    form = OvenForm(request.POST or None, instance=oven)
    if request.method == "POST" and form.is_valid() and _saved(request, form, oven):
        messages.success(request, _("Oven saved."))
        return _to_list(request)
    durations = durations_of(oven, list_measured_loads(oven)) if oven else None
    context = {"form": form, "oven": oven, "durations": durations}
    return render(request, "batches/oven_edit.html", context, status=422 if form.errors else 200)


def _saved(request: WorkshopRequest, form: OvenForm, oven: Oven | None) -> bool:
    fresh = oven_or_404(oven.pk) if oven else None  # the form has written in its own
    try:
        save_oven(workshop=request.workshop, actor=request.actor, oven=fresh, wanted=form.wanted())
    except RuleError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True


def _to_list(request: WorkshopRequest) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "batches:oven_list"))
