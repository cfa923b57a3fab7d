"""What a workshop decides about its batches."""

from typing import Any

from django.db import transaction

from app.audit.services import difference, record
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..models import BatchSettings

RULES = ("tolerance_minutes", "same_lot", "posting")


def save_batch_settings(*, workshop: Workshop, actor: Actor, wanted: dict[str, Any]) -> BatchSettings:
    """Keep the workshop's choices for the batches to come; those that are open keep what they were opened with."""
    with transaction.atomic():
        held, _new = BatchSettings.objects.select_for_update().get_or_create(workshop=workshop)
        changes = difference({name: getattr(held, name) for name in RULES}, {name: wanted[name] for name in RULES})
        if changes:
            for name in RULES:
                setattr(held, name, wanted[name])
            held.save()
            record(workshop=workshop, actor=actor, action="batch.settings", subject=workshop, changes=changes)
    return held
