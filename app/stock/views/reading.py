"""What is in stock: the list, a powder, a carton, movements and weighings."""

from typing import Any
from uuid import uuid4

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.kernel.charts import polyline
from app.kernel.csvfiles import write_csv
from app.kernel.pagination import Page, first_page, keyset_page
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..figures import find_settings, read_figures
from ..forms import AlertForm, FilterForm
from ..history import level_by_day
from ..learning import read_yield
from ..models import Item
from ..selectors import (
    REACHED,
    SHOWN,
    count_low,
    find_item,
    known_gaps,
    list_cartons,
    list_movements,
    list_powder_items,
    list_weighings,
)
from ..shown import first_items, latest_movements, latest_weighings, shown_cartons, shown_levels
from .found import carton_or_404, chosen_site, item_or_404, powder_or_404, sites_of

SORTS = {"": ("powder__search_key", "id"), "niveau": ("quantity", "id"), "pesee": ("seen", "id")}


@workshop_page(Permission.STOCK_READ)
def item_list(request: WorkshopRequest) -> HttpResponse:
    filters, sites = FilterForm(request.GET), sites_of(request.workshop)
    site = chosen_site(request, sites)
    page = _page(request, filters, site)
    context = {
        "page": page, "figures": read_figures(request.workshop, page.rows, site=site), "filters": filters,
        "sites": sites, "site": site, "low": count_low(),
        "smart": has_feature(request.workshop, Feature.SMART_STOCK), "filtered": any(request.GET.values()),
    }  # fmt: skip
    return render(request, "stock/item_list.html", context)


@workshop_page(Permission.STOCK_READ, when_read_only=True)
def item_export(request: WorkshopRequest) -> HttpResponse:
    """Every powder in stock with its figures."""
    items = list(list_powder_items().order_by("powder__search_key", "pk"))
    header = [_("Powder"), _("Brand"), _("Stock (kg)"), _("Cartons"), _("Use per day (kg)"), _("Used up on"),
              _("Reliability"), _("Last weighing")]  # fmt: skip
    rows = [
        [one.item, one.item.powder.brand if one.item.powder else "", _comma(one.level), one.cartons,
         _comma(round(one.per_day, 3)), one.runs_out_on or "", one.score if one.weighed_on else "",
         one.weighed_on or ""]
        for one in read_figures(request.workshop, items)
    ]  # fmt: skip
    response = HttpResponse(write_csv(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="stock-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


@workshop_page(Permission.STOCK_READ)
def item_detail(request: WorkshopRequest, item_pk: int) -> HttpResponse:
    """A powder or a consumable: what is left and where, what happened, what weighings say."""
    item, settings = item_or_404(item_pk), find_settings()
    [figures] = read_figures(request.workshop, [item], settings=settings)
    days = level_by_day(item, timezone.localdate(), level=figures.level)
    latest = latest_weighings(item.pk)
    smart = has_feature(request.workshop, Feature.SMART_STOCK)
    context = {
        "item": item, "figures": figures, "levels": shown_levels(item.pk),
        "cartons": shown_cartons(item.pk), "days": days,
        "line": polyline([float(level) for _day, level in days]), "movements": latest_movements(item.pk),
        "weighings": latest, "gaps": known_gaps(latest),
        "yield": read_yield(item) if item.is_powder and smart else None, "smart": smart,
        "alert_form": AlertForm(instance=item), "sites": sites_of(request.workshop), "settings": settings,
    }  # fmt: skip
    return render(request, "stock/item_detail.html", context)


@workshop_page(Permission.STOCK_READ)
def powder_stock(request: WorkshopRequest, powder_pk: int) -> HttpResponse:
    """The stock of a powder; one that never was in stock begins with its first carton."""
    item = find_item(powder_or_404(powder_pk))
    if item:
        return redirect(workshop_url(request.workshop, "stock:item_detail", item_pk=item.pk))
    return redirect(f"{workshop_url(request.workshop, 'stock:receive')}?poudre={powder_pk}")


@workshop_page(Permission.STOCK_READ)
def movement_list(request: WorkshopRequest, item_pk: int) -> HttpResponse:
    """Every movement of an item, or those of its empty cartons' time too: nothing is ever removed."""
    item = item_or_404(item_pk)
    page = keyset_page(list_movements(item), keys=("-happened_at", "-id"), cursor=request.GET.get("apres"))
    context = {"item": item, "page": page, "empty_cartons": list_cartons(item, empty=True)[:50]}
    return render(request, "stock/movement_list.html", context)


@workshop_page(Permission.STOCK_READ)
def carton_detail(request: WorkshopRequest, carton_pk: int) -> HttpResponse:
    carton = carton_or_404(carton_pk)
    weighings = list(list_weighings(carton=carton))
    context = {
        "carton": carton, "weighings": weighings, "gaps": known_gaps(weighings), "sites": sites_of(request.workshop),
        "transfer_key": uuid4(),
    }  # fmt: skip
    return render(request, "stock/carton_detail.html", context)


@workshop_page(Permission.STOCK_READ)
def weighing_list(request: WorkshopRequest) -> HttpResponse:
    """Every weighing of the workshop, the latest first."""
    page = keyset_page(list_weighings(), keys=("-at", "-id"), cursor=request.GET.get("apres"))
    return render(request, "stock/weighing_list.html", {"page": page, "gaps": known_gaps(page.rows)})


def _page(request: WorkshopRequest, filters: FilterForm, site: Any) -> Page[Item]:
    filters.is_valid()
    values, cursor = filters.cleaned_data, request.GET.get("apres")
    keys, query, low = SORTS[values.get("tri", "")], values.get("q", ""), values.get("bas", False)
    if not query and not cursor:
        return first_page(first_items(site.pk if site else None, bool(low), *keys), keys=keys)
    items = list_powder_items(query=query, site=site, low=low)
    if keys[0] in REACHED:
        items = items.annotate(**{keys[0]: F(keys[0])})
    return keyset_page(items.only(*SHOWN), keys=keys, cursor=cursor)


def _comma(value: object) -> str:
    """A figure as a French spreadsheet reads it."""
    return str(value).replace(".", ",")
