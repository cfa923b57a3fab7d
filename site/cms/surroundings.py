"""What stands around a page: the pages above it and its versions in other languages, read at once."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from wagtail.models import Page, PageViewRestriction


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`above` from the home page to the parent; `versions` are published and include the page itself."""

    above: list[Page]
    versions: list[Page]


def surroundings_of(page: Any) -> Surroundings:
    """One query for each page, whoever asks; the page learns its language from it."""
    kept: Surroundings | None = getattr(page, "_surroundings", None)
    if kept is None:
        kept = _read(page)
        own = next((version.locale for version in kept.versions if version.locale_id == page.locale_id), None)
        if own is not None:
            page.locale = own
        page._surroundings = kept
    return kept


def absolute_url(page: Any) -> str:
    """The one address of a page, whatever the host that answered."""
    return f"{settings.BASE_URL}{path_of(page)}"


def path_of(page: Any) -> str:
    """Its path on this host."""
    parts = page.get_url_parts()
    return str(parts[2]) if parts else "/"


def public(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Wagtail's `public()` inside the query itself: without what a restriction, on it or above it, closes."""
    here = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    closed = PageViewRestriction.objects.annotate(here=here).filter(here__startswith=F("page__path"))
    return pages.filter(~Exists(closed))


def _read(page: Any) -> Surroundings:
    paths = [page.path[:length] for length in range(page.steplen * 2, len(page.path), page.steplen)]
    wanted = Q(translation_key=page.translation_key, live=True) | Q(path__in=paths)
    found = list(Page.objects.filter(wanted).select_related("locale").order_by("path"))
    return Surroundings(
        above=[row for row in found if row.path in paths],
        versions=[row for row in found if row.translation_key == page.translation_key and row.live],
    )
