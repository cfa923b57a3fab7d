"""A plan becomes the loads of the workshop; their sheets are printed."""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.documents.services import store_pdf
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.numbering.services import take_ranks
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..locks import lock_parts
from ..measures import fill_of, kg_of
from ..models import Oven, OvenLoad, OvenLoadPart, OvenPlan
from ..oven_constants import LOAD_SERIES, SHEETS_TASK, LoadState, PlanState
from ..oven_pdf import sheets_pdf
from ..oven_problem import inside_of
from ..part_changes import changes_since
from ..planner.files import write_plan
from ..planner.instance import Instance
from ..planner.plan import Load, Plan
from .searching import plan_of, require_valid


def adopt_plan(*, workshop: Workshop, actor: Actor, plan: OvenPlan) -> list[OvenLoad]:
    """Turn a plan into planned loads, which replace those not started in its ovens; all or none.

    RuleError when it was adopted or given up, or when parts that it counts on have gone since.
    """
    with transaction.atomic():
        held = OvenPlan.objects.select_for_update().get(pk=plan.pk)
        if not held.is_adoptable:
            raise RuleError(_("This plan can no longer be adopted."))
        ovens = _lock_ovens(held)
        instance, found = plan_of(held)
        require_valid(instance, found)
        _require_parts(held, found, ovens)
        replaced = OvenLoad.objects.filter(oven__in=ovens, state=LoadState.PLANNED).update(state=LoadState.CANCELLED)
        loads = _make_loads(workshop, held, instance, found, ovens)
        held.state = PlanState.ADOPTED
        held.save(update_fields=["state"])
        changes = {"loads": [load.number for load in loads], "replaced": replaced}
        record(workshop=workshop, actor=actor, action="oven_plan.adopted", subject=held, changes=changes)
    return loads


def ask_sheets(*, workshop: Workshop, plan: OvenPlan) -> OvenPlan:
    """Have a worker make the load sheets of a plan, anew."""
    with transaction.atomic():
        held = OvenPlan.objects.select_for_update().get(pk=plan.pk)
        if not held.result or held.is_in_work:
            raise RuleError(_("There is no plan to print yet."))
        if held.sheets_asked_at is None or held.sheets_file_id:
            held.sheets_asked_at, held.sheets_file_id = timezone.now(), None
            held.save(update_fields=["sheets_asked_at", "sheets_file_id"])
            send_on_commit(SHEETS_TASK, workshop_id=workshop.pk, plan_pk=plan.pk)
    return held


def make_sheets(*, workshop: Workshop, plan_pk: int) -> None:
    """Make and keep the load sheets that were asked for, once."""
    with transaction.atomic():
        held = OvenPlan.objects.select_for_update().get(pk=plan_pk)
        if held.sheets_asked_at is None or held.sheets_file_id or not held.result:
            return
        content = sheets_pdf(workshop, held)
        name = f"fournees-{timezone.localtime(held.starts_at):%Y-%m-%d}.pdf"
        stored = store_pdf(workshop=workshop, name=name, kind="labels", content=content)
        held.sheets_file_id = stored.public_id
        held.save(update_fields=["sheets_file_id"])


def _lock_ovens(plan: OvenPlan) -> list[Oven]:
    """The ovens of a plan in its own order, held; RuleError when one has been put away, or is another inside."""
    keys = [oven["pk"] for oven in plan.subject["ovens"]]
    rows = Oven.objects.select_for_update().filter(pk__in=keys, archived_at=None).order_by("pk")
    found = {oven.pk: oven for oven in rows}
    if len(found) < len(keys):
        raise RuleError(_("An oven of this plan has been put away: search again."))
    if any(not plan.problem.items() >= inside_of(oven, len(keys)).items() for oven in rows):
        raise RuleError(_("An oven of this plan has changed since the search: search again."))
    return [found[key] for key in keys]


def _require_parts(plan: OvenPlan, found: Plan, ovens: list[Oven]) -> None:
    """Every piece of the plan still waits, free of another load, and is still what the search took it for."""
    words = plan.subject["parts"]
    lock_parts({words[item.part]["part"] for load in found.loads for item in load.items})
    changes = changes_since(plan, ovens)
    if changes:
        names = "; ".join(str(change) for change in changes[:3])
        raise RuleError(_("Parts have changed since the search (%(names)s): search again.") % {"names": names})


def _make_loads(
    workshop: Workshop, plan: OvenPlan, instance: Instance, found: Plan, ovens: list[Oven]
) -> list[OvenLoad]:
    ordered = sorted(found.loads, key=lambda load: (load.start, load.oven))
    ranks = take_ranks(workshop=workshop, series=LOAD_SERIES, how_many=len(ordered))
    layouts = [row["items"] for row in write_plan(instance, Plan(tuple(ordered)))["loads"]]
    loads = OvenLoad.objects.bulk_create(
        _row(workshop, plan, instance, load, ovens[load.oven], number, layout)
        for load, number, layout in zip(ordered, ranks, layouts, strict=True)
    )
    words = plan.subject["parts"]
    OvenLoadPart.objects.bulk_create(
        OvenLoadPart(workshop=workshop, load=row, part_id=part_pk, pieces=pieces)
        for row, load in zip(loads, ordered, strict=True)
        for part_pk, pieces in Counter(words[item.part]["part"] for item in load.items).items()
    )
    return loads


def _row(
    workshop: Workshop, plan: OvenPlan, instance: Instance, load: Load, oven: Oven, number: int, layout: list[object]
) -> OvenLoad:
    family = plan.subject["families"][load.family]
    return OvenLoad(
        workshop=workshop, oven=oven, plan=plan, number=number, powder_id=family["powder"],
        curing_celsius=family["celsius"], curing_minutes=family["minutes"], layout=layout,
        planned_start=plan.starts_at + timedelta(minutes=load.start),
        planned_end=plan.starts_at + timedelta(minutes=load.end), fill=round(fill_of(instance, load), 4),
        mass_kg=round(kg_of(instance, load), 2),
    )  # fmt: skip
