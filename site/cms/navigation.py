"""The menus of the site, read from the tree: what an editor shows in menus stands there, in their order."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from .surroundings import public

#: The groups of the footer; a kind of page may name its own by `footer_group`.
GROUPS = (("product", _("Product")), ("more", _("About us")), ("legal", _("Legal texts")))


@dataclass(frozen=True)
class Link:
    """An entry of a menu."""

    label: str
    url: str
    current: bool
    group: str = ""
    #: Its language when it is not the one in force: the page exists in this one only.
    language: str = ""


def main_menu(request: HttpRequest) -> list[Link]:
    """The pages shown in menus, without those of the footer."""
    return [link for page, link in _links(request) if page.show_in_menus and not link.language]


def path_of(request: HttpRequest, kind: str, *, default: str) -> str:
    """Where the page of this kind is, in the language in force: `signuppage`, `pricingpage`."""
    links = [(page, link) for page, link in _links(request) if not link.language]
    found = [link.url for page, link in links if page.cached_content_type.model == kind]
    return found[0] if found else default


def footer_menu(request: HttpRequest) -> list[tuple[str, list[Link]]]:
    """Every page right under the home page, by group: the menu's, the others, the texts that bind.

    In another language than the site's own, the pages that exist in that one only follow, and say so.
    """
    links = [link for _page, link in _links(request)]
    groups = [(label, [link for link in links if link.group == key]) for key, label in GROUPS]
    return [(str(label), found) for label, found in groups if found]


def home_path() -> str:
    """The home page in the language in force."""
    language = get_language() or settings.LANGUAGE_CODE
    others = [code for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES if code != settings.LANGUAGE_CODE]
    return f"/{language}/" if language in others else "/"


def find_home(request: HttpRequest) -> Page | None:
    """The home page in the language in force, whole; None when there is none. Read once for each request."""
    path = home_path()
    kept: dict[str, Page | None] = getattr(request, "_site_homes", {})
    if path not in kept:
        site = Site.find_for_request(request)
        kept[path] = _read_home(site, path) if site else None
        request._site_homes = kept  # type: ignore[attr-defined]
    return kept[path]


def _read_home(site: Site, path: str) -> Page | None:
    root = site.root_page
    if path == "/":
        return root.specific
    pages = root.specific_class.objects.filter(live=True, translation_key=root.translation_key)
    return pages.filter(locale__language_code=path.strip("/")).first()


def _links(request: HttpRequest) -> list[tuple[Page, Link]]:
    """Read once for each request: both menus stand on every page, in its language."""
    kept: list[tuple[Page, Link]] | None = getattr(request, "_site_links", None)
    if kept is None:
        home, site = find_home(request), Site.find_for_request(request)
        kept = _read_links(request, home, site.root_page) if home and site else []
        request._site_links = kept  # type: ignore[attr-defined]
    return kept


def _read_links(request: HttpRequest, home: Page, root: Page) -> list[tuple[Page, Link]]:
    """The pages under the home page, then those of the site's own language that have no version in the one in force."""
    found = public((Page.objects.child_of(home) | Page.objects.child_of(root)).live())
    own, others = [], []
    for page in found:
        (own if page.path.startswith(home.path) else others).append(page)
    known = {page.translation_key for page in own}
    links = [(page, _link(page, request, home_path())) for page in own]
    return links + [
        (page, replace(_link(page, request, "/"), language=settings.LANGUAGE_CODE))
        for page in others
        if page.translation_key not in known
    ]


def _link(page: Page, request: HttpRequest, root: str) -> Link:
    url = f"{root}{page.slug}/"
    group = getattr(page.cached_content_type.model_class(), "footer_group", "more")
    return Link(page.title, url, request.path.startswith(url), "product" if page.show_in_menus else group)
