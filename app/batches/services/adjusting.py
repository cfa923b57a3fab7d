"""A plan put right by hand: every change goes through the rules that the search keeps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..adjusting import find_place
from ..measures import box_of, fill_of, in_time
from ..models import OvenPlan
from ..planner.files import write_plan
from ..planner.instance import TURNS, Instance
from ..planner.plan import Item, Load, Plan, PlanError, problems_of
from ..sequence import in_order, order_of
from .searching import figures_of, plan_of

Change = Callable[[Instance, Plan], Plan]


def check_items(*, plan: OvenPlan, rank: int, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Whether a load may hold its pieces at these places: {"wrong": pieces too near or outside, "fill": share}.

    Nothing is kept. RuleError for another set of pieces, or for what is no place.
    """
    instance, found = plan_of(plan)
    load = replace(_load(found, rank), items=_items(_load(found, rank), items))
    return {"wrong": wrong_items(instance, load), "fill": fill_of(instance, load)}


def move_items(
    *, workshop: Workshop, actor: Actor, plan: OvenPlan, rank: int, items: Sequence[Mapping[str, Any]]
) -> OvenPlan:
    """Keep new places of the pieces of a load; RuleError when a rule is broken."""

    def change(instance: Instance, found: Plan) -> Plan:
        load = _load(found, rank)
        moved = replace(load, items=_items(load, items))
        return replace(found, loads=(*found.loads[:rank], moved, *found.loads[rank + 1 :]))

    return _change(workshop, actor, plan, change, {"load": rank + 1})


def move_piece(*, workshop: Workshop, actor: Actor, plan: OvenPlan, rank: int, item: int, target: int) -> OvenPlan:
    """Put one piece into another load of its family, where there is room; RuleError when there is none.

    A load that is left empty disappears, and the others follow as early as they can.
    """

    def change(instance: Instance, found: Plan) -> Plan:
        source, goal = _load(found, rank), _load(found, target)
        if rank == target or not 0 <= item < len(source.items):
            raise RuleError(_("This piece is not in the load any more."))
        piece = source.items[item]
        line = next(line for line in instance.lines if line.id == piece.part)
        if goal.family != source.family:
            raise RuleError(_("These loads differ by their powder or their curing."))
        place = find_place(instance, goal, line)
        if place is None:
            raise RuleError(_("There is no room left for it in this load."))
        loads = list(found.loads)
        loads[target] = replace(goal, items=(*goal.items, place))
        loads[rank] = replace(source, items=tuple(held for at, held in enumerate(source.items) if at != item))
        order = [[at for at in ranks if loads[at].items] for ranks in order_of(instance, found)]
        return _timed(instance, Plan(tuple(loads), found.unplaced), order)

    return _change(workshop, actor, plan, change, {"from": rank + 1, "to": target + 1})


def move_load(*, workshop: Workshop, actor: Actor, plan: OvenPlan, rank: int, oven: int, place: int) -> OvenPlan:
    """Run a load at another place of an oven's order, counted from 0; the others follow as early as they can."""

    def change(instance: Instance, found: Plan) -> Plan:
        _load(found, rank)
        order = [[at for at in ranks if at != rank] for ranks in order_of(instance, found)]
        if not 0 <= oven < len(order):
            raise RuleError(_("This oven is not in the plan."))
        order[oven].insert(max(0, min(place, len(order[oven]))), rank)
        return _timed(instance, found, order)

    return _change(workshop, actor, plan, change, {"load": rank + 1, "place": place + 1})


def wrong_items(instance: Instance, load: Load) -> list[int]:
    """The pieces of a load that break a rule of place: judged one by one and two by two, by the independent rules."""
    lines = {line.id: line for line in instance.lines}
    boxes = [box_of(instance, lines[item.part], item) for item in load.items]
    wrong = {at for at, item in enumerate(load.items) if _broken(instance, load, [item])}
    alone = frozenset(wrong)
    near = instance.oven.gap
    for at, other in combinations(sorted(set(range(len(boxes))) - alone), 2):
        one, two = boxes[at], boxes[other]
        close = all(one[axis] < two[axis + 3] + near and two[axis] < one[axis + 3] + near for axis in range(2))
        if close and _broken(instance, load, [load.items[at], load.items[other]]):
            wrong |= {at, other}
    return sorted(wrong)


def _broken(instance: Instance, load: Load, items: Sequence[Item]) -> bool:
    """Whether these pieces alone break a rule of place; their hours and their mass are not looked at."""
    counted = {item.part for item in items}
    lines = tuple(
        replace(line, quantity=sum(item.part == line.id for item in items), kg=0.0)
        for line in instance.lines
        if line.id in counted
    )
    small = replace(instance, lines=lines, schedule=False)
    return bool(problems_of(small, Plan((replace(load, items=tuple(items)),))))


def _timed(instance: Instance, plan: Plan, order: list[list[int]]) -> Plan:
    kept = sorted(at for ranks in order for at in ranks)
    places = {at: place for place, at in enumerate(kept)}
    loads = tuple(plan.loads[at] for at in kept)
    try:
        return in_order(instance, replace(plan, loads=loads), [[places[at] for at in ranks] for ranks in order])
    except PlanError as error:
        raise RuleError(_("The opening hours are too short for this order.")) from error


def _load(found: Plan, rank: int) -> Load:
    if not 0 <= rank < len(found.loads):
        raise RuleError(_("This load is not in the plan any more."))
    return found.loads[rank]


def _items(load: Load, rows: Sequence[Mapping[str, Any]]) -> tuple[Item, ...]:
    """The pieces of a load at the places given, in its order; RuleError when they are not its pieces."""
    try:
        items = tuple(
            Item(str(row["part"]), _mm(row["x"]), _mm(row["y"]), _mm(row["z"]), str(row["rot"])) for row in rows
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleError(_("The places cannot be read.")) from error
    if any(item.turn not in TURNS for item in items):
        raise RuleError(_("The places cannot be read."))
    if [item.part for item in items] != [item.part for item in load.items]:
        raise RuleError(_("The load has changed meanwhile: reload the page."))
    return items


def _mm(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 1_000_000:
        raise ValueError("a whole number of millimetres expected")
    return value


def _change(workshop: Workshop, actor: Actor, plan: OvenPlan, change: Change, told: dict[str, Any]) -> OvenPlan:
    with transaction.atomic():
        held = OvenPlan.objects.select_for_update().get(pk=plan.pk)
        if not held.is_adoptable:
            raise RuleError(_("This plan can no longer be changed."))
        instance, found = plan_of(held)
        wanted = in_time(change(instance, found))
        if problems_of(instance, wanted):
            raise RuleError(_("A rule would be broken: pieces too near, outside the oven, or too heavy together."))
        held.result, held.figures = write_plan(instance, wanted), figures_of(instance, wanted)
        held.is_adjusted, held.sheets_file_id, held.sheets_asked_at = True, None, None
        held.save(update_fields=["result", "figures", "is_adjusted", "sheets_file_id", "sheets_asked_at"])
        record(workshop=workshop, actor=actor, action="oven_plan.adjusted", subject=held, changes=told)
    return held
