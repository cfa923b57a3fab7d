"""Jobs of ovens: ids in, one repeatable service call."""

from datetime import timedelta

from celery import shared_task

from app.kernel.jobs import send_on_commit
from app.tenancy.selectors import get_workshop, list_workshop_ids
from app.tenancy.tasks import WorkshopTask

from .oven_constants import PLAN_TASK, SHEETS_TASK
from .oven_selectors import list_lost_plans, list_lost_sheets
from .services import adopting, occupancy, planning, searching

LOST_AFTER = timedelta(minutes=2)
DAY_TASK = "batches.keep_oven_days"


@shared_task(name=PLAN_TASK)
def search_plan(*, workshop_id: int, plan_pk: int) -> None:
    """Not a WorkshopTask: what the search finds is seen while it goes on, so it opens short scopes of its own."""
    searching.search_plan(workshop_id=workshop_id, plan_pk=plan_pk)


@shared_task(base=WorkshopTask, name=SHEETS_TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=6)
def make_sheets(*, workshop_id: int, plan_pk: int) -> None:
    adopting.make_sheets(workshop=get_workshop(workshop_id), plan_pk=plan_pk)


@shared_task(name="batches.sweep_ovens")
def sweep_ovens() -> None:
    """Send again what was lost between a commit and the queue, or with its worker."""
    for workshop_id, plan_pk in list_lost_plans(LOST_AFTER):
        send_on_commit(PLAN_TASK, workshop_id=workshop_id, plan_pk=plan_pk)
    for workshop_id, plan_pk in list_lost_sheets(LOST_AFTER):
        send_on_commit(SHEETS_TASK, workshop_id=workshop_id, plan_pk=plan_pk)


@shared_task(name="batches.keep_every_oven_day")
def keep_every_oven_day() -> None:
    """Once a night: the use of every oven on the days that are over, and the plans that nobody adopted."""
    for workshop_id in list_workshop_ids():
        keep_oven_days.delay(workshop_id=workshop_id)


@shared_task(base=WorkshopTask, name=DAY_TASK)
def keep_oven_days(*, workshop_id: int) -> None:
    occupancy.keep_yesterday(workshop=get_workshop(workshop_id))
    planning.forget_plans()
