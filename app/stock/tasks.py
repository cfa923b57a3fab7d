"""Jobs of the stock: ids in, one idempotent service call."""

from celery import shared_task

from app.tenancy.selectors import get_workshop, list_workshop_ids
from app.tenancy.tasks import WorkshopTask

from .services import watching
from .services.watching import WATCH_TASK


@shared_task(name="stock.watch")
def watch_everywhere() -> None:
    """Every hour: one task for each workshop."""
    for workshop_id in list_workshop_ids():
        watch_stock.delay(workshop_id=workshop_id)


@shared_task(base=WorkshopTask, name="stock.watch_workshop")
def watch_stock(*, workshop_id: int) -> None:
    watching.watch_workshop(workshop=get_workshop(workshop_id))


@shared_task(base=WorkshopTask, name=WATCH_TASK)
def watch_item(*, workshop_id: int, item_pk: int) -> None:
    watching.watch_item(workshop=get_workshop(workshop_id), item_pk=item_pk)
