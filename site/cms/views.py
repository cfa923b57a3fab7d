"""What search engines ask for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

#: Addresses that are nobody's to index: people's own pages, and the doors to them.
PRIVATE = ("/app/", "/cms/", "/compte/", "/espace/", "/f/", "/invitation/", "/messagerie/", "/patterns/")


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: the public pages, and where their list is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in PRIVATE),
        "",
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
