"""Arrival after sign-in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from app.tenancy.links import workshop_url
from app.tenancy.selectors import list_accesses


@login_required
def entry(request: HttpRequest) -> HttpResponse:
    """Straight to the only workshop, or the choice between several."""
    accesses = list_accesses(request.user.pk)  # type: ignore[arg-type]
    if len(accesses) == 1:
        return redirect(workshop_url(accesses[0].workshop, "home:dashboard"))
    return render(request, "home/entry.html", {"accesses": accesses})
