"""The list and the record of customers."""

from django.http import HttpResponse
from django.shortcuts import render

from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import FilterForm, InteractionForm
from ..selectors import find_lookalikes_of, get_settings, list_interactions, list_tags, page_of_customers
from .found import customer_or_404


@workshop_page(Permission.CUSTOMERS_READ)
def customer_list(request: WorkshopRequest) -> HttpResponse:
    """A page of customers; the fragment of the results alone while the search is typed."""
    filters = FilterForm(request.GET)
    filters.is_valid()  # a wrong filter keeps them all
    values = filters.cleaned_data
    page = page_of_customers(
        search=values.get("q", ""), type=values.get("type", ""), tag=values.get("tag", ""),
        cursor=request.GET.get("apres"),
    )  # fmt: skip
    context = {"page": page, "filters": filters, "filtered": any(filters.cleaned_data.values())}
    if request.headers.get("HX-Request"):
        return render(request, "crm/customer_results.html", context)
    return render(request, "crm/customer_list.html", context | {"tags": list_tags()})


@workshop_page(Permission.CUSTOMERS_READ)
def customer_detail(request: WorkshopRequest, customer_pk: int) -> HttpResponse:
    customer = customer_or_404(customer_pk)
    criteria = get_settings(request.workshop).duplicate_criteria
    context = {
        "customer": customer,
        "interactions": list_interactions(customer),
        "interaction_form": InteractionForm(),
        "lookalikes": [] if customer.erased_at else find_lookalikes_of(customer, criteria),
    }
    return render(request, "crm/customer_detail.html", context)
