"""Incidents and maintenance for programs: RSS, Atom, JSON, a badge. From the last known state, as the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.defaultfilters import truncatechars
from django.utils.feedgenerator import SyndicationFeed
from django.utils.translation import gettext as _

from .page import IncidentView, MaintenanceView, StatusPage

MOST = 50
#: Characters that XML cannot hold, which come with text copied from documents: one of them would stop the whole feed.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
BADGE_COLOURS = {"up": "#166534", "maintenance": "#1d4f91", "degraded": "#8a4b08", "down": "#b42318"}


@dataclass(frozen=True)
class Item:
    """A line of a feed; its identity changes with each entry, so that readers show it again."""

    identity: str
    title: str
    text: str
    path: str
    at: datetime


def feed_of(
    page: StatusPage, incidents: list[IncidentView], *, kind: type[SyndicationFeed], base: str, own: str
) -> SyndicationFeed:
    """A feed of the entries of incidents and of the announced maintenance, newest first."""
    feed = kind(
        title=_("ThermoGestion: state of the service"),
        link=base,
        description=_("Incidents and planned maintenance."),
        feed_url=own,
        language="fr",
    )
    items = sorted([*_of_incidents(incidents), *_of_maintenance(page.maintenances)], key=lambda item: item.at)
    for item in list(reversed(items))[:MOST]:
        feed.add_item(
            title=_printable(item.title), link=f"{base}{item.path}", description=_printable(item.text),
            pubdate=item.at, updateddate=item.at,
            unique_id=f"{base}{item.identity}", unique_id_is_permalink=False,
        )  # fmt: skip
    return feed


def _printable(text: str) -> str:
    return UNPRINTABLE.sub(" ", text)


def _of_incidents(incidents: list[IncidentView]) -> Iterator[Item]:
    for incident in incidents:
        for number, entry in enumerate(incident.entries, start=1):
            title = _("%(what)s: %(title)s") % {"what": entry.label, "title": incident.title}
            path = f"incidents/{incident.key}/"
            yield Item(f"{path}#{number}", title, entry.text, path, entry.at)


def _of_maintenance(maintenances: list[MaintenanceView]) -> Iterator[Item]:
    for planned in maintenances:
        what = _("Maintenance cancelled") if planned.cancelled else _("Planned maintenance")
        title = _("%(what)s: %(title)s") % {"what": what, "title": planned.title}
        identity = f"#maintenance-{planned.key}-{'cancelled' if planned.cancelled else 'planned'}"
        yield Item(identity, title, planned.text, f"#maintenance-{planned.key}", planned.announced_at)


def summary(page: StatusPage) -> dict[str, Any]:
    """The present state, for monitors."""
    return {
        "state": page.overall,
        "measured_at": page.measured_at.isoformat() if page.measured_at else None,
        "stale": page.is_stale,
        "components": [
            {
                "key": component.key, "name": component.label, "state": component.state,
                "uptime_90_days": None if component.share is None else float(component.share),
            }
            for component in page.components
        ],
        "open_incidents": [_incident(incident) for incident in page.open_incidents],
        "maintenance": [_maintenance(planned) for planned in page.coming],
    }  # fmt: skip


def log_of(page: StatusPage, incidents: list[IncidentView]) -> dict[str, Any]:
    """Every incident with its timeline, and the maintenance of the last ninety days and to come."""
    return {
        "incidents": [_incident(incident) for incident in incidents],
        "maintenance": [_maintenance(planned) for planned in page.maintenances],
    }


def badge(page: StatusPage) -> str:
    """A small picture in SVG with the present state in words."""
    word = truncatechars(state_words(page.overall), 40)
    label = "ThermoGestion"
    left, right = 12 + 7 * len(label), 16 + 7 * len(word)
    width, colour = left + right, BADGE_COLOURS.get(page.overall, "#565047")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="22" role="img" aria-label="{label}: {word}">'
        f"<title>{label}: {word}</title>"
        f'<rect width="{width}" height="22" rx="5" fill="{colour}"/>'
        f'<path d="M5 0H{left}V22H5A5 5 0 0 1 0 17V5A5 5 0 0 1 5 0Z" fill="#1e1b18"/>'
        f'<g fill="#fff" font-family="Inter,Verdana,sans-serif" font-size="12" text-anchor="middle">'
        f'<text x="{left / 2}" y="15">{label}</text><text x="{left + right / 2}" y="15">{word}</text></g></svg>'
    )


def state_words(state: str) -> str:
    """The overall state, in words."""
    words = {
        "up": _("All systems work"),
        "maintenance": _("Maintenance in progress"),
        "degraded": _("Disturbed service"),
        "down": _("Service interrupted"),
    }
    return words.get(state, _("State unknown"))


def _incident(incident: IncidentView) -> dict[str, Any]:
    return {
        "id": incident.key, "title": incident.title, "severity": incident.severity, "state": incident.step,
        "components": incident.components, "started_at": incident.started_at.isoformat(),
        "ended_at": incident.ended_at.isoformat() if incident.ended_at else None,
        "updates": [
            {"at": entry.at.isoformat(), "state": entry.step, "text": entry.text} for entry in incident.entries
        ],
    }  # fmt: skip


def _maintenance(planned: MaintenanceView) -> dict[str, Any]:
    return {
        "id": planned.key, "title": planned.title, "text": planned.text, "phase": planned.phase,
        "components": planned.components, "starts_at": planned.starts_at.isoformat(),
        "ends_at": planned.ends_at.isoformat(),
    }  # fmt: skip
