"""The rows of an address."""

from django.http import Http404

from app.projects.models import Part

from ..models import Oven, OvenLoad, OvenPlan
from ..oven_pages import PlanPage
from ..oven_selectors import get_load, get_oven, get_part_to_measure, get_plan
from ..planner.plan import PlanError
from ..services.searching import plan_of


def oven_or_404(oven_pk: int) -> Oven:
    """The oven in use, or the page that says there is none."""
    try:
        return get_oven(oven_pk)
    except Oven.DoesNotExist as error:
        raise Http404 from error


def plan_or_404(plan_pk: int) -> OvenPlan:
    """The plan, or the page that says there is none."""
    try:
        return get_plan(plan_pk)
    except OvenPlan.DoesNotExist as error:
        raise Http404 from error


def load_or_404(load_pk: int) -> OvenLoad:
    """The load, or the page that says there is none."""
    try:
        return get_load(load_pk)
    except OvenLoad.DoesNotExist as error:
        raise Http404 from error


def part_or_404(part_pk: int) -> Part:
    """The part of a running project, or the page that says there is none."""
    try:
        return get_part_to_measure(part_pk)
    except Part.DoesNotExist as error:
        raise Http404 from error


def page_or_404(plan: OvenPlan, rank: int | None = None) -> PlanPage:
    """The plan ready to be shown; no page while it has no loads, or for a load that it does not have."""
    try:
        page = PlanPage(plan, *plan_of(plan))
    except PlanError as error:
        raise Http404 from error
    if rank is not None and not 0 <= rank < len(page.plan.loads):
        raise Http404
    return page
