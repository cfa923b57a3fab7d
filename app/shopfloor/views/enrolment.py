"""Turning a device into a tablet of the workshop: the link is used by a click, not by being opened."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_ratelimit.decorators import ratelimit

from app.kernel.errors import RuleError
from app.tenancy.actor import Actor, Origin
from app.tenancy.links import workshop_url
from app.tenancy.scope import workshop_scope

from ..constants import TABLET_COOKIE, TABLET_COOKIE_AGE
from ..selectors import find_enrolment
from ..services.tablets import enrol_tablet

GONE = 410


@ratelimit(key="ip", rate="30/h", block=True)
@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, token: str) -> HttpResponse:
    tablet = find_enrolment(token)
    if tablet is None:
        return render(request, "shopfloor/enrol_over.html", status=GONE)
    if request.method == "GET":
        return render(request, "shopfloor/enrol.html", {"tablet": tablet})
    actor = Actor(label=tablet.name, origin=Origin.SCREEN, ip=request.META.get("REMOTE_ADDR"))
    try:
        with workshop_scope(tablet.workshop_id):
            cookie = enrol_tablet(workshop=tablet.workshop, actor=actor, tablet=tablet)
    except RuleError:
        return render(request, "shopfloor/enrol_over.html", status=GONE)
    logout(request)  # the person who enrols it does not stay signed in on a device that everybody uses
    response = redirect(workshop_url(tablet.workshop, "shopfloor:shell"))
    response.set_cookie(
        TABLET_COOKIE, cookie, max_age=TABLET_COOKIE_AGE, path="/app/", httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response
