"""The last known state, on the disk: the page, its feeds and the banner read it, and nothing else.

`live.json` is what the probes see, written by them at each round without any database; `facts.json` is what the
database tells (figures, recent incidents, maintenance, plans); `log.json` is every incident since the beginning.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from . import files
from .constants import DAYS_SHOWN, SERVICE
from .models import DayFigure, Maintenance
from .probes import Measured
from .selectors.incidents import IncidentState, list_incidents, list_maintenances, list_recent_incidents
from .selectors.readings import MonthUptime, day_speeds, list_days, list_months

log = structlog.get_logger(__name__)
DAY_SECONDS = 24 * 3600


def write_live(measured: Iterable[Measured], *, names: Iterable[str], since: Mapping[str, datetime]) -> None:
    """What the probes see now; `since`: when each component took the state that it has."""
    found = {reading.component: reading for reading in measured}
    components = {
        name: {
            "up": found[name].is_up, "at": found[name].at.isoformat(), "ms": found[name].duration_ms,
            "since": since[name].isoformat(),
        }
        for name in names
        if name in found
    }  # fmt: skip
    content = {"made_at": timezone.now().isoformat(), "interval": settings.STATUS_INTERVAL, "components": components}
    files.write(files.LIVE, content)


def write_facts() -> None:
    """What the database tells. Raises DatabaseError when it does not answer, and leaves the old file."""
    now = timezone.now()
    since = now - timedelta(days=DAYS_SHOWN)
    days = list_days(timezone.localdate(since, timezone.get_default_timezone()))
    content = {
        "made_at": now.isoformat(),
        "days": {name: [_day(row) for row in rows] for name, rows in days.items()},
        "speeds": day_speeds(now.timestamp() - DAY_SECONDS, now.timestamp()),
        "months": [_month(row) for row in list_months(13)],
        "month_speeds": _month_speeds(days),
        "plans": _plans(),
        "incidents": [incident_facts(state) for state in list_recent_incidents(since)],
        "maintenances": [_maintenance(row) for row in list_maintenances(since)],
    }
    files.write(files.FACTS, content)
    everything = [incident_facts(state) for state in list_incidents()]
    files.write(files.LOG, {"made_at": now.isoformat(), "incidents": everything})


def refresh_on_commit() -> None:
    """Put what was just written on the page, once it is committed; the probes do it too at their next round."""
    transaction.on_commit(_refresh)


def _refresh() -> None:
    try:
        write_facts()
    except (OSError, DatabaseError) as error:
        log.warning("status_page_not_refreshed", error=str(error))


def incident_facts(state: IncidentState) -> dict[str, Any]:
    """An incident as the page and the feeds show it; nobody's name, and no workshop's."""
    incident = state.incident
    return {
        "key": incident.pk,
        "title": incident.title,
        "components": incident.components,
        "workshops": incident.workshops,
        "started_at": incident.started_at.isoformat(),
        "ended_at": state.ended_at.isoformat() if state.ended_at else None,
        "severity": str(state.severity),
        "step": str(state.step),
        "owes_postmortem": state.owes_postmortem,
        "updates": [
            {"step": row.step, "severity": row.severity, "text": row.text, "at": row.at.isoformat()}
            for row in state.updates
        ],
    }


def _day(row: DayFigure) -> list[Any]:
    return [row.day.isoformat(), row.measured, row.down, row.maintenance]


def _month(row: MonthUptime) -> dict[str, Any]:
    percent = None if row.percent is None else str(row.percent)
    return {
        "month": row.month.isoformat(), "percent": percent, "measured": row.measured, "down": row.down,
        "maintenance": row.maintenance, "gap": row.gap,
    }  # fmt: skip


def _month_speeds(days: Mapping[str, list[DayFigure]]) -> dict[str, dict[str, list[int]]]:
    """By component and month: how many answers, and how many within two seconds (STA-05)."""
    found: dict[str, dict[str, list[int]]] = {}
    for name, rows in days.items():
        for row in rows if name != SERVICE else []:
            held = found.setdefault(name, {}).setdefault(row.day.isoformat()[:7], [0, 0])
            held[0], held[1] = held[0] + row.answers, held[1] + row.fast
    return found


def _plans() -> list[dict[str, str]]:
    plans = import_string(settings.STATUS_PLANS)()
    return [{"name": plan.name, "uptime": str(plan.guaranteed_uptime)} for plan in plans if plan.guaranteed_uptime]


def _maintenance(row: Maintenance) -> dict[str, Any]:
    return {
        "key": row.pk, "title": row.title, "text": row.text, "components": row.components,
        "starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat(),
        "announced_at": row.announced_at.isoformat(), "cancelled": row.cancelled_at is not None,
    }  # fmt: skip
