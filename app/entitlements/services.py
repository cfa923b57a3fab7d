"""Granting and withdrawing features."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.core.cache import cache
from django.db import transaction

from app.audit.services import record
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from .constants import OPTIONAL_MODULES, Source
from .models import Grant
from .selectors import cache_key


def grant(*, workshop: Workshop, features: Iterable[str], source: Source, ends_at: datetime | None) -> None:
    """Make these features, and no others, what this source grants the workshop."""
    wanted = set(features)
    Grant.objects.filter(source=source).exclude(feature__in=wanted).delete()
    Grant.objects.bulk_create(
        [Grant(workshop=workshop, feature=feature, source=source, ends_at=ends_at) for feature in sorted(wanted)],
        update_conflicts=True,
        unique_fields=["workshop", "feature", "source"],
        update_fields=["ends_at"],
    )
    transaction.on_commit(partial(cache.delete, cache_key(workshop.pk)))


def set_modules(*, workshop: Workshop, actor: Actor, wanted: Iterable[str]) -> None:
    """Switch each optional module on or off; one that is not granted stays out of reach even when it is on."""
    off = sorted(set(OPTIONAL_MODULES) - set(wanted))
    with transaction.atomic():
        held = Workshop.objects.select_for_update().get(pk=workshop.pk)
        if held.modules_off == off:
            return
        changes = {"modules_off": [held.modules_off, off]}
        held.modules_off = workshop.modules_off = off
        held.save(update_fields=["modules_off"])
        record(workshop=held, actor=actor, action="settings.modules", subject=held, changes=changes)
