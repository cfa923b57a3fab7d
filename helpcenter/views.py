"""From a screen of the product to the guide that explains it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from .selectors import find_guide, find_index


@require_safe
def screen_help(request: HttpRequest, screen: str) -> HttpResponse:
    """The guide of a screen, or the help centre when none explains it."""
    page = find_guide(screen) or find_index()
    if page is None:
        raise Http404
    return redirect(page.public_path)
