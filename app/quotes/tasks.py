"""Jobs of quotes: ids in, one idempotent service call."""

from datetime import timedelta

from celery import shared_task

from app.documents.selectors import get_signature
from app.kernel.jobs import send_on_commit
from app.tenancy.selectors import get_workshop
from app.tenancy.tasks import WorkshopTask

from .selectors import list_lost_sendings, list_lost_signatures
from .services.answering import SIGNED_TASK
from .services.answering import finish_signature as finish_signature_service
from .services.sending import TASK
from .services.sending import finish_sending as finish_sending_service

LOST_AFTER = timedelta(minutes=2)


@shared_task(base=WorkshopTask, name=TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=6)
def finish_sending(*, workshop_id: int, quote_pk: int) -> None:
    finish_sending_service(workshop=get_workshop(workshop_id), quote_pk=quote_pk)


@shared_task(base=WorkshopTask, name=SIGNED_TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=6)
def finish_signature(*, workshop_id: int, quote_pk: int, signature_pk: int) -> None:
    finish_signature_service(
        workshop=get_workshop(workshop_id), quote_pk=quote_pk, signature=get_signature(signature_pk)
    )


@shared_task(name="quotes.sweep")
def sweep() -> None:
    """Send again what was lost between a commit and the queue."""
    for workshop_id, quote_pk in list_lost_sendings(LOST_AFTER):
        send_on_commit(TASK, workshop_id=workshop_id, quote_pk=quote_pk)
    for workshop_id, quote_pk, signature_pk in list_lost_signatures(LOST_AFTER):
        send_on_commit(SIGNED_TASK, workshop_id=workshop_id, quote_pk=quote_pk, signature_pk=signature_pk)
