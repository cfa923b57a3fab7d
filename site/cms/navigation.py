"""The menus of the site, read from the tree: what an editor shows in menus stands there, in their order."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page, Site


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


def home_path() -> str:
    """The home page in the language in force."""
    language = get_language() or settings.LANGUAGE_CODE
    others = [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES if code != settings.LANGUAGE_CODE]
    return f"/{language}/" if language in others else "/"


def _links(request: HttpRequest) -> list[tuple[Page, Link]]:
    """Read once for each request: both menus stand on every page, in its language."""
    kept: list[tuple[Page, Link]] | None = getattr(request, "_site_links", None)
    if kept is None:
        site = Site.find_for_request(request)
        home = site.root_page if site else None
        root = home_path()
        if home is not None and root != "/":
            home = home.get_translations().filter(locale__language_code=root.strip("/")).live().first() or home
            root = root if home.pk != site.root_page_id else "/"
        pages = Page.objects.child_of(home).live().public() if home else Page.objects.none()
        kept = [(page, _link(page, request, root)) for page in pages]
        request._site_links = kept  # type: ignore[attr-defined]
    return kept


def _link(page: Page, request: HttpRequest, root: str) -> Link:
    url = f"{root}{page.slug}/"
    return Link(page.title, url, request.path.startswith(url))
