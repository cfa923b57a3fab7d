"""Who may open the backoffice: the publisher's account, its second factor, at its own address. Nobody else sees it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from app.accounts.models import User
from app.tenancy.actor import Actor, Origin

View = Callable[..., HttpResponseBase]


class PublisherRequest(HttpRequest):
    """A request of the publisher."""

    actor: Actor
    user: User


def is_publisher(user: Any) -> bool:
    """Whether this is the publisher's own account, and not that of somebody it has signed in as."""
    return bool(user.is_authenticated and user.is_active and user.is_superuser) and not getattr(
        user, "is_hijacked", False
    )


def at_own_address(request: HttpRequest) -> bool:
    """Whether the request came to the backoffice's own host, when it has one."""
    return not settings.BACKOFFICE_HOST or request.get_host().partition(":")[0] == settings.BACKOFFICE_HOST


def publisher_page(view: View) -> Callable[..., HttpResponseBase]:
    """The decorator of every page of the backoffice: to anybody else it does not exist (404)."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not (at_own_address(request) and is_publisher(request.user)):
            raise Http404
        if not is_mfa_enabled(request.user):
            return redirect("accounts:second_factor")
        opened = cast(PublisherRequest, request)
        opened.actor = Actor(
            label=str(request.user),
            origin=Origin.PUBLISHER,
            user_id=request.user.pk,
            ip=request.META.get("REMOTE_ADDR"),
        )
        return view(opened, **kwargs)

    guarded.publisher_page = True  # type: ignore[attr-defined]
    return guarded


def hidden(view: View) -> Callable[..., HttpResponse]:
    """The sign-in page itself: it answers at the backoffice's own address only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not at_own_address(request):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
