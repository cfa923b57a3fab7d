"""Asking for a plan, and giving one up; the search itself is in `searching`."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..models import Oven, OvenLoad, OvenPlan
from ..opening import Window
from ..oven_constants import MOST_PIECES, PLAN_TASK, LoadState, PlanState
from ..oven_problem import build_problem, words_of
from ..oven_selectors import get_oven_settings, group_ovens, list_curable_parts, list_ovens

#: A plan starts on a round minute, so that its hours can be read and told.
ROUND_MINUTES = 5
FARTHEST = timedelta(days=365)
#: How long a plan is kept that nobody adopted.
KEPT_FOR = timedelta(days=60)


def ask_plan(
    *, workshop: Workshop, actor: Actor, ovens: Sequence[Oven], part_pks: Sequence[int],
    starts_at: datetime | None = None,
) -> OvenPlan:  # fmt: skip
    """Have a worker look for the best loads of these parts; RuleError when there is nothing that can be planned."""
    _require_alike(ovens)
    if not any(ovens[0].week):
        raise RuleError(_("This oven is never open: give its opening hours first."), field="ovens")
    start = _start(starts_at)
    parts = list_curable_parts(part_pks, ovens)
    if not parts:
        raise RuleError(_("There is nothing to cure: choose at least one part that waits."), field="parts")
    pieces = sum(held.pieces for held in parts)
    if pieces > MOST_PIECES:
        message = _("%(pieces)s pieces are too many for one plan: at most %(most)s. Plan powder by powder.")
        raise RuleError(message % {"pieces": pieces, "most": MOST_PIECES}, field="parts")
    draft = build_problem(
        ovens=ovens, settings=get_oven_settings(workshop), parts=parts, start=start, busy=_busy(ovens, start)
    )
    draft.left_out += _planned_elsewhere(part_pks, {held.part.pk for held in parts})
    if not draft.problem["parts"]:
        raise RuleError(_("No part can be planned yet: give their size and their curing first."), field="parts")
    subject = {**draft.subject, "left_out": draft.left_out}
    with transaction.atomic():
        plan = OvenPlan.objects.create(
            workshop=workshop, starts_at=start, problem=draft.problem, subject=subject, user_id=actor.user_id,
            user_name=actor.label,
        )  # fmt: skip
        changes = {"ovens": [oven.name for oven in ovens], "pieces": pieces}
        record(workshop=workshop, actor=actor, action="oven_plan.asked", subject=plan, changes=changes)
        send_on_commit(PLAN_TASK, workshop_id=workshop.pk, plan_pk=plan.pk)
    return plan


def stop_plan(*, workshop: Workshop, actor: Actor, plan: OvenPlan) -> OvenPlan:
    """End the search: the best plan found so far stays, and without one the search is given up."""
    with transaction.atomic():
        held = OvenPlan.objects.select_for_update().get(pk=plan.pk)
        if held.is_in_work and not held.stop_asked:
            held.stop_asked = True
            if held.state == PlanState.WAITING:
                held.state, held.finished_at = PlanState.CANCELLED, timezone.now()
            held.save(update_fields=["stop_asked", "state", "finished_at"])
            record(workshop=workshop, actor=actor, action="oven_plan.stopped", subject=held)
    return held


def drop_plan(*, workshop: Workshop, actor: Actor, plan: OvenPlan) -> OvenPlan:
    """Give a plan up that was found and not adopted; RuleError for another one."""
    with transaction.atomic():
        held = OvenPlan.objects.select_for_update().get(pk=plan.pk)
        if held.state != PlanState.DONE:
            raise RuleError(_("This plan can no longer be given up."))
        held.state = PlanState.CANCELLED
        held.save(update_fields=["state"])
        record(workshop=workshop, actor=actor, action="oven_plan.dropped", subject=held)
    return held


def forget_plans() -> int:
    """Remove the plans of the workshop in scope that nobody adopted, once they are old; how many."""
    old = OvenPlan.objects.exclude(state=PlanState.ADOPTED).filter(created_at__lt=timezone.now() - KEPT_FOR)
    return old.delete()[0]


def _planned_elsewhere(part_pks: Sequence[int], found: Collection[int]) -> list[dict[str, Any]]:
    """The parts asked for that a load of another oven holds already, as they are told."""
    missing = [part_pk for part_pk in part_pks if part_pk not in found]
    rows = list_curable_parts(missing, list_ovens()) if missing else []
    reason = _("a load of another oven holds it already")
    return [{**words_of(held.part, held.pieces), "code": held.part.code, "reason": reason} for held in rows]


def _require_alike(ovens: Sequence[Oven]) -> None:
    if not ovens:
        raise RuleError(_("Choose an oven."), field="ovens")
    if len(group_ovens(ovens)) > 1:
        raise RuleError(_("These ovens differ: plan one after the other."), field="ovens")


def _start(wanted: datetime | None) -> datetime:
    """When the plan starts, in local time, on the next round minute; never before now."""
    now = timezone.localtime()
    if wanted is not None and wanted > now + FARTHEST:
        raise RuleError(_("A plan starts within a year."), field="starts_at")
    start = max(now, timezone.localtime(wanted)) if wanted else now
    more = -start.minute % ROUND_MINUTES or (ROUND_MINUTES if start.second else 0)
    return (start + timedelta(minutes=more)).replace(second=0, microsecond=0)


def _busy(ovens: Sequence[Oven], start: datetime) -> list[Window]:
    """The minutes from `start` in which a load is still in one of the ovens: no load is planned in any of them."""
    busy = []
    for load in OvenLoad.objects.filter(oven__in=ovens, state=LoadState.IN_OVEN).select_related("oven"):
        minutes = load.oven.heat_up_minutes + (load.curing_minutes or 0)
        ends = (load.started_at or start) + timedelta(minutes=minutes)
        if ends > start:
            busy.append((0, int((ends - start).total_seconds() // 60) + load.oven.changeover_minutes))
    return busy
