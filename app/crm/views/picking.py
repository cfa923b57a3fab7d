"""Choosing or creating a customer inside another screen: fragments that replace `#customer-picker`."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import QuickCustomerForm
from ..selectors import find_customer, find_lookalikes, get_settings, list_customers
from ..services.customers import create_customer

MATCHES_MOST = 8
PREFIX = "client"


@workshop_page(Permission.CUSTOMERS_READ)
def customer_pick(request: WorkshopRequest) -> HttpResponse:
    """`?q=` lists the matches, `?client=` answers the chosen customer, nothing gives the empty picker."""
    if "q" in request.GET:
        query = request.GET["q"].strip()
        matches = list_customers(search=query)[:MATCHES_MOST] if query else []
        context = {"matches": matches, "query": query, "quick": QuickCustomerForm(prefix=PREFIX)}
        return render(request, "crm/customer_matches.html", context)
    return _picker(request, chosen=find_customer(request.GET.get("client", "")))


@require_POST
@workshop_page(Permission.CUSTOMERS_EDIT)
def customer_quick_create(request: WorkshopRequest) -> HttpResponse:
    """Create from a few fields and answer the chosen customer; look-alikes are shown first."""
    form = QuickCustomerForm(request.POST, prefix=PREFIX)
    if not form.is_valid():
        return _picker(request, status=422, quick=form)
    data = form.data_typed()
    lookalikes = find_lookalikes(data, get_settings(request.workshop).duplicate_criteria)
    if lookalikes and not request.GET.get("anyway"):
        return _picker(request, quick=form, lookalikes=lookalikes)
    try:
        chosen = create_customer(workshop=request.workshop, actor=request.actor, data=data)
    except RuleError as error:
        form.add_error(error.field, error.message)
        return _picker(request, status=422, quick=form)
    return _picker(request, chosen=chosen)


def _picker(request: WorkshopRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "crm/customer_picker.html", {"changed": True, **context}, status=status)
