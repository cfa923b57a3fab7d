"""The next loads of the ovens, as a device shows them: what hangs where is printed, what has changed is said here."""

from collections.abc import Iterable
from typing import Any

from app.batches.models import OvenLoad, OvenLoadPart
from app.batches.oven_constants import LoadState
from app.batches.oven_selectors import list_open_loads, list_parts_of_loads
from app.batches.part_changes import PartChange, changes_in
from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.tenancy.models import Workshop

from .powders import describe_powder

MOST_LOADS = 8


def read_loads(workshop: Workshop) -> list[dict[str, Any]]:
    """The loads in an oven and the next ones, in time; none for a workshop without curing plans."""
    if not has_feature(workshop, Feature.SMART_STOCK):
        return []
    loads = list_open_loads(MOST_LOADS)
    parts, changes = list_parts_of_loads(loads), changes_in(loads)
    return [_describe(load, parts[load.pk], changes.get(load.pk, [])) for load in loads]


def _describe(load: OvenLoad, parts: Iterable[OvenLoadPart], changes: Iterable[PartChange]) -> dict[str, Any]:
    return {
        "pk": load.pk,
        "number": load.number,
        "oven": load.oven.name,
        "in_oven": load.state == LoadState.IN_OVEN,
        "starts_at": load.planned_start.isoformat() if load.planned_start else None,
        "powder": describe_powder(load.powder) if load.powder else None,
        "parts": [_describe_part(row) for row in parts],
        "changes": [str(change) for change in changes],
    }


def _describe_part(row: OvenLoadPart) -> dict[str, Any]:
    part = row.part
    return {
        "pk": part.pk, "code": part.code, "project": part.project_id, "number": part.project.number,
        "designation": part.designation, "pieces": row.pieces,
    }  # fmt: skip
