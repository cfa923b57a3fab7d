"""What the head of a public page says: to browsers, search engines, feed readers and those who share it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from .models import PublicPage
from .social import social_image_url
from .structured import graph_of
from .surroundings import absolute_url, surroundings_of


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that the page announces; `kind` is rss or atom."""

    title: str
    path: str
    kind: str = "rss"


@dataclass(frozen=True, slots=True)
class Listing:
    """A view of a page with an address of its own: a category, the second page of a list, a search."""

    title: str
    path: str
    description: str = ""
    is_indexed: bool = True

    @property
    def head_title(self) -> str:
        return f"{self.title} · {settings.WAGTAIL_SITE_NAME}"


@dataclass(frozen=True, slots=True)
class Head:
    """The values that templates/cms/head.html writes; addresses are absolute."""

    title: str
    description: str
    canonical: str
    image: str
    kind: str = "website"
    is_indexed: bool = True
    locale: str = "fr_FR"
    published_at: Any = None
    modified_at: Any = None
    alternates: Sequence[tuple[str, str]] = ()
    feeds: Sequence[Feed] = ()
    data: dict[str, Any] = field(default_factory=dict)


#: What Open Graph calls the languages of the site.
OPEN_GRAPH_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


def head_of(page: PublicPage, listing: Listing | None = None) -> Head:
    """The head of a page, or of one of its views."""
    alternates = alternates_of(page)
    return Head(
        title=listing.head_title if listing else page.head_title,
        description=listing.description if listing else page.search_description,
        canonical=f"{settings.BASE_URL}{listing.path}" if listing else page.canonical_url,
        image=social_image_url(page),
        kind=getattr(page, "open_graph_type", "website"),
        is_indexed=listing.is_indexed if listing else True,
        locale=OPEN_GRAPH_LOCALES.get(page.locale.language_code, page.locale.language_code),
        published_at=page.first_published_at,
        modified_at=page.last_published_at,
        alternates=() if listing else alternates,
        feeds=getattr(page, "feeds", ()),
        data=graph_of(page, listing.title if listing else "", listing.path if listing else ""),
    )


def alternates_of(page: PublicPage) -> list[tuple[str, str]]:
    """(language, address) of the page in each language that it is published in; empty when there is only one.

    The French page also answers for languages that the site does not speak (x-default).
    """
    versions = surroundings_of(page).versions
    found = sorted((version.locale.language_code, absolute_url(version)) for version in versions)
    if len(found) < 2:
        return []
    default = dict(found).get(settings.LANGUAGE_CODE)
    return [*found, ("x-default", default)] if default else found
