"""Cartons that arrive, and their labels."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from app.entitlements.constants import Feature
from app.entitlements.pages import needs_feature
from app.kernel.errors import RuleError
from app.powders.selectors import list_formats, list_powders
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import LabelsForm, ReceiveForm
from ..labelling import carton_labels_pdf
from ..selectors import all_cartons
from ..services.moving import MOST_CARTONS, receive_cartons
from .found import sites_of


@workshop_page(Permission.STOCK_EDIT)
@needs_feature(Feature.BASIC_STOCK)
def receive(request: WorkshopRequest) -> HttpResponse:
    form = ReceiveForm(
        request.POST or None, powders=list_powders(), formats=list_formats(), sites=sites_of(request.workshop),
        powder=request.GET.get("poudre"),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            cartons = receive_cartons(workshop=request.workshop, actor=request.actor, **form.given())
        except RuleError as error:
            form.refuse(error)
        else:
            said = ngettext("%(count)s carton added.", "%(count)s cartons added.", len(cartons))
            messages.success(request, said % {"count": len(cartons)})
            chosen = "&".join(f"carton={carton.pk}" for carton in cartons)
            return redirect(f"{workshop_url(request.workshop, 'stock:labels')}?{chosen}")
    return render(request, "stock/receive.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@workshop_page(Permission.STOCK_READ)
def labels(request: WorkshopRequest) -> HttpResponse:
    """The labels of some cartons: the choices, then the file."""
    keys = [int(key) for key in request.GET.getlist("carton") if key.isdecimal() and len(key) < 18]
    cartons = list(all_cartons().filter(pk__in=keys[:MOST_CARTONS]).order_by("pk"))
    if not cartons:
        raise Http404
    form = LabelsForm(request.GET if "size" in request.GET else None)
    if form.is_valid():
        content = carton_labels_pdf(request.workshop, cartons, form.cleaned_data)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{_("carton-labels")}.pdf"'
        return response
    return render(request, "stock/labels.html", {"form": form, "cartons": cartons, "item": cartons[0].item})
