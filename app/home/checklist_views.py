"""Putting the first steps away."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from .guidance import stop_guidance
from .services import close_checklist


@workshop_page(Permission.SETTINGS_EDIT)
@require_POST
def close(request: WorkshopRequest) -> HttpResponse:
    close_checklist(workshop=request.workshop)
    return redirect(workshop_url(request.workshop, "home:dashboard"))


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed token is the proof
@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the tips: at once for a mail program, by a click for a person; a scanner that opens links stops nothing."""
    stopped = request.method == "POST" and stop_guidance(token)
    status = 404 if request.method == "POST" and not stopped else 200
    return render(request, "home/guidance_stop.html", {"stopped": stopped}, status=status)
