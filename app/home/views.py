"""The office's home and the search over everything."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from .checklist import find_checklist
from .dashboard import build_dashboard
from .search import search_everything
from .steering import MONTHS, USUAL_MONTHS, read_steering

FEWEST_LETTERS = 2


@workshop_page(Permission.HOME_VIEW)
def dashboard(request: WorkshopRequest) -> HttpResponse:
    context = {
        "board": build_dashboard(request.permissions, timezone.localdate()),
        "checklist": find_checklist(request.workshop) if request.may(Permission.SETTINGS_EDIT) else None,
    }
    return render(request, "home/dashboard.html", context)


@workshop_page(Permission.HOME_VIEW)
def search(request: WorkshopRequest) -> HttpResponse:
    """A fragment for the command palette: what the words begin, by kind, limited to what the member may read."""
    query = request.GET.get("q", "").strip()
    groups = search_everything(request.workshop, request.permissions, query) if len(query) >= FEWEST_LETTERS else []
    return render(request, "home/search.html", {"groups": groups, "query": query})


@require_safe
@workshop_page(Permission.PRICES_SEE)
def steering(request: WorkshopRequest) -> HttpResponse:
    """Five figures of the trade, each with its definition and the page that it comes from."""
    asked = request.GET.get("mois", "")
    months = int(asked) if asked in map(str, MONTHS) else USUAL_MONTHS
    found = read_steering(request.workshop, months=months, anew="recalculer" in request.GET)
    context = {
        "steering": found,
        "months": months,
        "periods": MONTHS,
        "has_stock": has_feature(request.workshop, Feature.SMART_STOCK),
    }
    return render(request, "home/steering.html", context)
