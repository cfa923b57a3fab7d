"""A wider content-security policy for the Wagtail editor, whose own pages carry inline code."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

EDITOR_PATHS = ("/cms/",)
EDITOR_POLICY = {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "frame-ancestors": ["'self'"],
}


class EditorPolicyMiddleware:
    """Stands just inside django-csp, which reads `_csp_replace` from the response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(EDITOR_PATHS):
            response._csp_replace = EDITOR_POLICY  # type: ignore[attr-defined]
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response
