"""Writing the trail, in the transaction of the change that it tells: if one fails, neither is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope
from app.tenancy.selectors import list_workshop_ids

from .models import AuditEntry

RETENTION = Actor.system("history kept two years")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was done, for the trail; `changes` as `record` takes them."""

    action: str
    subject: models.Model
    changes: Mapping[str, Any] = field(default_factory=dict)


def record(
    *,
    workshop: Workshop,
    actor: Actor,
    action: str,
    subject: models.Model,
    changes: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry; `changes` maps a field to its [old, new] values or to a fact worth keeping."""
    entry = _entry(workshop, actor, Act(action, subject, changes or {}))
    entry.save(force_insert=True)
    return entry


def record_many(*, workshop: Workshop, actor: Actor, acts: Sequence[Act]) -> None:
    """Add the entries of many acts, in the order given, by one statement."""
    AuditEntry.objects.bulk_create(_entry(workshop, actor, act) for act in acts)


def record_export(*, workshop: Workshop, actor: Actor, filters: Mapping[str, Any]) -> AuditEntry:
    """Taking the history out is an act too; `filters` says which part."""
    used = {name: value for name, value in filters.items() if value}
    return record(workshop=workshop, actor=actor, action="audit.exported", subject=workshop, changes=used)


def remove_expired(*, before: datetime, dry_run: bool = False) -> int:
    """Remove the entries older than `before` in every workshop, as the platform; how many there are or were.

    The application's role cannot do it. Each workshop keeps an entry that says how many went and by which rule.
    """
    return sum(_remove_expired(workshop_id, before, dry_run) for workshop_id in list_workshop_ids())


def _remove_expired(workshop_id: int, before: datetime, dry_run: bool) -> int:
    with platform_scope():
        workshop = Workshop.objects.get(pk=workshop_id)
        old = AuditEntry.objects.filter(workshop=workshop, at__lt=before)
        found = old.count()
        if found and not dry_run:
            old.delete()
            changes = {"removed": found, "before": before}
            record(workshop=workshop, actor=RETENTION, action="audit.expired", subject=workshop, changes=changes)
    return found


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The fields whose value changed, as {field: [old, new]}."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}


def _entry(workshop: Workshop, actor: Actor, act: Act) -> AuditEntry:
    return AuditEntry(
        workshop_id=workshop.pk,
        actor=actor.label,
        user_id=actor.user_id,
        origin=actor.origin,
        ip=actor.ip,
        action=act.action,
        subject_kind=act.subject._meta.model_name or "",
        subject_pk=act.subject.pk,
        subject_label=str(act.subject)[:200],
        changes={name: _plain(value) for name, value in act.changes.items()},
    )


def _plain(value: Any) -> Any:
    """A value that JSON can hold, readable in the trail."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal | date | models.Model):
        return str(value)
    return value if isinstance(value, str | int | float | bool | dict | None) else str(value)
