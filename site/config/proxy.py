"""The address that a visitor comes from, behind our own proxies."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class VisitorAddressMiddleware:
    """Puts in REMOTE_ADDR what the outermost of our proxies saw, so that everything downstream reads one place.

    Each proxy appends the address of whoever called it to X-Forwarded-For: with n proxies of ours, the n-th from the
    end is true and what stands before it was written by the visitor, who may write anything.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = settings.TRUSTED_PROXY_COUNT
        passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if count else []
        if len(passed) >= count > 0:
            seen = passed[-count].strip()
            if _is_address(seen):
                request.META["REMOTE_ADDR"] = seen
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
