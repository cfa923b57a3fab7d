"""What stands beside the pages: the language of each, what search engines and browsers ask for, pictures, cookies."""

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from django_ratelimit.decorators import ratelimit
from wagtail.models import Page
from wagtail.views import serve

from . import social
from .consent import keep_choice, read_choice
from .models import PublicPage, PublisherSettings
from .navigation import find_home
from .protection import own_pages_only
from .tools import COOKIE, COOKIE_SECONDS

#: Addresses that are nobody's to index: people's own pages, and the doors to them.
PRIVATE = ("/app/", "/cms/", "/compte/", "/espace/", "/f/", "/invitation/", "/messagerie/", "/patterns/")
#: Folders of the public storage that Wagtail writes pictures in.
PICTURES = ("images/", "original_images/")


def serve_page(request: HttpRequest, path: str, language: str) -> HttpResponseBase:
    """A page, in its own language whatever the browser's or the person's: the same bytes for everybody."""
    translation.activate(language)
    request.LANGUAGE_CODE = language
    request._wagtail_route_for_request = _find_route(request, path)  # type: ignore[attr-defined]
    response: HttpResponseBase = serve(request, path)
    return response


def _find_route(request: HttpRequest, path: str) -> Any:
    """Wagtail's own search of the page, without asking the database for a language that the address has told."""
    home = find_home(request)
    try:
        return home.route(request, [part for part in path.split("/") if part]) if home else None
    except Http404:
        return None


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


@require_safe
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture of the site when they are kept in a folder: its name changes with its content. 404 for the rest."""
    if not (isinstance(default_storage._wrapped, FileSystemStorage) and path.startswith(PICTURES)):  # type: ignore[attr-defined]
        raise Http404
    try:
        return FileResponse(default_storage.open(path))
    except (OSError, ValueError) as error:  # SuspiciousFileOperation answers 400 by itself
        raise Http404 from error


@own_pages_only
@require_POST
@ratelimit(key="ip", rate="30/h", block=False)
def choose_cookies(request: HttpRequest) -> HttpResponse:
    """Keep what a visitor accepts and refuses: a cookie of six months, and a proof that names nobody."""
    if getattr(request, "limited", False):
        return JsonResponse({}, status=HTTPStatus.TOO_MANY_REQUESTS)
    try:
        choice = read_choice(json.loads(request.body))
    except (ValueError, RecursionError):
        return JsonResponse({}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    response = JsonResponse(choice)
    response.set_cookie(
        COOKIE,
        keep_choice(choice=choice),
        max_age=COOKIE_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,  # read by the page's script, so not httponly
    )
    return response
