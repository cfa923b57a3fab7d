"""Writing the trail, in the transaction of the change that it tells: if one fails, neither is kept."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from .models import AuditEntry


def record(
    *,
    workshop: Workshop,
    actor: Actor,
    action: str,
    subject: models.Model,
    changes: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry; `changes` maps a field to its [old, new] values or to a fact worth keeping."""
    return AuditEntry.objects.create(
        workshop_id=workshop.pk,
        actor=actor.label[:160],
        user_id=actor.user_id,
        origin=actor.origin,
        ip=actor.ip,
        action=action,
        subject_kind=subject._meta.model_name or "",
        subject_pk=subject.pk,
        subject_label=str(subject)[:200],
        changes={field: _plain(value) for field, value in (changes or {}).items()},
    )


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The fields whose value changed, as {field: [old, new]}."""
    return {field: [before.get(field), value] for field, value in after.items() if before.get(field) != value}


def _plain(value: Any) -> Any:
    """A value that JSON can hold, readable in the trail."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal | date | models.Model):
        return str(value)
    return value if isinstance(value, str | int | float | bool | dict | None) else str(value)
