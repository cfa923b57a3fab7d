"""The history of actions, for Owner and Admin."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from app.kernel.pagination import keyset_page
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from .export import entries_csv
from .forms import EntryFilters
from .selectors import list_entries
from .services import record_export


@workshop_page(Permission.AUDIT_READ)
def entry_list(request: WorkshopRequest) -> HttpResponse:
    filters = EntryFilters(request.GET)
    asked = filters.asked()
    page = keyset_page(list_entries(**asked), keys=("-at", "-id"), cursor=request.GET.get("apres"), size=50)
    context = {"page": page, "filters": filters, "filtered": any(asked.values())}
    return render(request, "audit/entry_list.html", context)


@workshop_page(Permission.AUDIT_READ, when_read_only=True)
def entry_export(request: WorkshopRequest) -> HttpResponse:
    """The entries on screen as a CSV; taking them out is itself an entry."""
    asked = EntryFilters(request.GET).asked()
    content = entries_csv(list_entries(**asked))
    record_export(workshop=request.workshop, actor=request.actor, filters=asked)
    name = f"historique-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
