"""Reads of ovens, plans and loads; every queryset wants a workshop's scope."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from app.projects.constants import RUNNING
from app.projects.models import Nonconformity, Part, Project, Step
from app.tenancy.models import Workshop
from app.tenancy.questions import written_once
from app.tenancy.scope import platform_scope

from .models import Batch, BatchItem, Oven, OvenDay, OvenLoad, OvenLoadPart, OvenPlan, OvenSettings
from .oven_constants import LoadState, PlanState

#: What makes ovens alike: one plan may use them together.
ALIKE = ("site_id", "length_mm", "width_mm", "height_mm", "max_load_kg", "gap_mm", "wall_mm", "floor_mm", "hook_mm",
         "one_level", "rails_y", "heat_up_minutes", "changeover_minutes", "cost_per_hour", "week")  # fmt: skip
#: What the real durations are judged by.
RECENT_LOADS = 500


@dataclass(frozen=True)
class CurablePart:
    """A part with the pieces of it that no load has taken yet."""

    part: Part
    pieces: int


def list_ovens() -> "QuerySet[Oven]":
    """The ovens in use."""
    return Oven.objects.filter(archived_at=None)


def get_oven(oven_pk: int) -> Oven:
    """One oven in use; Oven.DoesNotExist when it is not in this workshop, or was put away."""
    return list_ovens().get(pk=oven_pk)


def group_ovens(ovens: Iterable[Oven]) -> list[list[Oven]]:
    """Ovens that are alike, together: what one plan may use."""
    groups: dict[str, list[Oven]] = {}
    for oven in ovens:
        groups.setdefault(repr([getattr(oven, name) for name in ALIKE]), []).append(oven)
    return list(groups.values())


def get_oven_settings(workshop: Workshop) -> OvenSettings:
    """What plans of this workshop weigh; the product's own values, not saved, until it says otherwise."""
    return OvenSettings.objects.first() or OvenSettings(workshop=workshop)


def list_curable_parts(
    part_pks: Collection[int] | None = None, replanned: Collection[Oven] = (), site_pk: int | None = None
) -> list[CurablePart]:
    """The parts of running projects that are still to be cured, in the order in which they came.

    What a load has taken since the project's last non-conformity is not counted any more, planned, in an oven or
    cured; but what is only planned in the ovens `replanned` is free again. A project whose step after the powder is
    done is past its curing, whether or not a load was noted.
    """
    parts = Part.objects.select_related("powder", "project", "project__customer", "project__site").filter(
        _not_past_curing(), project__status__in=RUNNING, powder__isnull=False
    )
    if part_pks is not None:
        parts = parts.filter(pk__in=part_pks)
    if site_pk is not None:
        parts = parts.filter(project__site=site_pk)
    held = list(parts.order_by(F("project__dropped_on").asc(nulls_last=True), "project__created_at", "position", "pk"))
    taken = count_pieces_taken(held, replanned)
    left = [CurablePart(part, part.pieces - taken.get(part.pk, 0)) for part in held]
    return [curable for curable in left if curable.pieces > 0]


def list_not_past_curing(part_pks: Collection[int]) -> set[int]:
    """The keys of those of these parts whose project is still before its curing, or at it."""
    return set(Part.objects.filter(_not_past_curing(), pk__in=part_pks).values_list("pk", flat=True))


def _not_past_curing() -> Q:
    """The project has its powder to lay, or nothing done since it was laid; or no step that lays powder."""
    steps = Step.objects.filter(project=OuterRef("project"))
    later = Step.objects.filter(project=OuterRef("project"), position__gt=OuterRef("position"), done_at__isnull=False)
    to_lay = Exists(steps.filter(lays_powder=True, done_at=None))
    just_laid = Exists(steps.filter(~Exists(later), lays_powder=True, done_at__isnull=False))
    return Q(to_lay) | Q(just_laid) | ~Q(Exists(steps.filter(lays_powder=True)))


def count_pieces_taken(parts: Collection[Part], replanned: Collection[Oven]) -> dict[int, int]:
    """How many pieces of each part the loads hold in the present pass of its project."""
    projects = {part.project_id for part in parts}
    again = dict(Nonconformity.objects.filter(project__in=projects).values_list("project").annotate(Max("declared_at")))
    held = OvenLoadPart.objects.filter(part__in=[part.pk for part in parts])
    held = held.exclude(load__state=LoadState.CANCELLED)
    held = held.exclude(load__state=LoadState.PLANNED, load__oven__in=[oven.pk for oven in replanned])
    found: dict[int, int] = {}
    for part, project, pieces, started in held.values_list("part", "part__project", "pieces", "load__started_at"):
        since = again.get(project)
        if since is None or started is None or started > since:
            found[part] = found.get(part, 0) + pieces
    return found


def list_sent_back(projects: Collection[Project]) -> dict[int, list[Nonconformity]]:
    """The non-conformities of these projects that want powder again, by project."""
    rows = Nonconformity.objects.filter(project__in=projects, lays_powder=True) if projects else []
    found: dict[int, list[Nonconformity]] = defaultdict(list)
    for noted in rows:
        found[noted.project_id].append(noted)
    return found


