"""What search engines, browsers and those who share a page ask for."""

from datetime import timedelta

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page

from . import social
from .models import PublicPage, PublisherSettings

#: Addresses that are nobody's to index: people's own pages, and the doors to them.
PRIVATE = ("/app/", "/cms/", "/compte/", "/espace/", "/f/", "/invitation/", "/messagerie/", "/patterns/")


#: How long what security.txt says is good for (RFC 9116 recommends less than a year).
SECURITY_VALID_FOR = timedelta(days=180)
MONTH = 30 * 24 * 3600


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
    return _text(lines)


@require_safe
@cache_control(public=True, max_age=3600)
def security(request: HttpRequest) -> HttpResponse:
    """security.txt (RFC 9116); without an address of the publisher there is nobody to write to, so 404."""
    publisher = PublisherSettings.for_request(request)
    address = settings.SECURITY_CONTACT or publisher.email
    if not address:
        raise Http404
    expires = (timezone.now() + SECURITY_VALID_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    return _text(
        [
            f"Contact: mailto:{address}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: fr, en",
            f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
        ]
    )


@require_safe
@cache_control(public=True, max_age=MONTH, immutable=True)
def social_picture(request: HttpRequest, page_pk: int, fingerprint: str) -> HttpResponseBase:
    """The picture of a published page; an old address leads to today's picture."""
    page = Page.objects.live().public().filter(pk=page_pk).first()
    found = page.specific if page else None
    if not isinstance(found, PublicPage):
        raise Http404
    if fingerprint != social.fingerprint(found):
        return redirect(social.social_image_url(found))
    return HttpResponse(social.social_image(found), content_type="image/png")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """What a telephone needs to put the site on its home screen."""
    icons = [
        {"src": staticfiles_storage.url(f"dist/images/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    return JsonResponse(
        {
            "name": settings.WAGTAIL_SITE_NAME,
            "short_name": settings.WAGTAIL_SITE_NAME,
            "start_url": "/app/",
            "display": "minimal-ui",
            "background_color": "#faf8f5",
            "theme_color": "#faf8f5",
            "lang": settings.LANGUAGE_CODE,
            "icons": icons,
        },
        content_type="application/manifest+json",
    )


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
