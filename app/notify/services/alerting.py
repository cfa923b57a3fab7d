"""Alerts: raised once for each crossing, seen and resolved by people, resolved by themselves when the cause is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from app.audit.services import record
from app.notify.alerts import EVENT_OF, AlertCause, AlertLevel
from app.notify.events import StaffEvent
from app.notify.models import Alert
from app.notify.selectors import count_new, keep_count
from app.notify.services.staff import tell_staff
from app.tenancy.actor import Actor
from app.tenancy.models import Site, Workshop


@dataclass(frozen=True)
class Concern:
    """What an alert is about, the page that it opens, where, and the facts that its words need (`news_of`)."""

    subject: models.Model
    path: str
    facts: Mapping[str, Any]
    site: Site | None = None


def raise_alert(
    *, workshop: Workshop, actor: Actor, cause: AlertCause, level: AlertLevel, since: datetime, concern: Concern
) -> Alert:
    """The alert of this crossing, told to whoever wants to hear of it; raising it again changes nothing.

    One that has grown graver since is new again, and told again: a critical one leaves at once, as each person chose.
    """
    subject = concern.subject
    label = str(subject)[:200]
    with transaction.atomic():
        alert, is_new = Alert.objects.select_for_update(of=("self",)).get_or_create(
            workshop=workshop, cause=cause, subject_kind=subject._meta.model_name, subject_pk=subject.pk, since=since,
            defaults={"level": level, "site": concern.site, "subject_label": label, "facts": dict(concern.facts),
                      "path": concern.path},
        )  # fmt: skip
        if not is_new and alert.level >= level:
            return alert
        if not is_new:
            alert.level, alert.facts, alert.raised_at = level, dict(concern.facts), timezone.now()
            alert.seen_at = alert.resolved_at = None
            alert.seen_by = alert.resolved_by = ""
            alert.save()
        record(workshop=workshop, actor=actor, action="alert.raised", subject=alert, changes={"level": int(level)})
        event = StaffEvent.ALERT_CRITICAL if level == AlertLevel.CRITICAL else EVENT_OF[cause]
        tell_staff(
            workshop=workshop, actor=actor, event=event, news=lambda: alert.news,
            dedupe_key=f"{subject.pk}:{since:%Y%m%d%H%M%S%f}", path=concern.path,
        )  # fmt: skip
        _count_again(workshop)
    return alert


def end_cause(*, workshop: Workshop, actor: Actor, cause: AlertCause, subject: models.Model) -> None:
    """The cause is gone: its alert is resolved by itself."""
    open_ones = Alert.objects.filter(
        cause=cause, subject_kind=subject._meta.model_name, subject_pk=subject.pk, resolved_at=None
    )
    for alert in open_ones:
        _resolve(workshop, actor, alert, "")


def see_alert(*, workshop: Workshop, actor: Actor, alert: Alert) -> None:
    """Somebody has seen it. Seeing it twice changes nothing."""
    with transaction.atomic():
        held = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
        if held.seen_at or held.resolved_at:
            return
        held.seen_at, held.seen_by = timezone.now(), actor.label
        held.save(update_fields=["seen_at", "seen_by"])
        record(workshop=workshop, actor=actor, action="alert.seen", subject=held)
        _count_again(workshop)


def resolve_alert(*, workshop: Workshop, actor: Actor, alert: Alert) -> None:
    """Somebody has dealt with it: it comes back at the next crossing only, or when it grows graver."""
    with transaction.atomic():
        held = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
        if held.resolved_at is None:
            _resolve(workshop, actor, held, actor.label)


def _resolve(workshop: Workshop, actor: Actor, alert: Alert, by: str) -> None:
    alert.resolved_at, alert.resolved_by = timezone.now(), by
    alert.save(update_fields=["resolved_at", "resolved_by"])
    record(workshop=workshop, actor=actor, action="alert.resolved", subject=alert)
    _count_again(workshop)


def _count_again(workshop: Workshop) -> None:
    keep_count(workshop.pk, count_new())
