"""Granting and withdrawing features and limits."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from app.audit.services import record
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import OPTIONAL_MODULES, Dimension, Source
from ..models import Allowance, Grant

#: How the trail writes the absence of a limit.
UNLIMITED = "∞"


def grant(*, workshop: Workshop, features: Iterable[str], source: Source, ends_at: datetime | None) -> None:
    """Make these features, and no others, what this source grants the workshop."""
    wanted = set(features)
    held = dict(Grant.objects.filter(source=source).values_list("feature", "ends_at"))
    if held == dict.fromkeys(wanted, ends_at):
        return
    Grant.objects.filter(source=source).exclude(feature__in=wanted).delete()
    Grant.objects.bulk_create(
        [Grant(workshop=workshop, feature=feature, source=source, ends_at=ends_at) for feature in sorted(wanted)],
        update_conflicts=True,
        unique_fields=["workshop", "feature", "source"],
        update_fields=["ends_at"],
    )
    renew_entitlements(workshop)


def allow(*, workshop: Workshop, limits: Mapping[str, int | None], source: Source) -> None:
    """Make these limits, and no others, what this source allows; None means unlimited."""
    if dict(Allowance.objects.filter(source=source).values_list("dimension", "limit")) == dict(limits):
        return
    Allowance.objects.filter(source=source).exclude(dimension__in=limits).delete()
    Allowance.objects.bulk_create(
        [
            Allowance(workshop=workshop, dimension=dimension, source=source, limit=limit)
            for dimension, limit in sorted(limits.items())
        ],
        update_conflicts=True,
        unique_fields=["workshop", "dimension", "source"],
        update_fields=["limit"],
    )
    renew_entitlements(workshop)


def set_allowance(*, workshop: Workshop, actor: Actor, dimension: Dimension, limit: int | None) -> None:
    """The publisher's own limit for one workshop, in place of its plan's and options'; None means unlimited.

    Storage is in bytes. Use that is already above the limit stays; only what would add to it is refused.
    """
    with transaction.atomic():
        held = _publisher_allowance(dimension)
        if held and held.limit == limit:
            return
        Allowance.objects.update_or_create(
            workshop=workshop, dimension=dimension, source=Source.PUBLISHER, defaults={"limit": limit}
        )
        _record_quota(
            workshop, actor, dimension, [_readable(held.limit) if held else "", UNLIMITED if limit is None else limit]
        )


def clear_allowance(*, workshop: Workshop, actor: Actor, dimension: Dimension) -> None:
    """Give the workshop back the limit of its plan and options."""
    with transaction.atomic():
        held = _publisher_allowance(dimension)
        if held is None:
            return
        held.delete()
        _record_quota(workshop, actor, dimension, [_readable(held.limit), ""])


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


def _publisher_allowance(dimension: Dimension) -> Allowance | None:
    return Allowance.objects.select_for_update().filter(dimension=dimension, source=Source.PUBLISHER).first()


def _readable(limit: int | None) -> int | str:
    return UNLIMITED if limit is None else limit


def _record_quota(workshop: Workshop, actor: Actor, dimension: Dimension, limits: list[int | str]) -> None:
    changes = {"dimension": dimension.value, "limit": limits}
    record(workshop=workshop, actor=actor, action="quota.changed", subject=workshop, changes=changes)
    renew_entitlements(workshop)


def renew_entitlements(workshop: Workshop) -> None:
    """A new version is a new cache key: nobody reads what was true before, whatever the order of the commits."""
    Workshop.objects.filter(pk=workshop.pk).update(entitlements_version=F("entitlements_version") + 1)
    workshop.refresh_from_db(fields=["entitlements_version"])