def get_plan(plan_pk: int) -> OvenPlan:
    """One plan; OvenPlan.DoesNotExist when it is not in this workshop."""
    return OvenPlan.objects.get(pk=plan_pk)


def list_plans(size: int = 12) -> list[OvenPlan]:
    """The latest plans, without what they hold."""
    return list(OvenPlan.objects.defer("problem", "subject", "result").order_by("-created_at", "-pk")[:size])


def list_lost_plans(older_than: timedelta) -> list[tuple[int, int]]:
    """Workshop and plan whose search nobody is doing: lost between a commit and the queue, or with its worker."""
    silent = Q(seen_at=None, created_at__lt=timezone.now() - older_than) | Q(seen_at__lt=timezone.now() - older_than)
    with platform_scope():
        lost = OvenPlan.objects.filter(silent, state__in=[PlanState.WAITING, PlanState.RUNNING])
        return list(lost.values_list("workshop_id", "pk"))


def list_lost_sheets(older_than: timedelta) -> list[tuple[int, int]]:
    """Workshop and plan whose load sheets were asked for some time ago and never made."""
    with platform_scope():
        lost = OvenPlan.objects.filter(sheets_file_id=None, sheets_asked_at__lt=timezone.now() - older_than)
        return list(lost.values_list("workshop_id", "pk"))


def get_load(load_pk: int) -> OvenLoad:
    """One load with its oven, plan and powder; OvenLoad.DoesNotExist when it is not in this workshop."""
    return OvenLoad.objects.select_related("oven", "plan", "powder").get(pk=load_pk)


def list_load_parts(load: OvenLoad) -> list[OvenLoadPart]:
    """What is in a load."""
    rows = OvenLoadPart.objects.filter(load=load).select_related("part", "part__project__site", "part__powder")
    return list(rows.order_by("part__project__number", "part__position"))


def list_parts_of_loads(loads: Collection[OvenLoad]) -> dict[int, list[OvenLoadPart]]:
    """What is in each of these loads, in one query."""
    rows = OvenLoadPart.objects.filter(load__in=loads).select_related("part__project")
    found: dict[int, list[OvenLoadPart]] = {load.pk: [] for load in loads}
    for row in rows.order_by("part__project__number", "part__position"):
        found[row.load_id].append(row)
    return found


def list_open_loads(size: int | None = None) -> list[OvenLoad]:
    """The loads in an oven and those to come, in time; the first ones only."""
    rows = OvenLoad.objects.select_related("oven", "powder").annotate(pieces=Sum("parts__pieces"))
    rows = rows.filter(state__in=[LoadState.PLANNED, LoadState.IN_OVEN])
    return list(rows.order_by("state", F("planned_start").asc(nulls_last=True), "number")[:size])


def list_planned_loads_of(batch: Batch) -> list[OvenLoad]:
    """The planned loads that hold parts of a batch, in time."""
    return _planned_loads(batch.pk)


@written_once
def _planned_loads(batch_pk: int) -> "QuerySet[OvenLoad]":
    own = BatchItem.objects.filter(batch_id=batch_pk).values("part_id")
    holding = OvenLoadPart.objects.filter(part__in=own).values("load_id")
    rows = OvenLoad.objects.filter(state=LoadState.PLANNED, pk__in=holding)
    return rows.select_related("oven").order_by("planned_start", "number")


def list_finished_loads(size: int = 20) -> list[OvenLoad]:
    """The loads cured last."""
    rows = OvenLoad.objects.select_related("oven", "powder").annotate(pieces=Sum("parts__pieces"))
    return list(rows.filter(state=LoadState.DONE).order_by("-finished_at", "-pk")[:size])


def list_loads_between(start: datetime, end: datetime) -> list[OvenLoad]:
    """The loads that were in an oven between two moments."""
    rows = OvenLoad.objects.filter(started_at__lt=end, finished_at__gt=start)
    return list(rows.order_by("started_at", "pk"))


def list_measured_loads(oven: Oven) -> list[OvenLoad]:
    """The latest loads of an oven whose curing and whose real duration are known."""
    rows = OvenLoad.objects.filter(oven=oven, state=LoadState.DONE, curing_minutes__isnull=False)
    return list(rows.select_related("powder").order_by("-finished_at", "-pk")[:RECENT_LOADS])


def list_days(first: date, last: date) -> list[OvenDay]:
    """The days of every oven between two dates, both included."""
    rows = OvenDay.objects.select_related("oven").filter(day__range=(first, last))
    return list(rows.order_by("day", "oven__name", "oven"))


def batches_of(part_pks: Collection[int]) -> dict[int, str]:
    """The number of the open or launched batch of each part that is in one."""
    held = BatchItem.objects.filter(part__in=part_pks, is_held=True)
    return dict(held.values_list("part", "batch__number"))


def get_part_to_measure(part_pk: int) -> Part:
    """A part of a running project; Part.DoesNotExist when it is not in this workshop."""
    return Part.objects.select_related("project").get(pk=part_pk, project__status__in=RUNNING)
