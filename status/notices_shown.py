"""The banner of the application: open incidents, and maintenance within 48 hours. Read from the disk, at no query."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from . import files
from .constants import ANNOUNCED_BEFORE
from .page import IncidentView, MaintenanceView, load_page

#: The file is read again when it has changed, and at least this often, since maintenance begins by the clock alone.
READ_EVERY = timedelta(seconds=60)
_kept: dict[str, tuple[int, float, list["_Told"]]] = {}


@dataclass(frozen=True)
class ShownNotice:
    """A banner; `key` changes when there is something new to say, so that a dismissed one comes back."""

    key: str
    tone: str
    text: str
    url: str


@dataclass(frozen=True)
class _Told:
    incident: IncidentView | None = None
    planned: MaintenanceView | None = None


def notices_for(*, workshop_id: int | None, hidden: str) -> list[ShownNotice]:
    """The banners for a workshop; `hidden` are the keys that this browser has put away, separated by dots."""
    away = set(hidden.split("."))
    shown = [_shown(told) for told in _told() if _concerns(told, workshop_id)]
    return [notice for notice in shown if notice.key not in away]


def _told() -> list[_Told]:
    """What there is to tell, kept in this process until the file changes."""
    stamp, now = files.stamp(files.FACTS), timezone.now().timestamp()
    held = _kept.get(str(settings.STATUS_FOLDER))
    if held is None or held[0] != stamp or now - held[1] > READ_EVERY.total_seconds():
        held = (stamp, now, _read() if stamp else [])
        _kept[str(settings.STATUS_FOLDER)] = held
    return held[2]


def _read() -> list[_Told]:
    page, soon = load_page(), timezone.now() + ANNOUNCED_BEFORE
    incidents = [_Told(incident=incident) for incident in page.open_incidents]
    return incidents + [_Told(planned=planned) for planned in page.coming if planned.starts_at <= soon]


def _concerns(told: _Told, workshop_id: int | None) -> bool:
    return told.incident is None or not told.incident.workshops or workshop_id in told.incident.workshops


def _shown(told: _Told) -> ShownNotice:
    if told.incident is not None:
        incident = told.incident
        return ShownNotice(
            key=f"i{incident.key}-{len(incident.entries)}",
            tone="bad" if incident.severity == "critical" else "warn",
            text=_("%(what)s: %(title)s") % {"what": _("Incident in progress"), "title": incident.title},
            url=reverse("status_page:incident", args=[incident.key]),
        )
    planned = told.planned
    assert planned is not None  # one or the other
    start = timezone.localtime(planned.starts_at)
    running = planned.phase == "running"
    text = (
        _("Maintenance in progress: %(title)s, until %(end)s.")
        if running
        else _("Maintenance planned on %(start)s: %(title)s.")
    )
    end = formats.time_format(timezone.localtime(planned.ends_at), "H:i")
    return ShownNotice(
        key=f"m{planned.key}-{planned.phase}",
        tone="info",
        text=text % {"title": planned.title, "start": formats.date_format(start, "j F, H:i"), "end": end},
        url=f"{reverse('status_page:status')}#maintenance-{planned.key}",
    )
