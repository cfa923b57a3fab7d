"""What the probes and the incidents say to the publisher, with the targets that it has set itself."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope
from status.constants import DAYS_SHOWN, TARGETS, Severity
from status.models import Incident, IncidentDraft, Maintenance
from status.page import ComponentView, load_page
from status.selectors.incidents import (
    IncidentState,
    get_draft,
    get_incident,
    list_drafts,
    list_incidents,
    list_maintenances,
)

MOST = 100


@dataclass(frozen=True)
class Target:
    """How the closed incidents of a severity stood to its target."""

    severity: Severity
    allowed: timedelta
    kept: int
    closed: int
    longest: timedelta | None


@dataclass(frozen=True)
class Board:
    """The page of incidents."""

    components: list[ComponentView]
    is_stale: bool
    drafts: list[IncidentDraft]
    open: list[IncidentState]
    closed: list[IncidentState]
    owing: list[IncidentState]
    maintenances: list[Maintenance]
    targets: list[Target]


def get_board() -> Board:
    """Everything on one page: the last hundred incidents, in a fixed number of statements."""
    page = load_page()
    found = list_incidents(Incident.objects.all()[:MOST])
    closed = [state for state in found if not state.is_open]
    return Board(
        components=page.components,
        is_stale=page.is_stale,
        drafts=list(list_drafts()[:MOST]),
        open=[state for state in found if state.is_open],
        closed=closed,
        owing=[state for state in closed if state.owes_postmortem],
        maintenances=list(list_maintenances(timezone.now() - timedelta(days=DAYS_SHOWN))),
        targets=[_target(severity, allowed, closed) for severity, allowed in TARGETS.items()],
    )


def _target(severity: Severity, allowed: timedelta, closed: list[IncidentState]) -> Target:
    lasted = [state.lasted for state in closed if state.worst == severity]
    kept = sum(1 for one in lasted if one <= allowed)
    return Target(severity, allowed, kept, len(lasted), max(lasted, default=None))


def find_draft(draft_pk: int) -> IncidentDraft | None:
    """A failure that waits, or None."""
    try:
        return get_draft(draft_pk)
    except IncidentDraft.DoesNotExist:
        return None


def find_incident(incident_pk: int) -> IncidentState | None:
    """An incident, or None."""
    try:
        return get_incident(incident_pk)
    except Incident.DoesNotExist:
        return None


def suggested_title(draft: IncidentDraft) -> str:
    """The first words of an incident, to be made better by a person."""
    return _("%(component)s: no answer") % {"component": draft.get_component_display()}


def workshop_names(keys: list[int]) -> list[str]:
    """The names of these workshops."""
    with platform_scope():
        return list(Workshop.objects.filter(pk__in=keys).order_by("name").values_list("name", flat=True))
