"""Customers as a file: at once when they are few, made by a worker otherwise."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import FilterForm
from ..services.exporting import ask_export, export_now, file_name
from .found import export_or_404
from .importing import csv_response


@workshop_page(Permission.CUSTOMERS_EXPORT, when_read_only=True)
def customer_export(request: WorkshopRequest) -> HttpResponse:
    """The customers that the list shows, under its filters."""
    filters = FilterForm(request.GET).filters()
    content = export_now(workshop=request.workshop, actor=request.actor, filters=filters)
    if content is not None:
        return csv_response(content, file_name())
    asked = ask_export(workshop=request.workshop, actor=request.actor, filters=filters)
    return redirect(workshop_url(request.workshop, "dataio:export_detail", export_pk=asked.pk))


@require_safe
@workshop_page(Permission.CUSTOMERS_EXPORT, when_read_only=True)
def export_detail(request: WorkshopRequest, export_pk: int) -> HttpResponse:
    """The page of an export; asked by htmx, its state alone."""
    template = "dataio/export_state.html" if request.headers.get("HX-Request") else "dataio/export_detail.html"
    return render(request, template, {"asked": export_or_404(export_pk)})
