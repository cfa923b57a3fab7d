"""What the publisher may do while it works in a workshop as one of its members (django-hijack holds the session).

Stands before the scope: a request that is refused here never opens the workshop.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from .actor import Actor, Origin
from .links import workshop_url
from .models import SupportAccess
from .pages import SAFE_METHODS
from .scope import platform_scope

SESSION_KEY = "support_access"
PRODUCT, ENDING = "/app/", "/support/"
ENTRY = "home_entry"
#: Addresses that belong to the person, not to the workshop: nothing of them opens.
PERSONAL = ("/compte/", "/cms/", "/editeur/", "/espace/", "/invitation/", "/E/")
#: What only the workshop's own people change, even while the publisher may write.
OWN_BUSINESS = frozenset({"billing", "workshops"})
#: Taking the workshop's data out is never support; these are refused before they do anything, files in any case.
TAKING_OUT = frozenset(
    {"dataio:customer_export", "dataio:export_detail", "audit:entry_export", "crm:customer_data", "files:download"}
)
NOT_TAKEN_OUT = gettext_noop("Support does not take the workshop's data out.")


class SupportMiddleware:
    """Refuses to a support session whatever its access does not hold; anybody else passes untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY not in request.session or request.path_info.startswith(ENDING):
            return self.get_response(request)
        access = find_support_access(request.session[SESSION_KEY])
        if access is None or not access.is_open():
            return redirect("support_over")
        refusal = _refusal(request, access)
        if refusal is not None:
            return refusal
        _mark(request, access)
        answer = self.get_response(request)
        # Whatever page makes it: a list of names would miss the next one.
        if answer.get("Content-Disposition", "").startswith("attachment"):
            return _refused(request, access, _(NOT_TAKEN_OUT))
        return answer


def find_support_access(access_pk: int) -> SupportAccess | None:
    """An access by its key, with its workshop, its member and its publisher."""
    with platform_scope():
        found = SupportAccess.objects.select_related("workshop", "member__user", "publisher").filter(pk=access_pk)
        return found.first()


def _refusal(request: HttpRequest, access: SupportAccess) -> HttpResponse | None:
    if request.path_info.startswith(PERSONAL):
        return render(request, "404.html", status=404)
    if not request.path_info.startswith(PRODUCT):
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    if match.view_name == ENTRY:  # it names every workshop of the member, and opens the one they asked for
        return redirect(workshop_url(access.workshop, "home:dashboard"))
    if match.kwargs.get("workshop_slug", access.workshop.slug) != access.workshop.slug:
        return render(request, "404.html", status=404)
    why = _why_not(request, match, access)
    return _refused(request, access, why) if why else None


def _refused(request: HttpRequest, access: SupportAccess, why: str) -> HttpResponse:
    return render(request, "tenancy/support_refused.html", {"why": why, "access": access}, status=403)


def _why_not(request: HttpRequest, match: ResolverMatch, access: SupportAccess) -> str:
    """Why this request is refused, in words; "" when it is not."""
    if match.view_name in TAKING_OUT:
        return _(NOT_TAKEN_OUT)
    if request.method in SAFE_METHODS:
        return ""
    if match.app_name in OWN_BUSINESS:
        return _("The team, the identity and the subscription are changed by the workshop's own people.")
    return "" if access.may_write() else _("Support reads only. Ask to write, with a reason, from the banner.")


def _mark(request: Any, access: SupportAccess) -> None:
    """Both names go into the trail; the banner knows the access."""
    request.support_access = access
    request.support_actor = Actor(
        label=_("%(publisher)s (ThermoGestion) for %(member)s")
        % {"publisher": access.publisher, "member": access.member.user},
        origin=Origin.PUBLISHER,
        user_id=access.publisher_id,
        ip=request.META.get("REMOTE_ADDR"),
    )


def support_access_of(request: HttpRequest) -> SupportAccess | None:
    """The access of this session, over or not; None outside a support session."""
    return find_support_access(request.session[SESSION_KEY]) if SESSION_KEY in request.session else None
