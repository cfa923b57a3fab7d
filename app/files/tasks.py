"""The nightly sweep of the storage, one task per workshop."""

from celery import shared_task

from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope
from app.tenancy.tasks import WorkshopTask

from . import services


@shared_task
def sweep_every_workshop() -> None:
    """Send one sweep for each workshop."""
    with platform_scope():
        keys = list(Workshop.objects.values_list("pk", flat=True))
    for key in keys:
        sweep_workshop.delay(workshop_id=key)


@shared_task(base=WorkshopTask)
def sweep_workshop(*, workshop_id: int) -> None:
    """Remove the bytes of one workshop that no file owns."""
    services.sweep_files(workshop=Workshop.objects.get(pk=workshop_id))
