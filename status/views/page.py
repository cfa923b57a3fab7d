"""The public page, from the last known state: no database, no session, no cache."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from ..forms import SubscribeForm
from ..page import load_log, load_page

#: A visitor's browser may show the same page again for a moment; no proxy keeps it.
shortly = cache_control(private=True, max_age=10)


@shortly
@gzip_page  # ninety bars for each element, never kept by the page cache: a telephone waits for their bytes
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """What works now, and how the last ninety days were."""
    return render(request, "status/page.html", {"page": load_page(), "form": SubscribeForm()})


@shortly
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Every incident since the beginning."""
    return render(request, "status/history.html", {"incidents": load_log()})


@shortly
@require_safe
def incident(request: HttpRequest, incident_pk: int) -> HttpResponse:
    """One incident with its timeline."""
    found = next((incident for incident in load_log() if incident.key == incident_pk), None)
    if found is None:
        raise Http404
    return render(request, "status/incident.html", {"incident": found})
