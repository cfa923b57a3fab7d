"""Structured data (schema.org, JSON-LD) that pages share. Values come from the page; nothing is invented."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from .models import PublicPage
from .surroundings import absolute_url, surroundings_of

CONTEXT = "https://schema.org"
ORGANISATION_ID = "#organisation"


def organisation() -> dict[str, Any]:
    """The publisher of every page."""
    return {
        "@type": "Organization",
        "@id": f"{settings.BASE_URL}/{ORGANISATION_ID}",
        "name": settings.WAGTAIL_SITE_NAME,
        "url": f"{settings.BASE_URL}/",
        "logo": f"{settings.BASE_URL}{staticfiles_storage.url('dist/images/icon-512.png')}",
    }


def publisher() -> dict[str, str]:
    """A reference to the organisation of the same graph."""
    return {"@id": f"{settings.BASE_URL}/{ORGANISATION_ID}"}


def graph_of(page: PublicPage, view_title: str = "", view_path: str = "") -> dict[str, Any]:
    """Everything a page says to machines: its own data, the way to it, its questions, who publishes it."""
    own = page.structured_data or {}
    nodes = list(own.get("@graph") or ([{key: own[key] for key in own if key != "@context"}] if own else []))
    nodes = [node for node in nodes if node.get("@type") != "Organization"]
    for extra in (breadcrumb(page, view_title, view_path), questions(page)):
        if extra:
            nodes.append(extra)
    return {"@context": CONTEXT, "@graph": [organisation(), *nodes]}


def breadcrumb(page: PublicPage, view_title: str = "", view_path: str = "") -> dict[str, Any] | None:
    """The pages above this one; None for the home page."""
    trail = [(above.title, absolute_url(above)) for above in surroundings_of(page).above]
    trail.append((page.title, page.canonical_url))
    if view_title:
        trail.append((view_title, f"{settings.BASE_URL}{view_path}"))
    if len(trail) < 2:
        return None
    items = [
        {"@type": "ListItem", "position": rank, "name": name, "item": url}
        for rank, (name, url) in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def questions(page: Any) -> dict[str, Any] | None:
    """The questions of the page's own sections, as they are read on it; None without any."""
    body = getattr(page, "body", None) or []
    asked = [item for block in body if block.block_type == "faq" for item in block.value["items"]]
    if not asked:
        return None
    entities = [
        {"@type": "Question", "name": item["title"], "acceptedAnswer": {"@type": "Answer", "text": item["text"]}}
        for item in asked
    ]
    return {"@type": "FAQPage", "mainEntity": entities}
