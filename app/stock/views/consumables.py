"""What is stocked besides powder: hooks, masking, abrasives."""

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

from ..figures import read_figures
from ..forms import ConsumableForm
from ..selectors import list_consumables
from ..services.planning import archive_consumable, restore_consumable, save_consumable
from .found import consumable_or_404


@workshop_page(Permission.STOCK_READ, edit=Permission.STOCK_EDIT)
@needs_feature(Feature.BASIC_STOCK, only_to_write=True)
def consumable_list(request: WorkshopRequest) -> HttpResponse:
    """The consumables; a post adds one."""
    form = ConsumableForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            item = save_consumable(workshop=request.workshop, actor=request.actor, **form.cleaned_data)
        except RuleError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(name)s” added: count what there is.") % {"name": item.name})
            return redirect(workshop_url(request.workshop, "stock:item_count", item_pk=item.pk))
    archived = "archives" in request.GET
    figures = read_figures(request.workshop, list(list_consumables(archived=archived)))
    context = {"figures": figures, "form": form, "archived": archived}
    return render(request, "stock/consumable_list.html", context, status=422 if form.errors else 200)


@workshop_page(Permission.STOCK_EDIT)
@needs_feature(Feature.BASIC_STOCK)
def consumable_edit(request: WorkshopRequest, item_pk: int) -> HttpResponse:
    item = consumable_or_404(item_pk)
    initial = {"name": item.name, "unit": item.unit, "alert_below": item.alert_below}
    form = ConsumableForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_consumable(workshop=request.workshop, actor=request.actor, item=item, **form.cleaned_data)
        except RuleError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect(workshop_url(request.workshop, "stock:item_detail", item_pk=item.pk))
    context = {"item": item, "form": form}
    return render(request, "stock/consumable_edit.html", context, status=422 if form.errors else 200)


@require_POST
@workshop_page(Permission.STOCK_EDIT)
@needs_feature(Feature.BASIC_STOCK)
def consumable_archive(request: WorkshopRequest, item_pk: int) -> HttpResponse:
    archive_consumable(workshop=request.workshop, actor=request.actor, item=consumable_or_404(item_pk))
    messages.success(request, _("Put away; its history stays."))
    return redirect(workshop_url(request.workshop, "stock:consumable_list"))


@require_POST
@workshop_page(Permission.STOCK_EDIT)
@needs_feature(Feature.BASIC_STOCK)
def consumable_restore(request: WorkshopRequest, item_pk: int) -> HttpResponse:
    item = consumable_or_404(item_pk)
    try:
        restore_consumable(workshop=request.workshop, actor=request.actor, item=item)
    except RuleError as error:
        messages.error(request, error.message)
        return redirect(workshop_url(request.workshop, "stock:consumable_edit", item_pk=item.pk))
    messages.success(request, _("Back in the list."))
    return redirect(workshop_url(request.workshop, "stock:consumable_list"))
