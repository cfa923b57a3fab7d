"""Forms of cached pages: they carry no token, so their posts are accepted from our own pages only.

A browser says where a post comes from (`Sec-Fetch-Site`, `Origin`, `Referer`) and a page of another site cannot
change it; what says nothing is refused. No session is needed: the same page can be given to everybody.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django_ratelimit.core import is_ratelimited

View = Callable[..., HttpResponseBase]


def own_pages_only(view: View) -> View:
    """Accept a post from our own pages only (403 otherwise), without a token."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not is_from_own_page(request):
            return render(request, "403.html", status=403)
        return view(request, *args, **kwargs)

    guarded_view: View = csrf_exempt(guarded)
    return guarded_view


def is_from_own_page(request: HttpRequest) -> bool:
    """Whether the browser says that the request comes from a page of this host."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site:
        return fetch_site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(source) and urlsplit(source).netloc == request.get_host()


def limited(request: HttpRequest, *, group: str, rate: str) -> HttpResponse | None:
    """The refusal (429) of a network address that has asked too often, as `10/h`; None while it may go on."""
    if is_ratelimited(request, group=group, key=client_ip, rate=rate, method="POST", increment=True):
        return render(request, "429.html", status=429)
    return None


def client_ip(group: str, request: HttpRequest) -> str:
    """The visitor's address, behind a proxy too."""
    return str(get_adapter().get_client_ip(request))
