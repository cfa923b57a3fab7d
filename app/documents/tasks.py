"""Jobs of papers: ids in, one idempotent service call."""

from datetime import timedelta

from celery import shared_task

from app.kernel.jobs import send_on_commit
from app.tenancy.selectors import get_workshop, list_workshop_ids
from app.tenancy.tasks import WorkshopTask

from . import papers

LOST_AFTER = timedelta(minutes=2)


@shared_task(base=WorkshopTask, name=papers.PAPER_TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=6)
def make_paper(*, workshop_id: int, paper_pk: int) -> None:
    papers.make_paper(workshop=get_workshop(workshop_id), paper_pk=paper_pk)


@shared_task(name="documents.sweep")
def sweep() -> None:
    """Send again what was lost between a commit and the queue."""
    for workshop_id, paper_pk in papers.list_lost_papers(LOST_AFTER):
        send_on_commit(papers.PAPER_TASK, workshop_id=workshop_id, paper_pk=paper_pk)


@shared_task(name="documents.forget")
def forget() -> None:
    """Once a night: the files of papers long since printed."""
    for workshop_id in list_workshop_ids():
        forget_papers.delay(workshop_id=workshop_id)


@shared_task(base=WorkshopTask, name="documents.forget_papers")
def forget_papers(*, workshop_id: int) -> None:
    papers.forget_papers()
