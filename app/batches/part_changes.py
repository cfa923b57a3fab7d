"""What became of the parts of a curing plan since it was searched: what differs, and whether a load may start so."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from app.projects.constants import RUNNING, Laying
from app.projects.models import Part

from .models import Batch, BatchItem, Oven, OvenLoad, OvenLoadPart, OvenPlan
from .oven_constants import LoadState, PlanState
from .oven_problem import family_of, family_words, inside_of, piece_of
from .oven_selectors import count_pieces_taken, list_not_past_curing, list_ovens, list_planned_loads_of, list_sent_back
from .selectors import get_parts

#: What a plan keeps of its ovens, and of a part by what people call it.
INSIDE = ("oven", "clearance", "hanging")
PLACED = {"l": "size", "w": "size", "h": "size", "kg": "mass", "rot": "hanging", "carry": "hanging"}


@dataclass(frozen=True)
class PartChange:
    """A part that is not any more what a plan took it for. `stops`: no load may start with it."""

    part: Part
    words: str
    stops: bool

    def __str__(self) -> str:
        return f"{self.part.project.number} {self.part.designation}: {self.words}"


def changes_in(loads: Collection[OvenLoad]) -> dict[int, list[PartChange]]:
    """The changed parts of those of these loads that are planned and not started, by load; a few queries in all."""
    planned = [load for load in loads if load.state == LoadState.PLANNED and load.plan_id]
    rows = list(OvenLoadPart.objects.filter(load__in=planned)) if planned else []
    if not rows:
        return {}
    plans = {load.pk: load.plan_id for load in planned}
    lines = _lines_of({plan_pk for plan_pk in plans.values() if plan_pk})
    parts = {part.pk: part for part in get_parts(row.part_id for row in rows)}
    judge, found = _Judge(parts.values(), ()), dict[int, list[PartChange]]()
    for row in rows:
        part, (planned_at, known) = parts[row.part_id], lines[plans[row.load_id]]
        change = judge.change_of(part, known.get(part.code), planned_at)
        if change:
            found.setdefault(row.load_id, []).append(change)
    return found


def loads_of_another_oven(loads: Collection[OvenLoad]) -> set[int]:
    """Those of these loads, planned and not started, whose oven is another inside than when they were planned."""
    planned = [load for load in loads if load.state == LoadState.PLANNED and load.plan_id]
    kept = ("pk", *(f"problem__{name}" for name in INSIDE))
    rows = OvenPlan.objects.filter(pk__in={load.plan_id for load in planned}).values_list(*kept) if planned else []
    insides = {pk: dict(zip(INSIDE, values, strict=True)) for pk, *values in rows}
    found = set()
    for load in planned:
        inside = insides[load.plan_id]
        if inside != inside_of(load.oven, inside["oven"]["count"]):
            found.add(load.pk)
    return found


def planned_loads_with_changes(batch: Batch, items: Collection[BatchItem]) -> list[tuple[OvenLoad, list[PartChange]]]:
    """The planned loads that hold parts of a batch, each with the parts of this batch that have changed in it."""
    own = {item.part_id for item in items}
    loads = list_planned_loads_of(batch) if own else []
    found = changes_in(loads)
    return [(load, [one for one in found.get(load.pk, []) if one.part.pk in own]) for load in loads]


def changes_of(plan: OvenPlan) -> list[PartChange]:
    """The changed parts of a plan: of what it would put in loads, or of its loads that are not started yet."""
    if plan.is_adoptable:
        return changes_since(plan, list_ovens().filter(pk__in=[oven["pk"] for oven in plan.subject["ovens"]]))
    if plan.state != PlanState.ADOPTED:
        return []
    found = changes_in(OvenLoad.objects.filter(plan=plan, state=LoadState.PLANNED))
    return list({change.part.pk: change for changes in found.values() for change in changes}.values())


def changes_since(plan: OvenPlan, ovens: Collection[Oven]) -> list[PartChange]:
    """The changed parts of a plan that is not adopted yet, whose loads would replace those planned in `ovens`."""
    words = plan.subject["parts"]
    wanted = Counter(
        words[item["part"]]["part"] for load in (plan.result or {}).get("loads", []) for item in load["items"]
    )
    lines = {line["id"]: line for line in plan.problem["parts"]}
    parts = get_parts(wanted)
    judge = _Judge(parts, ovens, wanted)
    changes = [judge.change_of(part, lines.get(part.code)) for part in parts]
    return [change for change in changes if change]


def _lines_of(plan_pks: Collection[int]) -> dict[int | None, tuple[datetime, dict[str, Mapping[str, Any]]]]:
    """When plans were made and what they took their parts for, by part number; nothing else of them is read."""
    rows = OvenPlan.objects.filter(pk__in=plan_pks).values_list("pk", "created_at", "problem__parts")
    return {pk: (at, {line["id"]: line for line in lines}) for pk, at, lines in rows}


class _Judge:
    """Looks at parts, having asked once what loads hold of them, which are past their curing, which come back."""

    def __init__(
        self, parts: Iterable[Part], replanned: Collection[Oven], wanted: Mapping[int, int] | None = None
    ) -> None:
        held = list(parts)
        self._to_cure = list_not_past_curing([part.pk for part in held])
        self._taken = Counter(count_pieces_taken(held, replanned))
        self._taken.update(wanted or {})
        self._again = list_sent_back({part.project for part in held if part.project.laying == Laying.AGAIN})

    def change_of(
        self, part: Part, line: Mapping[str, Any] | None, planned_at: datetime | None = None
    ) -> PartChange | None:
        """What differs; None when nothing does. A part that its plan does not know is not judged by its values.

        With `planned_at`, what was sent back to the powder since then is told too.
        """
        stopping = [*self._over(part), *(_other_family(part, line["family"]) if line else [])]
        told = [*stopping, *self._past(part), *self._sent_back(part, planned_at)]
        told += _other_place(part, line) if line else []
        return PartChange(part, ", ".join(told), bool(stopping)) if told else None

    def _over(self, part: Part) -> list[str]:
        """Its project is over, or the loads hold more pieces than there are."""
        if part.project.status not in RUNNING:
            return [_("its project is “%(state)s”") % {"state": part.project.get_status_display()}]
        if self._taken[part.pk] > part.pieces:
            said = {"planned": self._taken[part.pk], "pieces": part.pieces}
            return [
                ngettext(
                    "%(planned)s planned, %(pieces)s piece is there",
                    "%(planned)s planned, %(pieces)s pieces are there",
                    part.pieces,
                )
                % said
            ]
        return []

    def _sent_back(self, part: Part, planned_at: datetime | None) -> list[str]:
        if planned_at is None or not any(
            noted.part_id in (None, part.pk) and noted.declared_at > planned_at
            for noted in self._again.get(part.project_id, [])
        ):
            return []
        return [_("a non-conformity has sent it back to the powder")]

    def _past(self, part: Part) -> list[str]:
        if part.project.status not in RUNNING or part.pk in self._to_cure:
            return []
        return [_("its project is past the curing")]


def _other_family(part: Part, planned: str) -> list[str]:
    """What it may no longer share the load for, with what it is now."""
    if part.powder is None:
        return [_("it has no powder any more")]
    now = family_of(part)
    if now == planned:
        return []
    powder, layers, celsius, minutes, site = planned.split("-")
    was, words = now.split("-"), family_words(part)
    told = [
        (powder != was[0], _("its powder is now %(powder)s") % {"powder": part.powder}),
        (layers != was[1], _("it now takes %(layers)s") % {"layers": words["layers"]}),
        ((celsius, minutes) != (was[2], was[3]), _("it is now cured at %(celsius)s °C for %(minutes)s min") % {
            "celsius": words["celsius"] or "—", "minutes": words["minutes"] or "—"}),
        (site != was[4], _("it is now at %(site)s") % {"site": part.project.site}),
    ]  # fmt: skip
    return [text for differs, text in told if differs]


def _other_place(part: Part, line: Mapping[str, Any]) -> list[str]:
    """What it does not take its place in the oven with any more."""
    now = piece_of(part)
    differing = {PLACED[name] for name in PLACED if name in line and line[name] != now[name]}
    size = " × ".join(str(side) for side in part.size_mm) if part.size_mm else _("not known")
    told = {
        "size": _("its size is now %(size)s mm") % {"size": size},
        "mass": _("its mass is now %(mass)s kg") % {"mass": now["kg"]},
        "hanging": _("it hangs or turns otherwise"),
    }
    return [text for name, text in told.items() if name in differing]
