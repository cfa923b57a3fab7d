"""Taking pieces out of a planned load before it starts: they wait for an oven again."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.projects.models import Part
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..locks import lock_parts
from ..measures import fill_of, kg_of
from ..models import OvenLoad, OvenLoadPart, OvenPlan
from ..oven_constants import LoadState
from ..oven_pages import load_of_layout
from ..planner.instance import read_instance


def take_out_pieces(
    *, workshop: Workshop, actor: Actor, load: OvenLoad, part_pk: int, pieces: int | None = None
) -> OvenLoad:
    """Take a part, or some pieces of it, out of a planned load; a load that is left empty is cancelled.

    RuleError once the load is started, and when it does not hold so many.
    """
    with transaction.atomic():
        lock_parts([part_pk])
        held = OvenLoad.objects.select_for_update(of=("self",)).select_related("plan").get(pk=load.pk)
        if held.state != LoadState.PLANNED:
            raise RuleError(_("This load is not waiting any more: its parts do not change."))
        row = OvenLoadPart.objects.select_related("part").filter(load=held, part=part_pk).first()
        taken = pieces if pieces is not None or row is None else row.pieces
        if row is None or taken is None or not 0 < taken <= row.pieces:
            raise RuleError(_("This load does not hold these pieces: look at it again."))
        _lessen(row, taken)
        _hang_again(held, _without(held.layout, row.part, taken))
        changes = {"part": row.part.code, "pieces": taken}
        record(workshop=workshop, actor=actor, action="oven_load.emptied", subject=held, changes=changes)
    return held


def _lessen(row: OvenLoadPart, taken: int) -> None:
    row.pieces -= taken
    if row.pieces:
        row.save(update_fields=["pieces"])
    else:
        row.delete()


def _without(layout: Sequence[dict[str, Any]], part: Part, taken: int) -> list[dict[str, Any]]:
    """The places of a load without the last ones of a part."""
    places = [at for at, item in enumerate(layout) if item["part"] == part.code]
    gone = set(places[len(places) - taken :])
    return [item for at, item in enumerate(layout) if at not in gone]


def _hang_again(load: OvenLoad, layout: list[dict[str, Any]]) -> None:
    """Keep what is left with its fill and its mass; the sheets that were printed are no longer those of the load."""
    load.layout = layout
    if not OvenLoadPart.objects.filter(load=load).exists():
        load.state = LoadState.CANCELLED
    elif load.plan and layout:
        instance = read_instance(load.plan.problem)
        left = load_of_layout(instance, layout)
        load.fill, load.mass_kg = (
            Decimal(str(round(fill_of(instance, left), 4))),
            Decimal(str(round(kg_of(instance, left), 2))),
        )
    load.save(update_fields=["layout", "state", "fill", "mass_kg"])
    if load.plan:
        OvenPlan.objects.filter(pk=load.plan.pk).update(sheets_file_id=None, sheets_asked_at=None)
