"""The status page knows nobody: no session is read for it, so that it answers while the database is down."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

PREFIX = "/status/"


class StatusPageMiddleware:
    """Stands before the session: hides it on the status page, and gives the page's own host its own addresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own_host = bool(settings.STATUS_HOST) and request.get_host().partition(":")[0] == settings.STATUS_HOST
        if own_host:
            request.urlconf = "status.host_urls"  # type: ignore[attr-defined]
        if own_host or request.path_info.startswith(PREFIX):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        elif request.path_info == PREFIX.rstrip("/"):  # answered here: the search of redirects asks the database
            return HttpResponsePermanentRedirect(PREFIX)
        return self.get_response(request)
