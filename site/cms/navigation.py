"""The menus of the site, read from the tree: what an editor shows in menus stands there, in their order."""

from dataclasses import dataclass

from django.http import HttpRequest
from wagtail.models import Page, Site

from .surroundings import public


@dataclass(frozen=True)
class Link:
    """An entry of a menu."""

    label: str
    url: str
    current: bool


def main_menu(request: HttpRequest) -> list[Link]:
    """The pages shown in menus, without those of the footer."""
    return [link for page, link in _links(request) if page.show_in_menus]


def footer_menu(request: HttpRequest) -> list[Link]:
    """Every page right under the home page."""
    return [link for _page, link in _links(request)]


def _links(request: HttpRequest) -> list[tuple[Page, Link]]:
    """Read once for each request: both menus stand on every page."""
    kept: list[tuple[Page, Link]] | None = getattr(request, "_site_links", None)
    if kept is None:
        site = Site.find_for_request(request)
        pages = public(Page.objects.child_of(site.root_page).live()) if site else Page.objects.none()
        kept = [(page, _link(page, request)) for page in pages]
        request._site_links = kept  # type: ignore[attr-defined]
    return kept


def _link(page: Page, request: HttpRequest) -> Link:
    url = f"/{page.slug}/"
    return Link(page.title, url, request.path.startswith(url))
