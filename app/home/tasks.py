"""Celery entry points of the first weeks."""

from celery import shared_task
from django.utils import timezone

from app.tenancy.selectors import get_workshop
from app.tenancy.tasks import WorkshopTask

from .guidance import guide, list_guided_workshops


@shared_task(name="home.guide")  # type: ignore[untyped-decorator]
def guide_every_workshop() -> None:
    """Every hour: one task per workshop in its first weeks."""
    for workshop_id in list_guided_workshops(timezone.now()):
        guide_workshop.delay(workshop_id=workshop_id)


@shared_task(base=WorkshopTask, name="home.guide_workshop")  # type: ignore[untyped-decorator]
def guide_workshop(*, workshop_id: int) -> None:
    guide(workshop=get_workshop(workshop_id))
