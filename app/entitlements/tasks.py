"""The nightly recount, one task per workshop."""

from celery import shared_task
from django.utils import timezone

from app.kernel.jobs import send_on_commit
from app.tenancy.selectors import get_workshop, list_workshop_ids
from app.tenancy.tasks import WorkshopTask

from .constants import WARN_TASK
from .services import forget_hours, recount


@shared_task(name="entitlements.recount")  # type: ignore[untyped-decorator]
def recount_every_workshop() -> None:
    """Send one recount for each workshop."""
    for workshop_id in list_workshop_ids():
        recount_workshop.delay(workshop_id=workshop_id)


@shared_task(base=WorkshopTask, name="entitlements.recount_workshop")  # type: ignore[untyped-decorator]
def recount_workshop(*, workshop_id: int) -> None:
    """Repair the counters of one workshop, drop those of old hours, then send the warnings that a lost task may owe."""
    recount(workshop=get_workshop(workshop_id))
    forget_hours(now=timezone.now())
    send_on_commit(WARN_TASK, workshop_id=workshop_id)
