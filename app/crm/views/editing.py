"""Creating and changing customers; look-alikes are shown before a second record is made."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from app.audit.editing import ChangedMeanwhileError, seen_of
from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..comparison import completed
from ..forms import CustomerForm
from ..identity import data_of
from ..models import Customer
from ..selectors import find_customer, find_lookalikes, get_settings, list_tags
from ..services.customers import UPDATED, create_customer, edit_customer
from .found import customer_or_404, present_customer_or_404


@workshop_page(Permission.CUSTOMERS_EDIT)
def customer_create(request: WorkshopRequest) -> HttpResponse:
    """Save at once when nobody looks alike; else the person chooses: open, complete the other, create anyway."""
    form = CustomerForm(request.POST if request.method == "POST" else None)
    lookalikes: list[Customer] = []
    if form.is_valid():
        lookalikes = find_lookalikes(form.data_typed(), get_settings(request.workshop).duplicate_criteria)
        if not lookalikes or request.POST.get("anyway") or request.POST.get("into"):
            try:
                customer = _created(request, form)
            except RuleError as error:
                form.add_error(error.field, error.message)
                return _form(request, form, {})
            return redirect(workshop_url(request.workshop, "crm:customer_detail", customer_pk=customer.pk))
    return _form(request, form, {"lookalikes": lookalikes})


@workshop_page(Permission.CUSTOMERS_EDIT)
def customer_edit(request: WorkshopRequest, customer_pk: int) -> HttpResponse:
    customer = present_customer_or_404(customer_pk)
    form = CustomerForm(request.POST if request.method == "POST" else None, instance=customer_or_404(customer_pk))
    seen = request.POST.get("seen") if request.method == "POST" else seen_of(customer, UPDATED)
    if form.is_valid():
        try:
            edit_customer(
                workshop=request.workshop, actor=request.actor, customer=customer, data=form.data_typed(), seen=seen
            )
        except RuleError as error:
            form.add_error(error.field, error.message)
            seen = error.seen if isinstance(error, ChangedMeanwhileError) else seen
        else:
            messages.success(request, _("Customer saved."))
            return redirect(workshop_url(request.workshop, "crm:customer_detail", customer_pk=customer.pk))
    return _form(request, form, {"customer": customer, "seen": seen})


def _created(request: WorkshopRequest, form: CustomerForm) -> Customer:
    """A new record, or the existing one that the person chose, completed with what was typed."""
    into = request.POST.get("into", "")
    if not into:
        customer = create_customer(workshop=request.workshop, actor=request.actor, data=form.data_typed())
        messages.success(request, _("Customer added."))
        return customer
    existing = find_customer(into)
    if existing is None or existing.erased_at:
        raise Http404
    data = completed(data_of(existing), form.data_typed())
    messages.success(request, _("The existing record was completed with what you typed."))
    return edit_customer(workshop=request.workshop, actor=request.actor, customer=existing, data=data)


def _form(request: WorkshopRequest, form: CustomerForm, context: dict[str, object]) -> HttpResponse:
    context |= {"form": form, "tags": list_tags()}
    return render(request, "crm/customer_form.html", context, status=422 if form.errors else 200)
