"""Opens the workshop mode to the tablets that a workshop shares, and answers for people who were taken out of it.

Only addresses of the workshop mode are concerned: a tablet's cookie opens nothing else of the product.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone

from app.tenancy.actor import Actor, Origin
from app.tenancy.middleware import Entrance
from app.tenancy.models import Workshop
from app.tenancy.permissions import Permission
from app.tenancy.scope import workshop_scope

from .constants import ACCOUNT_COOKIE, PERSON_KEY, SEAT_SESSION_KEY, TABLET_COOKIE, TABLET_COOKIE_AGE
from .models import Tablet
from .selectors import find_former_member, find_seated, find_settings, find_tablet
from .services.withdrawing import keep_refused

FLOOR = re.compile(r"^/app/([-a-zA-Z0-9_]+)/atelier/")
SENDING = re.compile(r"^/app/[-a-zA-Z0-9_]+/atelier/actions/$")
#: What a session at a tablet may hold of its operator's rights.
AT_A_TABLET = frozenset({Permission.FLOOR_USE, Permission.PROJECTS_READ, Permission.PROJECTS_UPDATE})
SEEN_EVERY = 20  # seconds between two writes of the session


class FloorMiddleware:
    """Stands before the scope; a request that is not for the workshop mode passes untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = FLOOR.match(request.path_info)
        if found is None:
            return _signed(request, _emptied(request, self.get_response(request)))
        tablet = find_tablet(request.COOKIES.get(TABLET_COOKIE, ""), found[1])
        if tablet is not None and not tablet.is_revoked:
            _seat(request, tablet)
        else:
            refused = _refusal(request, found[1], tablet)
            if refused is not None:
                return refused
        return _signed(request, _said_to_the_script(request, self.get_response(request)))


def _emptied(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Signing out empties what the workshop mode keeps on a person's own device; a shared tablet's data is nobody's."""
    signs_out = request.method == "POST" and request.path_info == reverse("account_logout")
    if signs_out and response.status_code == HTTPStatus.FOUND and TABLET_COOKIE not in request.COOKIES:
        response["Clear-Site-Data"] = '"storage"'
    return response


def _signed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Leave the name of the account on the person's device: what another one kept there is not shown to them."""
    if not request.path_info.startswith("/app/") or TABLET_COOKIE in request.COOKIES:
        return response
    account = PERSON_KEY.format(request.user.pk)
    if request.user.is_authenticated and request.COOKIES.get(ACCOUNT_COOKIE) != account:
        response.set_cookie(
            ACCOUNT_COOKIE, account, max_age=TABLET_COOKIE_AGE, path="/app/", samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


def _said_to_the_script(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Say to the script of somebody signed in that nothing here is for them any more: it empties their device.

    A "not found" or a refusal that anybody else could have written (a server that is being replaced) says nothing of
    the kind, nor does one whose address has moved.
    """
    asks = request.method == "GET" and request.headers.get("Accept") == "application/json"
    if not asks or not request.user.is_authenticated:
        return response
    permissions: frozenset[Permission] | None = getattr(request, "permissions", None)
    if response.status_code == HTTPStatus.NOT_FOUND and permissions is None:
        return JsonResponse({"code": "gone"}, status=HTTPStatus.NOT_FOUND)
    if (
        response.status_code == HTTPStatus.FORBIDDEN
        and permissions is not None
        and Permission.FLOOR_USE not in permissions
    ):
        return JsonResponse({"code": "withdrawn", "answers": []}, status=HTTPStatus.FORBIDDEN)
    return response


def _refusal(request: HttpRequest, slug: str, tablet: Tablet | None) -> HttpResponse | None:
    """The answer to a tablet out of service, or to somebody whose access was withdrawn while they had no network.

    What they send is written down, and not done.
    """
    sends = request.method == "POST" and SENDING.match(request.path_info)
    ip = request.META.get("REMOTE_ADDR")
    if request.user.is_authenticated:
        member = find_former_member(slug, request.user.pk) if sends else None
        if member is None:
            return None
        actor = Actor(label=str(member.user), origin=Origin.SCREEN, user_id=member.user_id, ip=ip)
        return _withdrawn(request, member.workshop, actor)
    if tablet is None:
        return None
    if not sends:
        return JsonResponse({"code": "withdrawn", "answers": []}, status=403)
    return _withdrawn(request, tablet.workshop, Actor(label=tablet.name, origin=Origin.SCREEN, ip=ip), tablet)


def _withdrawn(request: HttpRequest, workshop: Workshop, actor: Actor, tablet: Tablet | None = None) -> JsonResponse:
    with workshop_scope(workshop.pk):
        answers = keep_refused(workshop=workshop, actor=actor, raw=request.body, tablet=tablet)
    return JsonResponse({"code": "withdrawn", "answers": answers}, status=403)


def _seat(request: Any, tablet: Tablet) -> None:
    """The entrance of a tablet: locked, or with the operator who typed the code there a short while ago."""
    request.tablet = tablet
    ip = request.META.get("REMOTE_ADDR")
    seat = request.session.get(SEAT_SESSION_KEY) or {}
    now = timezone.now().timestamp()
    member = None
    if seat.get("tablet") == tablet.pk:
        with workshop_scope(tablet.workshop_id):
            awake = now - seat.get("seen", 0) < 60 * find_settings().lock_minutes
            member = find_seated(tablet, seat.get("member")) if awake else None
    if member is None:
        actor = Actor(label=tablet.name, origin=Origin.SCREEN, ip=ip)
        request.entrance = Entrance(tablet.workshop, None, frozenset({Permission.FLOOR_USE}), actor)
        return
    if now - seat["seen"] > SEEN_EVERY:
        request.session[SEAT_SESSION_KEY] = {**seat, "seen": now}
    actor = Actor(label=str(member.user), origin=Origin.SCREEN, user_id=member.user_id, ip=ip)
    request.entrance = Entrance(tablet.workshop, member, member.permissions & AT_A_TABLET, actor)
