"""Incidents with their timelines, drafts, and planned maintenance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from ..constants import OPEN_STEPS, POSTMORTEM_AFTER, TARGETS, Severity, Step
from ..models import Incident, IncidentDraft, IncidentUpdate, Maintenance
from ..spans import Span
from .readings import month_bounds

RANKS = [Severity.MINOR, Severity.MAJOR, Severity.CRITICAL]


@dataclass(frozen=True)
class IncidentState:
    """An incident as its timeline tells it."""

    incident: Incident
    updates: list[IncidentUpdate]

    @property
    def closing(self) -> IncidentUpdate | None:
        """The entry that closed it."""
        return next((update for update in self.updates if update.step == Step.RESOLVED), None)

    @property
    def is_open(self) -> bool:
        """Whether it is still going on."""
        return self.closing is None

    @property
    def step(self) -> Step:
        """Where it stands; what was added after the end changes nothing of it."""
        if self.closing:
            return Step.RESOLVED
        return Step(next(update.step for update in reversed(self.updates) if update.step in OPEN_STEPS))

    @property
    def severity(self) -> Severity:
        """The last one that was said."""
        return Severity(self.updates[-1].severity)

    @property
    def worst(self) -> Severity:
        """The highest one that was said: it decides on the post-mortem."""
        return max((Severity(update.severity) for update in self.updates), key=RANKS.index)

    @property
    def ended_at(self) -> datetime | None:
        """When the trouble ended."""
        return self.closing.ended_at if self.closing else None

    @property
    def lasted(self) -> timedelta:
        """From its beginning to its end, or to now."""
        return (self.ended_at or timezone.now()) - self.incident.started_at

    @property
    def target(self) -> timedelta | None:
        """How long its severity allows; None for a minor one."""
        return TARGETS.get(self.worst)

    @property
    def is_late(self) -> bool:
        """Whether it lasts, or lasted, longer than its target."""
        return self.target is not None and self.lasted > self.target

    @property
    def told_after(self) -> timedelta:
        """How long the public waited for the first word."""
        return self.incident.published_at - self.incident.started_at

    @property
    def has_postmortem(self) -> bool:
        """Whether its causes were published."""
        return any(update.step == Step.POSTMORTEM for update in self.updates)

    @property
    def owes_postmortem(self) -> bool:
        """Whether it was major, lasted more than an hour, is over, and its causes are not published."""
        severe = self.worst in (Severity.MAJOR, Severity.CRITICAL)
        return severe and not self.is_open and self.lasted > POSTMORTEM_AFTER and not self.has_postmortem


def list_incidents(rows: "QuerySet[Incident] | None" = None) -> list[IncidentState]:
    """Incidents with their timelines, newest first, in two statements."""
    updates = Prefetch("updates", IncidentUpdate.objects.order_by("number"))
    found = (Incident.objects.all() if rows is None else rows).prefetch_related(updates)
    return [IncidentState(row, list(row.updates.all())) for row in found]


def list_recent_incidents(since: datetime) -> list[IncidentState]:
    """What goes on, and what ended since."""
    closed_before = IncidentUpdate.objects.filter(step=Step.RESOLVED, ended_at__lt=since).values("incident")
    return list_incidents(Incident.objects.exclude(pk__in=closed_before))


def get_incident(incident_pk: int) -> IncidentState:
    """One incident; Incident.DoesNotExist."""
    found = list_incidents(Incident.objects.filter(pk=incident_pk))
    if not found:
        raise Incident.DoesNotExist
    return found[0]


def list_drafts() -> "QuerySet[IncidentDraft]":
    """Failures that nobody has published nor set aside yet, newest first."""
    return IncidentDraft.objects.filter(incident=None, set_aside_at=None)


def get_draft(draft_pk: int) -> IncidentDraft:
    """A failure that waits; IncidentDraft.DoesNotExist when it was dealt with."""
    return list_drafts().get(pk=draft_pk)


def list_maintenances(since: datetime) -> "QuerySet[Maintenance]":
    """Planned work that is to come, runs, or ended since; the next first."""
    return Maintenance.objects.filter(ends_at__gte=since).order_by("starts_at", "pk")


def get_maintenance(maintenance_pk: int) -> Maintenance:
    """One planned maintenance; Maintenance.DoesNotExist."""
    return Maintenance.objects.get(pk=maintenance_pk)


def own_downtime(month: date) -> dict[int, list[Span]]:
    """The stretches of a month in which critical incidents that name workshops stopped each of them."""
    start, end = month_bounds(month)
    zone = timezone.get_default_timezone()
    rows = Incident.objects.filter(started_at__lt=datetime.fromtimestamp(end, zone)).exclude(workshops=[])
    ended = Q(updates__step=Step.RESOLVED, updates__ended_at__lte=datetime.fromtimestamp(start, zone))
    found: dict[int, list[Span]] = {}
    for state in list_incidents(rows.exclude(pk__in=Incident.objects.filter(ended).values("pk"))):
        if state.worst == Severity.CRITICAL:
            _add(found, state.incident.workshops, (state.incident.started_at, state.ended_at or timezone.now()))
    return found


def _add(found: dict[int, list[Span]], workshops: Iterable[int], bounds: tuple[datetime, datetime]) -> None:
    for workshop_id in workshops:
        found.setdefault(workshop_id, []).append((bounds[0].timestamp(), bounds[1].timestamp()))
