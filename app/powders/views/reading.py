"""The list, the record, the colour chart, the export."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from app.kernel.pagination import keyset_page
from app.powders.export import powders_csv
from app.powders.forms import FilterForm, PriceForm
from app.powders.models import Powder
from app.powders.selectors import list_brands, list_formats_of, list_powders, price_history, search_colours
from app.powders.views.found import powder_or_404
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission


@workshop_page(Permission.POWDERS_READ)
def powder_list(request: WorkshopRequest) -> HttpResponse:
    filters = FilterForm(request.GET)
    page = keyset_page(_filtered(filters), keys=("search_key", "id"), cursor=request.GET.get("apres"))
    context = {"page": page, "filters": filters, "brands": list_brands(), "filtered": any(request.GET.values())}
    return render(request, "powders/powder_list.html", context)


@workshop_page(Permission.POWDERS_READ)
def powder_detail(request: WorkshopRequest, powder_pk: int) -> HttpResponse:
    return show_powder(request, powder_or_404(powder_pk), PriceForm(initial={"valid_from": timezone.localdate()}))


def show_powder(request: WorkshopRequest, powder: Powder, price_form: PriceForm) -> HttpResponse:
    """The record of a powder, with the price that is being added to it."""
    context = {
        "powder": powder,
        "prices": price_history(powder),
        "formats": list_formats_of(powder.brand),
        "price_form": price_form,
    }
    return render(request, "powders/powder_detail.html", context, status=422 if price_form.errors else 200)


@workshop_page(Permission.POWDERS_READ)
def powder_export(request: WorkshopRequest) -> HttpResponse:
    filters = FilterForm(request.GET)
    response = HttpResponse(powders_csv(_filtered(filters).order_by("search_key", "pk")), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="poudres-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


@workshop_page(Permission.POWDERS_READ)
def colour_list(request: WorkshopRequest) -> HttpResponse:
    """The RAL chart: each colour leads to a new powder that bears it."""
    query = request.GET.get("q", "")
    template = "powders/colour_results.html" if request.headers.get("HX-Request") else "powders/colour_list.html"
    return render(request, template, {"colours": search_colours(query, limit=300), "query": query})


def _filtered(filters: FilterForm) -> QuerySet[Powder]:
    filters.is_valid()
    values = filters.cleaned_data
    return list_powders(
        query=values.get("q", ""),
        type=values.get("type", ""),
        finish=values.get("finition", ""),
        brand=values.get("marque", ""),
        archived=values.get("archives", False),
    )
