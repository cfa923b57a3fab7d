"""Writing the public log of incidents: entries are added, nothing is changed. Refusals are ValidationError."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ..constants import AFTER_CLOSING, OPEN_STEPS, Component, Phase, Severity, Step
from ..models import Incident, IncidentDraft, IncidentUpdate, Notice
from ..selectors.incidents import get_incident
from ..snapshot import refresh_on_commit

PROBES = "probes"


def publish_incident(
    *,
    by: str,
    title: str,
    text: str,
    severity: Severity,
    components: Sequence[str],
    workshops: Sequence[int],
    started_at: datetime,
    step: Step = Step.INVESTIGATING,
    draft: IncidentDraft | None = None,
) -> Incident:
    """Open an incident on the public page, and tell it. ValidationError for a beginning that is to come.

    The draft, and the other ones of its components that wait, belong to it from now on.
    """
    if started_at > timezone.now():
        raise ValidationError({"started_at": _("An incident cannot begin in the future.")})
    if step not in OPEN_STEPS:
        raise ValidationError({"step": _("An incident begins open.")})
    with transaction.atomic():
        incident = Incident.objects.create(
            title=title, components=sorted(components), workshops=sorted(workshops), started_at=started_at,
            published_by=by[:160],
        )  # fmt: skip
        _append(incident, number=1, step=step, severity=severity, text=text, by=by)
        waiting = IncidentDraft.objects.filter(incident=None, set_aside_at=None, component__in=components)
        taken = waiting.update(incident=incident)
        if draft is not None and not taken and not _take(draft, incident):
            raise ValidationError(_("Somebody else has dealt with this failure."))
    return incident


def _take(draft: IncidentDraft, incident: Incident) -> bool:
    waiting = IncidentDraft.objects.filter(pk=draft.pk, incident=None, set_aside_at=None)
    return bool(waiting.update(incident=incident))


def add_update(
    *,
    by: str,
    incident_pk: int,
    step: Step,
    severity: Severity,
    text: str,
    ended_at: datetime | None = None,
) -> IncidentUpdate:
    """Add an entry to a timeline, and tell it.

    ValidationError when a closed incident would go on, an open one have a post-mortem, or the end be before the
    beginning or to come; and when somebody else wrote meanwhile.
    """
    state = get_incident(incident_pk)
    if state.is_open and step in AFTER_CLOSING:
        raise ValidationError({"step": _("Close the incident first.")})
    if not state.is_open and step not in AFTER_CLOSING:
        raise ValidationError({"step": _("A closed incident can only be added to.")})
    if step == Step.RESOLVED:
        ended_at = ended_at or timezone.now()
        if not state.incident.started_at <= ended_at <= timezone.now():
            raise ValidationError({"ended_at": _("The end lies between the beginning and now.")})
    return _append(
        state.incident, number=len(state.updates) + 1, step=step, severity=severity, text=text, by=by,
        ended_at=ended_at if step == Step.RESOLVED else None,
    )  # fmt: skip


def publish_unattended(*, now: datetime | None = None) -> Incident | None:
    """Publish what stops the guaranteed service and waits for too long (STATUS_PUBLISH_AFTER), in plain words.

    A critical incident is told within thirty minutes (STA-09) even when nobody is awake. None when nothing waits, or
    when an incident of one of these components is already open.
    """
    limit = (now or timezone.now()) - timedelta(minutes=settings.STATUS_PUBLISH_AFTER)
    waiting = IncidentDraft.objects.filter(incident=None, set_aside_at=None, ended_at=None)
    late = waiting.filter(component__in=settings.STATUS_GUARANTEED, detected_at__lte=limit).order_by("detected_at")
    first = late.first()
    if not settings.STATUS_PUBLISH_AFTER or first is None:
        return None
    components = sorted(waiting.values_list("component", flat=True))
    stopped = list(late.values_list("component", flat=True))
    closed = IncidentUpdate.objects.filter(step=Step.RESOLVED).values("incident")
    if Incident.objects.exclude(pk__in=closed).filter(components__overlap=stopped, workshops=[]).exists():
        return None
    with translation.override("fr"):
        names = ", ".join(str(Component(name).label) for name in components)
        return publish_incident(
            by=PROBES, title=_("%(components)s: no answer") % {"components": names},
            text=_("Our probes get no answer. The team has been alerted; what it finds will be written here."),
            severity=Severity.CRITICAL, components=components, workshops=[], started_at=first.detected_at, draft=first,
        )  # fmt: skip


def note_recovery(*, draft: IncidentDraft) -> None:
    """Say on a public incident that its component answers again; a person closes it. Nothing once it is closed."""
    if draft.incident_id is None or draft.ended_at is None:
        return
    state = get_incident(draft.incident_id)
    if not state.is_open:
        return
    with translation.override("fr"):
        moment = timezone.localtime(draft.ended_at, timezone.get_default_timezone())
        text = _("The probes see this component answer again since %(time)s: %(component)s.") % {
            "time": f"{moment:%H:%M}", "component": draft.get_component_display(),
        }  # fmt: skip
    _append(
        state.incident, number=len(state.updates) + 1, step=Step.MONITORING, severity=state.severity, text=text,
        by=PROBES,
    )  # fmt: skip


def set_aside(*, by: str, draft_pk: int) -> None:
    """Put a failure away without an incident. ValidationError when it was dealt with."""
    waiting = IncidentDraft.objects.filter(pk=draft_pk, incident=None, set_aside_at=None)
    if not waiting.update(set_aside_at=timezone.now(), set_aside_by=by[:160]):
        raise ValidationError(_("Somebody else has dealt with this failure."))


def _append(
    incident: Incident,
    *,
    number: int,
    step: Step,
    severity: Severity,
    text: str,
    by: str,
    ended_at: datetime | None = None,
) -> IncidentUpdate:
    """One more entry and its notice; ValidationError when its number was taken meanwhile."""
    try:
        with transaction.atomic():
            update = IncidentUpdate.objects.create(
                incident=incident, number=number, step=step, severity=severity, text=text, by=by[:160],
                ended_at=ended_at,
            )  # fmt: skip
            Notice.objects.create(phase=Phase.UPDATE, update=update)
    except IntegrityError as error:
        raise ValidationError(_("Somebody else has just written here: read it first.")) from error
    refresh_on_commit()
    return update
