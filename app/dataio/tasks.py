"""Jobs of imports and exports: ids in, one repeatable service call."""

from celery import shared_task
from django.db import OperationalError

from app.kernel.jobs import send_on_commit
from app.tenancy.selectors import get_workshop, list_workshop_ids
from app.tenancy.tasks import WorkshopTask

from .constants import EXPORT_TASK, INVITE_TASK, LOST_AFTER, WORK_TASK
from .selectors import list_stalled_exports, list_stalled_imports
from .services.cleaning import forget_old
from .services.exporting import make_export
from .services.inviting import invite_some
from .services.running import work_on_import as work_on_import_service


@shared_task(name=WORK_TASK, autoretry_for=(OperationalError, OSError), retry_backoff=5, max_retries=6)
def work_on_import(*, workshop_id: int, import_pk: int) -> None:
    """Not a WorkshopTask: it opens one scope for each chunk, so that what is done stays done."""
    work_on_import_service(workshop_id=workshop_id, import_pk=import_pk)


@shared_task(base=WorkshopTask, name=INVITE_TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=6)
def invite_imported(*, workshop_id: int, import_pk: int) -> None:
    invite_some(workshop=get_workshop(workshop_id), import_pk=import_pk)


@shared_task(base=WorkshopTask, name=EXPORT_TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=6)
def make_customer_export(*, workshop_id: int, export_pk: int) -> None:
    make_export(workshop=get_workshop(workshop_id), export_pk=export_pk)


@shared_task(name="dataio.sweep")
def sweep() -> None:
    """Send again what was lost between a commit and the queue, or with its worker."""
    for held in list_stalled_imports(LOST_AFTER):
        task = WORK_TASK if held.is_working else INVITE_TASK
        send_on_commit(task, workshop_id=held.workshop_id, import_pk=held.pk)
    for asked in list_stalled_exports(LOST_AFTER):
        send_on_commit(EXPORT_TASK, workshop_id=asked.workshop_id, export_pk=asked.pk)


@shared_task(name="dataio.forget")
def forget() -> None:
    """Once a night: what imports and exports left behind."""
    for workshop_id in list_workshop_ids():
        forget_in_workshop.delay(workshop_id=workshop_id)


@shared_task(base=WorkshopTask, name="dataio.forget_in_workshop")
def forget_in_workshop(*, workshop_id: int) -> None:
    forget_old()
