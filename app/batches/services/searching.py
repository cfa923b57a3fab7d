"""The search of a plan, outside any transaction: short scopes say how far it is and ask whether to go on."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from threading import Event, Lock
from time import perf_counter
from types import ModuleType
from typing import Any

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from app.tenancy.scope import workshop_scope

from ..first_come import plan_first_come
from ..measures import in_time, measure
from ..models import OvenPlan
from ..oven_constants import FIRST_PLAN_S, PlanState
from ..oven_problem import set_aside
from ..planner.files import read_plan, write_plan
from ..planner.instance import Instance, InstanceError, read_instance
from ..planner.plan import Plan, PlanError, ShortHoursError, cost_of, problems_of

log = structlog.get_logger(__name__)
#: Between two looks at what was asked, and the silence after which a search is taken over.
LOOK_S = 1.0
#: Better plans that are told: the first ones and the last one.
MOST_TOLD = 40
LOST_AFTER = timedelta(seconds=90)


def search_plan(*, workshop_id: int, plan_pk: int) -> None:
    """Search a plan to its end; a plan that is searched already, or was given up, is left alone.

    Each plan goes through the independent rules before it is kept: one that breaks a rule is never shown.
    """
    with workshop_scope(workshop_id):
        problem = _take(plan_pk)
    if problem is None:
        return
    keep = _Keeper(workshop_id, plan_pk)
    try:
        instance = read_instance(problem)
        _solver().warm_up()
        _search(instance, keep)
    except (InstanceError, PlanError) as error:
        log.warning("oven_plan_failed", plan=plan_pk, error=str(error)[:500])
        keep.fail(str(error))
    else:
        keep.finish()


def _take(plan_pk: int) -> dict[str, Any] | None:
    held = OvenPlan.objects.select_for_update().get(pk=plan_pk)
    now = timezone.now()
    if not held.is_in_work or (held.seen_at and now - held.seen_at < LOST_AFTER):
        return None
    held.state, held.seen_at = PlanState.RUNNING, now
    held.save(update_fields=["state", "seen_at"])
    return dict(held.problem)


def _solver() -> ModuleType:
    """What searches, loaded where one searches: the compiler behind it takes half a second, and no page needs it."""
    return import_module("app.batches.planner.solve")


def _first_plan(instance: Instance, keep: "_Keeper") -> tuple[Instance, Plan]:
    """A plan found at once; where the hours do not hold everything, of the most urgent loads, the rest set aside."""
    try:
        return instance, _solver().plan_oven(instance)
    except ShortHoursError:
        plan, beyond = import_module("app.batches.planner.hours").within_hours(instance)
        log.info("oven_plan_hours_full", plan=keep.plan_pk, pieces=sum(beyond.values()))
        return keep.set_aside(beyond), plan


def _search(instance: Instance, keep: "_Keeper") -> None:
    """A first plan at once, then the rest of the time for a better one; the search ends early when that is asked."""
    whole, at_first = instance.time_limit_s, min(FIRST_PLAN_S, instance.time_limit_s)
    instance, best = _first_plan(replace(instance, time_limit_s=at_first), keep)
    require_valid(instance, best)
    keep.plan(instance, best)
    keep.first_come(instance)
    left = whole - at_first
    if left <= 0 or keep.is_stopped(share=0.0):
        return
    stop, since, heard = Event(), perf_counter(), _Better(cost_of(instance, best))

    def look() -> bool:
        if found := heard.take():
            keep.tell(instance, found)
        return keep.is_stopped(share=(perf_counter() - since) / left)

    with ThreadPoolExecutor(1) as pool:
        again = replace(instance, time_limit_s=left)
        future = pool.submit(_solver().plan_oven, again, cancelled=stop, progress=heard.hear)
        _watch(future, stop, look)
        try:
            better = future.result()
        except ShortHoursError:  # it found its own way into the hours no more: the first plan is one
            return
    require_valid(instance, better)
    if cost_of(instance, better) < cost_of(instance, best):
        keep.plan(instance, better)


def _watch(future: "Future[Plan]", stop: Event, is_stopped: Callable[[], bool]) -> None:
    try:
        while not wait([future], timeout=LOOK_S).done:
            if is_stopped():
                stop.set()
    finally:
        stop.set()  # an error here must not leave the search running


class _Better:
    """The best plan that the search told of since the last look; it tells from its own threads."""

    def __init__(self, cost: float) -> None:
        self._cost = cost
        self._plan: Callable[[], Plan] | None = None
        self._lock = Lock()

    def hear(self, _share: float, cost: float, plan: Callable[[], Plan]) -> None:
        with self._lock:
            if cost < self._cost:
                self._cost, self._plan = cost, plan

    def take(self) -> Plan | None:
        with self._lock:
            made, self._plan = self._plan, None
        return made() if made else None


def require_valid(instance: Instance, plan: Plan) -> None:
    """PlanError when a plan breaks a rule: nothing is kept that was not checked."""
    problems = problems_of(instance, plan)
    if problems:
        log.error("oven_plan_invalid", problems=problems[:20])
        raise PlanError("; ".join(problems[:5]))


def figures_of(instance: Instance, plan: Plan) -> dict[str, Any]:
    """What a plan is worth, as it is kept."""
    return measure(instance, plan).as_json()


class _Keeper:
    """Writes what the search finds, each time in a scope of its own."""

    def __init__(self, workshop_id: int, plan_pk: int) -> None:
        self.workshop_id = workshop_id
        self.plan_pk = plan_pk
        self._since = perf_counter()
        self._told: list[dict[str, Any]] = []

    def plan(self, instance: Instance, plan: Plan) -> None:
        kept = in_time(plan)
        figures = figures_of(instance, kept)
        self._write(
            result=write_plan(instance, kept), figures=figures, found=self._with(figures), seen_at=timezone.now()
        )

    def set_aside(self, beyond: Mapping[str, int]) -> Instance:
        """Keep the problem without the pieces that no hours are left for, which are named; what is to be planned."""
        with workshop_scope(self.workshop_id):
            held = OvenPlan.objects.get(pk=self.plan_pk)
        draft = set_aside(held.problem, held.subject, beyond)
        self._write(problem=draft.problem, subject={**draft.subject, "left_out": draft.left_out})
        return read_instance(draft.problem)

    def tell(self, instance: Instance, plan: Plan) -> None:
        """Say what a better plan is worth; the plan itself is kept when the search ends."""
        require_valid(instance, plan)
        self._write(found=self._with(figures_of(instance, plan)))

    def _with(self, figures: dict[str, Any]) -> list[dict[str, Any]]:
        """What was told, with this plan when it reads otherwise than the last one."""
        told = {name: figures[name] for name in ("loads", "late_projects")}
        told |= {"hours": round(figures["minutes"] / 60, 1), "cost": round(figures["cost"])}
        if not self._told or any(self._told[-1][name] != value for name, value in told.items()):
            self._told = [*self._told[: MOST_TOLD - 1], {"seconds": round(perf_counter() - self._since, 1), **told}]
        return self._told

    def first_come(self, instance: Instance) -> None:
        """What the same parts cost in their order of arrival; nothing to compare with when the hours run out."""
        try:
            plan = plan_first_come(instance)
            require_valid(instance, plan)
        except PlanError as error:
            log.info("first_come_failed", error=str(error))
            return
        self._write(first_come=figures_of(instance, plan))

    def is_stopped(self, *, share: float) -> bool:
        """Whether somebody ended the search; says at the same time how far it is."""
        self._write(progress=min(int(share * 100), 99), seen_at=timezone.now())
        with workshop_scope(self.workshop_id):
            return OvenPlan.objects.values_list("stop_asked", flat=True).get(pk=self.plan_pk)

    def fail(self, why: str) -> None:
        self._write(
            state=PlanState.FAILED, finished_at=timezone.now(), result=None, figures=None,
            refusal=_("The search found no plan that keeps every rule: %(why)s") % {"why": why[:1000]},
        )  # fmt: skip

    def finish(self) -> None:
        self._write(state=PlanState.DONE, progress=100, finished_at=timezone.now())

    def _write(self, **values: Any) -> None:
        with workshop_scope(self.workshop_id):
            OvenPlan.objects.filter(pk=self.plan_pk, state=PlanState.RUNNING).update(**values)


def plan_of(held: OvenPlan) -> tuple[Instance, Plan]:
    """The problem of a kept plan and its loads; PlanError when it has none."""
    if not held.result:
        raise PlanError("no plan")
    return read_instance(held.problem), read_plan(held.result)
