"""The release notes and the roadmap supplied with the product."""

from typing import Any

from cms.loading import is_edited, put_page
from cms.typography import french_spaces
from wagtail.models import Page, Site

from changelog.constants import RoadmapState
from changelog.models import Change, ChangelogPage, ReleasePage, RoadmapItem, RoadmapPage
from changelog.rules import parse_version

from .copy import CHANGELOG, RELEASES, ROADMAP, ROADMAP_ITEMS


def load() -> int:
    """Put both pages, the releases and the projects in place; how many pages there are."""
    home = Site.objects.get(is_default_site=True).root_page
    index = put_page(ChangelogPage, parent=home, slug="nouveautes", values=CHANGELOG)
    for version, supplied in RELEASES.items():
        _release(index, version, supplied)
    put_page(RoadmapPage, parent=home, slug="feuille-de-route", values=ROADMAP)
    if not RoadmapItem.objects.exists():
        _roadmap()
    return 2 + len(RELEASES)


def _release(index: Page, version: str, supplied: dict[str, Any]) -> None:
    """A release with its changes; one that a person has edited is left alone."""
    number = parse_version(version)
    values = {
        "title": f"Version {version}",
        "version": version,
        "released_on": supplied["released_on"],
        "summary": french_spaces(supplied["summary"]),
        "search_description": french_spaces(supplied["summary"]),
        **number._asdict(),
    }
    page = put_page(ReleasePage, parent=index, slug=f"v{version.replace('.', '-')}", values=values)
    held = [(change.kind, change.title, change.text) for change in page.changes.all()]
    wanted = [(kind, french_spaces(title), french_spaces(text)) for kind, title, text in supplied["changes"]]
    if held == wanted or is_edited(page):
        return
    page.changes = [
        Change(kind=kind, title=title, text=text, sort_order=rank) for rank, (kind, title, text) in enumerate(wanted)
    ]
    page.save_revision().publish()


def _roadmap() -> None:
    """The first projects, once: afterwards they are the editors'."""
    releases = {release.version: release for release in ReleasePage.objects.live()}
    for rank, (state, title, text, version) in enumerate(ROADMAP_ITEMS):
        release = releases.get(version) if state == RoadmapState.DELIVERED else None
        RoadmapItem.objects.create(
            state=state, title=french_spaces(title), text=french_spaces(text), position=rank, release=release
        )
