"""What is done with a customer: one button, one service."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..comparison import compare
from ..forms import InteractionForm, MergeForm, SettingsForm
from ..models import Customer
from ..selectors import find_customer, find_lookalikes_of, get_settings, list_customers
from ..services.interactions import add_interaction
from ..services.merging import merge_customers
from ..services.privacy import delete_customer, erase_customer, export_customer_data
from ..services.settings import save_criteria
from .found import customer_or_404, present_customer_or_404

PROPOSED_MOST = 10


@require_POST
@workshop_page(Permission.CUSTOMERS_EDIT)
def interaction_add(request: WorkshopRequest, customer_pk: int) -> HttpResponse:
    customer, form = present_customer_or_404(customer_pk), InteractionForm(request.POST)
    if not form.is_valid():
        return render(request, "crm/interaction_form.html", {"customer": customer, "form": form}, status=422)
    add_interaction(workshop=request.workshop, actor=request.actor, customer=customer, **form.cleaned_data)
    messages.success(request, _("Added to the history."))
    return _to(request, customer)


@workshop_page(Permission.CUSTOMERS_EDIT)
def customer_merge(request: WorkshopRequest, customer_pk: int) -> HttpResponse:
    """Choose the other record, see both, merge: this one is kept."""
    kept = customer_or_404(customer_pk)
    settings = get_settings(request.workshop)
    other = find_customer(request.GET.get("avec", ""))
    form = MergeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        merged = customer_or_404(form.cleaned_data["merged"])
        try:
            merge_customers(workshop=request.workshop, actor=request.actor, kept=kept, merged=merged)
        except RuleError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Both records are now one."))
            return _to(request, kept)
    query = request.GET.get("q", "").strip()
    found = list_customers(search=query)[: PROPOSED_MOST + 1] if query else []
    context = {
        "customer": kept,
        "other": other if other and other.pk != kept.pk else None,
        "comparison": compare(kept, other) if other else [],
        "query": query,
        "proposed": [row for row in found if row.pk != kept.pk]
        or find_lookalikes_of(kept, settings.duplicate_criteria),
        "form": form,
    }
    return render(request, "crm/customer_merge.html", context, status=422 if form.errors else 200)


@workshop_page(Permission.CUSTOMERS_EXPORT, when_read_only=True)
def customer_data(request: WorkshopRequest, customer_pk: int) -> HttpResponse:
    """The person's data, as a file to give them."""
    customer = customer_or_404(customer_pk)
    data = export_customer_data(workshop=request.workshop, actor=request.actor, customer=customer)
    content = json.dumps(data, ensure_ascii=False, indent=2)
    response = HttpResponse(content, content_type="application/json")
    name = slugify(str(customer)) or customer.pk
    response["Content-Disposition"] = f'attachment; filename="donnees-{name}.json"'
    return response


@require_POST
@workshop_page(Permission.CUSTOMERS_DELETE)
def customer_erase(request: WorkshopRequest, customer_pk: int) -> HttpResponse:
    customer = customer_or_404(customer_pk)
    try:
        erase_customer(workshop=request.workshop, actor=request.actor, customer=customer)
    except RuleError as error:
        messages.error(request, error.message)
        return _to(request, customer)
    messages.success(request, _("The person's data is erased. Documents that the law keeps no longer lead to them."))
    return redirect(workshop_url(request.workshop, "crm:customer_list"))


@require_POST
@workshop_page(Permission.CUSTOMERS_DELETE)
def customer_delete(request: WorkshopRequest, customer_pk: int) -> HttpResponse:
    customer = customer_or_404(customer_pk)
    try:
        gone = delete_customer(workshop=request.workshop, actor=request.actor, customer=customer)
    except RuleError as error:
        messages.error(request, error.message)
        return _to(request, customer)
    erased = _("This customer has quotes or projects that must be kept: the person's data is erased from them.")
    messages.success(request, _("Customer deleted.") if gone else erased)
    return redirect(workshop_url(request.workshop, "crm:customer_list"))


@workshop_page(Permission.SETTINGS_EDIT)
def settings_edit(request: WorkshopRequest) -> HttpResponse:
    criteria = get_settings(request.workshop).duplicate_criteria
    form = SettingsForm(request.POST if request.method == "POST" else None, initial={"duplicate_criteria": criteria})
    if form.is_valid():
        chosen = form.cleaned_data["duplicate_criteria"]
        save_criteria(workshop=request.workshop, actor=request.actor, criteria=chosen)
        messages.success(request, _("Settings saved."))
        return redirect(workshop_url(request.workshop, "crm:settings"))
    return render(request, "crm/settings_edit.html", {"form": form}, status=422 if form.errors else 200)


def _to(request: WorkshopRequest, customer: Customer) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "crm:customer_detail", customer_pk=customer.pk))
