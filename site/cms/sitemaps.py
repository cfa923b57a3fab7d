"""sitemap.xml: an index, then one list for each kind of page, with pictures, dates and languages."""

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page

from .models import PublicPage
from .page_cache import cached_page
from .surroundings import absolute_url


class FaceSitemap(Sitemap):
    """The published pages of one face of the site (an app): each says its own addresses."""

    limit = 5000

    def __init__(self, face: str, request: HttpRequest) -> None:
        super().__init__()
        self.face = face
        self.request = request

    def items(self) -> Any:
        models = [model for model in page_models() if model._meta.app_label == self.face]
        types = ContentType.objects.get_for_models(*models).values()
        return Page.objects.live().public().filter(content_type__in=types).order_by("path").specific()

    def get_latest_lastmod(self) -> Any:
        return self.items().aggregate(at=Max("last_published_at"))["at"]

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """The addresses of one page of the list; BASE_URL stands for the host."""
        pages = list(self.paginator.page(page).object_list)
        languages = _languages(pages)
        found = []
        for item in pages:
            alternates = languages.get(item.translation_key, [])
            for rank, url in enumerate(item.get_sitemap_urls(self.request)):
                own = {"images": getattr(item, "sitemap_images", []), "alternates": alternates} if rank == 0 else {}
                found.append({"item": item, "lastmod": None, **url, **own})
        return found


def page_models() -> list[type[PublicPage]]:
    """Every kind of public page."""
    return [model for model in apps.get_models() if issubclass(model, PublicPage)]


@cached_page
@require_safe
@cache_control(public=True, max_age=600)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The list of lists; a face without a page is not in it."""
    sections = [(face, sitemap.get_latest_lastmod()) for face, sitemap in _faces(request).items() if sitemap.items()]
    context = {"sections": sections, "base": settings.BASE_URL}
    return render(request, "cms/sitemap_index.xml", context, content_type="application/xml")


@cached_page
@require_safe
@cache_control(public=True, max_age=600)
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """One list; 404 for a face that does not exist."""
    return sitemap_views.sitemap(request, _faces(request), section=section, template_name="cms/sitemap.xml")


def _faces(request: HttpRequest) -> dict[str, Any]:
    labels = dict.fromkeys(model._meta.app_label for model in page_models())
    return {label: FaceSitemap(label, request) for label in labels}


def _languages(pages: list[Any]) -> dict[Any, list[tuple[str, str]]]:
    """For each page that exists in several languages: (language, address) of each."""
    keys = [page.translation_key for page in pages]
    found: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    for page in Page.objects.live().public().filter(translation_key__in=keys).select_related("locale").order_by("pk"):
        found[page.translation_key].append((page.locale.language_code, absolute_url(page)))
    return {key: versions for key, versions in found.items() if len(versions) > 1}
