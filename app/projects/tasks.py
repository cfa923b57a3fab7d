"""Jobs of projects: ids in, one idempotent service call."""

from datetime import timedelta

from celery import shared_task

from app.kernel.jobs import send_on_commit
from app.tenancy.selectors import get_workshop
from app.tenancy.tasks import WorkshopTask

from .selectors import list_lost_reports
from .services import finishing
from .services.course import REPORT_TASK

LOST_AFTER = timedelta(minutes=2)


@shared_task(base=WorkshopTask, name=REPORT_TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=6)
def make_report(*, workshop_id: int, project_pk: int) -> None:
    finishing.make_report(workshop=get_workshop(workshop_id), project_pk=project_pk)


@shared_task(name="projects.sweep")
def sweep() -> None:
    """Send again what was lost between a commit and the queue."""
    for workshop_id, project_pk in list_lost_reports(LOST_AFTER):
        send_on_commit(REPORT_TASK, workshop_id=workshop_id, project_pk=project_pk)
