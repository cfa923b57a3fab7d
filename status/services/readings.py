"""Keeping measurements, what they say of a failure, and the figures of each day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.module_loading import import_string

from ..constants import SAME_FAILURE, SERVICE, Phase, Step
from ..models import DayFigure, IncidentDraft, Maintenance, Notice, Reading
from ..probes import Measured
from ..selectors.readings import (
    day_bounds,
    day_coverages,
    day_speeds,
    first_day,
    maintenance_spans,
    service_uptime,
)
from ..spans import Uptime, uptime
from .incidents import note_recovery

log = structlog.get_logger(__name__)


def keep_readings(*, readings: Sequence[Measured]) -> None:
    """Write measurements, each once, and the drafts that they open or close, in their order."""
    with transaction.atomic():
        last = dict(Reading.objects.values_list("component").annotate(Max("at")).order_by())
        rows = [
            Reading(
                component=reading.component, at=reading.at, is_up=reading.is_up, duration_ms=reading.duration_ms,
                fault=reading.fault,
            )
            for reading in readings
        ]  # fmt: skip
        Reading.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        news = [row for row in readings if row.component not in last or row.at > last[row.component]]
        _follow(sorted(news, key=lambda reading: reading.at))


def _follow(readings: Iterable[Measured]) -> None:
    """Red opens a draft, once; green closes it. A component under announced maintenance opens none."""
    opened = {draft.component: draft for draft in IncidentDraft.objects.filter(ended_at=None)}
    for reading in readings:
        draft = opened.get(reading.component)
        if not reading.is_up and draft is None and not _under_maintenance(reading):
            opened[reading.component] = _open_draft(reading)
        elif reading.is_up and draft is not None:
            _close_draft(opened.pop(reading.component), reading.at)


def _open_draft(reading: Measured) -> IncidentDraft:
    """A new draft; the last one again when the component failed a moment ago."""
    again = (
        IncidentDraft.objects.filter(
            component=reading.component, ended_at__gt=reading.at - SAME_FAILURE, set_aside_at=None
        )
        .exclude(incident__updates__step=Step.RESOLVED)
        .first()
    )
    if again is not None:
        again.ended_at = None
        again.save(update_fields=["ended_at"])
        return again
    draft = IncidentDraft.objects.create(component=reading.component, fault=reading.fault, detected_at=reading.at)
    Notice.objects.create(phase=Phase.FAILED, draft=draft)
    log.error("component_down", component=reading.component, fault=reading.fault)
    return draft


def _close_draft(draft: IncidentDraft, at: datetime) -> None:
    draft.ended_at = at
    draft.save(update_fields=["ended_at"])
    log.info("component_up", component=draft.component, seconds=(at - draft.detected_at).total_seconds())
    if draft.incident_id is not None:
        note_recovery(draft=draft)


def _under_maintenance(reading: Measured) -> bool:
    held = Maintenance.objects.filter(cancelled_at=None, starts_at__lte=reading.at, ends_at__gt=reading.at)
    return any(not row.components or reading.component in row.components for row in held)


def work_out_days(*, until: date) -> bool:
    """Write the figures of every day up to this one that has none yet, and of this one; whether it has any."""
    last = DayFigure.objects.aggregate(last=Max("day"))["last"]
    first = last or first_day()
    if first is None:
        return False
    has_figures = False
    for rank in range((until - first).days + 1):
        has_figures = work_out_day(day=first + timedelta(days=rank))
    return has_figures


def work_out_day(*, day: date) -> bool:
    """Write the figures of one day anew, from its measurements; whether there are any."""
    start, end = day_bounds(day)
    coverages, speeds = day_coverages(start, end), day_speeds(start, end)
    rows = []
    for name, coverage in coverages.items():
        spans = maintenance_spans(start, end, name)
        rows.append(_figure(day, name, uptime(coverage, start=start, end=end, maintenance=spans)))
        for field, value in speeds.get(name, {}).items():
            setattr(rows[-1], field, value)
    whole = service_uptime(coverages, start, end)
    if whole is not None:
        rows.append(_figure(day, SERVICE, whole))
    DayFigure.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day", "component"],
        update_fields=["measured", "down", "maintenance", "answers", "fast", "p50", "p95", "p99"],
    )  # fmt: skip
    return bool(rows)


def _figure(day: date, component: str, found: Uptime) -> DayFigure:
    return DayFigure(
        day=day, component=component, measured=found.measured, down=found.down, maintenance=found.maintenance
    )


def forget_old_readings(*, now: datetime | None = None) -> int:
    """Remove the measurements older than the settings say; their days keep their figures. How many."""
    limit = (now or timezone.now()) - timedelta(days=settings.STATUS_KEEP_DAYS)
    with import_string(settings.STATUS_PLATFORM_SCOPE)():
        removed, _by_model = Reading.objects.filter(at__lt=limit).delete()
    return removed
