"""Jobs of the stock: ids in, one idempotent service call."""

from celery import shared_task

from app.tenancy.selectors import get_workshop, list_workshop_ids
from app.tenancy.tasks import WorkshopTask

from .services import watching


@shared_task(name="stock.watch")
def watch_everywhere() -> None:
    """Every hour: one task for each workshop."""
    for workshop_id in list_workshop_ids():
        watch_stock.delay(workshop_id=workshop_id)


@shared_task(base=WorkshopTask, name="stock.watch_workshop")
def watch_stock(*, workshop_id: int) -> None:
    watching.watch_workshop(workshop=get_workshop(workshop_id))
