"""Cartons that arrive, and their labels."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from app.documents.papers import ask_paper
from app.entitlements.constants import Feature
from app.entitlements.pages import needs_feature
from app.kernel.errors import RuleError
from app.powders.selectors import list_formats, list_powders
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import LabelsForm, ReceiveForm
from ..questions import doubt_of_carton
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
    if request.method == "POST" and form.is_valid() and form.is_confirmed("full_kg", _doubt(form)):
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


def _doubt(form: ReceiveForm) -> str | None:
    return doubt_of_carton(form.cleaned_data["powder"], form.cleaned_data["full_kg"])


@workshop_page(Permission.STOCK_READ, when_read_only=True)
def labels(request: WorkshopRequest) -> HttpResponse:
    """The labels of some cartons: the choices, then a worker makes the file."""
    chosen = (request.POST or request.GET).getlist("carton")
    keys = [int(key) for key in chosen if key.isdecimal() and len(key) < 18]
    cartons = list(all_cartons().filter(pk__in=keys[:MOST_CARTONS]).order_by("pk"))
    if not cartons:
        raise Http404
    form = LabelsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        paper = ask_paper(
            workshop=request.workshop, actor=request.actor, kind="carton_labels", title=_("Carton labels"),
            back=workshop_url(request.workshop, "stock:item_detail", item_pk=cartons[0].item_id),
            choices={"cartons": [carton.pk for carton in cartons], **form.cleaned_data},
        )  # fmt: skip
        return redirect(workshop_url(request.workshop, "documents:paper_detail", paper_pk=paper.pk))
    context = {"form": form, "cartons": cartons, "item": cartons[0].item}
    return render(request, "stock/labels.html", context, status=422 if form.errors else 200)
