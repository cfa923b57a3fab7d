"""Pages that belong to no capability."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from .pattern_samples import samples

PATTERN_PAGES = ("components", "app", "portal", "public", "entrance", "error")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or came from elsewhere (403)."""
    return render(request, "403.html", status=403)


def patterns(request: HttpRequest, page: str = "components") -> HttpResponse:
    """Every component alone with sample data and states; for those who build screens, and for the staff."""
    if page not in PATTERN_PAGES or not (settings.DEBUG or request.user.is_staff):
        raise Http404
    return render(request, f"patterns/{page}.html", {**samples(), "pages": PATTERN_PAGES})
