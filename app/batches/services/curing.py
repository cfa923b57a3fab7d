"""What really happens at the ovens: a load goes in, comes out, or is made by hand."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.numbering.services import take_ranks
from app.powders.models import Powder
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..grouping import grouping_of
from ..locks import lock_parts
from ..models import Oven, OvenLoad, OvenLoadPart
from ..oven_constants import LOAD_SERIES, LoadState
from ..oven_problem import family_of
from ..oven_selectors import CurablePart, list_curable_parts
from ..part_changes import changes_in
from .occupancy import keep_days

#: How far back the start of a load may be noted.
OLDEST_START = timedelta(days=7)


def start_load(*, workshop: Workshop, actor: Actor, load: OvenLoad) -> OvenLoad:
    """Note that a planned load goes into its oven now.

    RuleError when another one is in it, or when a part has changed its powder or its curing since the plan: it goes
    into no load of another powder.
    """
    with transaction.atomic():
        lock_parts(OvenLoadPart.objects.filter(load=load).values_list("part_id", flat=True))
        held = _lock(load)
        if held.state != LoadState.PLANNED:
            raise RuleError(_("This load is not waiting any more."))
        _require_unchanged(held)
        held.state, held.started_at, held.started_by_name = LoadState.IN_OVEN, timezone.now(), actor.label
        _put_in(held)
        record(workshop=workshop, actor=actor, action="oven_load.started", subject=held)
    return held


def finish_load(*, workshop: Workshop, actor: Actor, load: OvenLoad) -> OvenLoad:
    """Note that a load comes out now; RuleError when it is not in an oven."""
    with transaction.atomic():
        held = _lock(load)
        if held.state != LoadState.IN_OVEN:
            raise RuleError(_("This load is not in the oven."))
        held.state, held.finished_at = LoadState.DONE, timezone.now()
        held.save()
        record(workshop=workshop, actor=actor, action="oven_load.finished", subject=held,
               changes={"minutes": held.minutes})  # fmt: skip
        started = held.started_at or held.finished_at
        keep_days(workshop=workshop, oven=held.oven, first=_day(started), last=_day(held.finished_at))
    return held


def take_back_start(*, workshop: Workshop, actor: Actor, load: OvenLoad) -> OvenLoad:
    """The load was not started after all: it waits again, or is cancelled when it was made by hand."""
    with transaction.atomic():
        held = _lock(load)
        if held.state != LoadState.IN_OVEN:
            raise RuleError(_("This load is not in the oven."))
        held.state = LoadState.PLANNED if held.plan_id else LoadState.CANCELLED
        held.started_at, held.started_by_name = None, ""
        held.save()
        record(workshop=workshop, actor=actor, action="oven_load.taken_back", subject=held)
    return held


def cancel_load(*, workshop: Workshop, actor: Actor, load: OvenLoad) -> OvenLoad:
    """A planned load will not be cured: its parts wait again."""
    with transaction.atomic():
        held = _lock(load)
        if held.state != LoadState.PLANNED:
            raise RuleError(_("Only a load that waits can be cancelled."))
        held.state = LoadState.CANCELLED
        held.save(update_fields=["state"])
        record(workshop=workshop, actor=actor, action="oven_load.cancelled", subject=held)
    return held


def record_load(
    *, workshop: Workshop, actor: Actor, oven: Oven, part_pks: Sequence[int] = (), powder: Powder | None = None,
    fill_percent: int | None = None, note: str = "", started_at: datetime | None = None,
) -> OvenLoad:  # fmt: skip
    """A load made by hand, without a plan, in the oven from now or from `started_at`.

    RuleError when its parts may not share a load, are no longer waiting, or when the oven is taken.
    """
    start = _start(started_at)
    with transaction.atomic():
        parts = _free_parts(part_pks)
        powder = parts[0].part.powder if parts else powder
        if powder is None and not note:
            raise RuleError(_("Say what is in the load: its parts, its powder or a note."), field="note")
        curing = _curing(parts, powder)
        [number] = take_ranks(workshop=workshop, series=LOAD_SERIES, how_many=1)
        held = OvenLoad(
            workshop=workshop, oven=oven, number=number, state=LoadState.IN_OVEN, powder=powder, note=note,
            started_at=start, started_by_name=actor.label, mass_kg=_mass(parts),
            curing_celsius=curing[0], curing_minutes=curing[1],
            fill=None if fill_percent is None else Decimal(fill_percent) / 100,
        )  # fmt: skip
        _put_in(held)
        OvenLoadPart.objects.bulk_create(
            OvenLoadPart(workshop=workshop, load=held, part=free.part, pieces=free.pieces) for free in parts
        )
        record(workshop=workshop, actor=actor, action="oven_load.started", subject=held, changes={"by_hand": True})
    return held


def _lock(load: OvenLoad) -> OvenLoad:
    return OvenLoad.objects.select_for_update(of=("self",)).select_related("oven").get(pk=load.pk)


def _require_unchanged(load: OvenLoad) -> None:
    """No part of a planned load has become something that may not go in it."""
    stopping = [change for change in changes_in([load]).get(load.pk, []) if change.stops]
    if stopping:
        message = _("Parts have changed since the plan (%(names)s): take them out of this load, or plan again.")
        raise RuleError(message % {"names": "; ".join(str(change) for change in stopping[:3])})


def _put_in(load: OvenLoad) -> None:
    """Save a load that goes into its oven; the database lets one in."""
    taken = _("Another load is in %(oven)s: note its end first.") % {"oven": load.oven}
    if OvenLoad.objects.filter(oven=load.oven_id, state=LoadState.IN_OVEN).exclude(pk=load.pk).exists():
        raise RuleError(taken, field="oven")
    try:
        with transaction.atomic():
            load.save()
    except IntegrityError as error:
        raise RuleError(taken, field="oven") from error


def _start(wanted: datetime | None) -> datetime:
    now = timezone.now()
    if wanted is not None and not now - OLDEST_START <= wanted <= now:
        raise RuleError(_("The start is in the last seven days, and not to come."), field="started_at")
    return wanted or now


def _free_parts(part_pks: Sequence[int]) -> list[CurablePart]:
    if not part_pks:
        return []
    lock_parts(part_pks)
    parts = list_curable_parts(part_pks)
    if len(parts) < len(set(part_pks)):
        raise RuleError(_("A part does not wait any more: look at the list again."), field="parts")
    if len({family_of(free.part) for free in parts}) > 1:
        raise RuleError(_("These parts differ by their powder, their layers or their curing."), field="parts")
    return parts


def _curing(parts: Sequence[CurablePart], powder: Powder | None) -> tuple[int | None, int | None]:
    """Degrees and minutes of the parts, or else of the powder."""
    if parts:
        held = grouping_of(parts[0].part)
        return held.celsius, held.minutes
    return (powder.curing_temperature_c, powder.curing_minutes) if powder else (None, None)


def _mass(parts: Sequence[CurablePart]) -> Decimal | None:
    """The mass of the load; None while a part's is not known."""
    if not parts or any(free.part.mass_kg is None for free in parts):
        return None
    return sum(((free.part.mass_kg or Decimal(0)) * free.pieces for free in parts), Decimal(0))


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
