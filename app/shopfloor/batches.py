"""The batches that a device shows: those at work, and the most urgent ones to open. No price, no stock."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.batches.models import Batch, BatchItem
from app.batches.recommending import Recommendation, recommended
from app.batches.selectors import list_current, list_items_of
from app.batches.services.launching import asked_by_steps, powder_steps
from app.projects.models import Project, Step
from app.projects.photo_selectors import list_photographed_steps
from app.tenancy.models import Workshop

from .loads import read_loads
from .powders import describe_powder

MOST_CURRENT = 20
MOST_RECOMMENDED = 12


def read_batches(workshop: Workshop) -> dict[str, Any]:
    """The open and launched batches, then what could be opened, the most urgent first; the same few queries always."""
    current = list(list_current()[:MOST_CURRENT])
    items = list_items_of(current)
    steps = powder_steps([item.part.project_id for found in items.values() for item in found])
    shown = list_photographed_steps([step.pk for step in steps.values() if step.needs_photo])
    groups = recommended(workshop, with_stock=False).rows[:MOST_RECOMMENDED]
    return {
        "current": [_describe(batch, items[batch.pk], steps, shown) for batch in current],
        "recommended": [_describe_group(group) for group in groups],
        "loads": read_loads(workshop),
    }


def _describe(
    batch: Batch, items: Sequence[BatchItem], steps: Mapping[int, Step], shown: Collection[int]
) -> dict[str, Any]:
    projects = {item.part.project_id: item.part.project for item in items}
    promises = [one.promised_on.isoformat() for one in projects.values() if one.promised_on]
    asked = [steps[pk] for pk in projects if pk in steps] if batch.is_launched else []
    return {
        "pk": batch.pk,
        "number": batch.number,
        "state": batch.state,
        "powder": describe_powder(batch.powder),
        "layers": _layers(batch),
        "lot": batch.lot,
        "wants_lot": batch.same_lot,
        "note": batch.note,
        "project": min(projects, default=None),
        "unready": [one.number for pk, one in projects.items() if pk not in steps] if batch.is_open else [],
        "promised_on": min(promises, default=None),
        "parts": [_describe_part(item) for item in items],
        "checklist": asked_by_steps(asked)["checklist"],
        "photos": [_describe_photo(step, projects[step.project_id], shown) for step in asked if step.needs_photo],
    }


def _describe_photo(step: Step, project: Project, shown: Collection[int]) -> dict[str, Any]:
    """A step that is not validated without a photo, and whether it has one."""
    return {
        "step": step.pk,
        "name": step.name,
        "project": project.pk,
        "number": project.number,
        "has": step.pk in shown,
    }


def _describe_part(item: BatchItem) -> dict[str, Any]:
    part = item.part
    return {
        "pk": part.pk, "code": part.code, "project": part.project_id, "number": part.project.number,
        "designation": part.designation, "quantity": f"{part.quantity.normalize():f}",
    }  # fmt: skip


def _describe_group(group: Recommendation) -> dict[str, Any]:
    return {
        "key": group.key,
        "project": group.first_project,
        "powder": describe_powder(group.powder),
        "layers": _layers(group),
        "projects": group.projects,
        "ready": group.ready,
        "parts": group.parts,
        "promised_on": group.promised_on.isoformat() if group.promised_on else None,
    }


def _layers(what: Batch | Recommendation) -> dict[str, Any]:
    return {
        "coats": what.coats, "primer": what.primer, "varnish": what.varnish,
        "celsius": what.celsius, "minutes": what.minutes,
    }  # fmt: skip
