"""The decorator that every view of the product wears: one permission, checked on the server."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from .actor import Actor
from .models import Membership, Workshop
from .permissions import Permission

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: What Django's `never_cache` says besides an `Expires` that no browser of today reads; it works it out each time.
NEVER_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"


class WorkshopRequest(HttpRequest):
    """A request that the scope middleware has opened: the workshop, the member, who acts."""

    workshop: Workshop
    membership: Membership
    actor: Actor
    permissions: frozenset[Permission]

    #: Whether the member holds a right in this workshop.
    may: Callable[[Permission], bool]


View = Callable[..., HttpResponseBase]


def workshop_page(
    permission: Permission, *, edit: Permission | None = None, when_read_only: bool = False
) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Require `permission`, and `edit` besides for methods that write.

    A workshop whose trial or subscription has ended answers writes with an explanation, and one that is suspended
    answers everything so, unless `when_read_only` (exports, the person's own profile, paying).
    """

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: WorkshopRequest, workshop_slug: str, **kwargs: Any) -> HttpResponseBase:
            return _not_kept(answer(request, **kwargs))

        def answer(request: WorkshopRequest, **kwargs: Any) -> HttpResponseBase:
            writes = request.method not in SAFE_METHODS
            needed = edit if writes and edit else permission
            if needed not in request.permissions:
                return refuse(request, needed)
            if request.workshop.is_suspended and not when_read_only:
                return render(request, "tenancy/suspended.html", status=403)
            if writes and not when_read_only and request.workshop.is_read_only():
                return render(request, "tenancy/read_only.html", status=403)
            return view(request, **kwargs)

        guarded.workshop_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def _not_kept(response: HttpResponseBase) -> HttpResponseBase:
    """Tell the browser, and whatever stands between, to keep nothing of a workshop."""
    if "Cache-Control" in response.headers:
        add_never_cache_headers(response)  # beside what the view says
    else:
        response.headers["Cache-Control"] = NEVER_KEPT
    return response


def refuse(request: HttpRequest, permission: Permission) -> HttpResponse:
    """The page that says which right is missing and who can give it (403)."""
    return render(request, "tenancy/forbidden.html", {"permission": permission}, status=403)
