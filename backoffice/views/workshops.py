"""The workshops: the list, its file, the page of one."""

from contact.selectors import list_asked_calls
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..access import PublisherRequest, publisher_page
from ..exports import csv_file, workshops_csv
from ..forms.workshops import SetUpForm, WorkshopFilters
from ..selectors.workshops import get_workshop_list, get_workshop_page, read_workshops
from .found import workshop_or_404


@publisher_page
@require_safe
def workshop_list(request: PublisherRequest) -> HttpResponse:
    filters = WorkshopFilters(request.GET)
    asked = filters.asked()
    found = get_workshop_list(filters=asked, cursor=request.GET.get("apres"))
    context = {"page": found.page, "counts": found.counts, "filters": filters, "filtered": any(asked.values())}
    return render(request, "backoffice/workshop_list.html", context)


@publisher_page
@require_safe
def workshop_export(request: PublisherRequest) -> HttpResponse:
    return csv_file(workshops_csv(read_workshops(WorkshopFilters(request.GET).asked())), "ateliers")


@publisher_page
@require_safe
def workshop_detail(request: PublisherRequest, workshop_pk: int) -> HttpResponse:
    found = get_workshop_page(workshop_or_404(workshop_pk))
    noted = {f"{line.step}_on": line.done_on for line in found.set_up}
    notes = {f"{line.step}_note": line.note for line in found.set_up}
    context = {
        "found": found,
        "workshop": found.workshop,
        "now": timezone.now(),
        "calls": list_asked_calls(found.workshop.slug),
        "form": SetUpForm(initial=noted | notes),
    }
    return render(request, "backoffice/workshop_detail.html", context)
