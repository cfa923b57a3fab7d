"""Celery entry points of the trial."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from app.tenancy.selectors import get_workshop
from app.tenancy.tasks import WorkshopTask

from .constants import END_MAIL_DAYS
from .selectors import list_trials_since
from .services.trial import mind_trial


@shared_task  # type: ignore[untyped-decorator]
def mind_trials() -> None:
    """Every hour: one task per workshop whose trial runs or has just ended."""
    for workshop_id in list_trials_since(timezone.now() - timedelta(days=END_MAIL_DAYS)):
        mind_workshop_trial.delay(workshop_id=workshop_id)


@shared_task(base=WorkshopTask)  # type: ignore[untyped-decorator]
def mind_workshop_trial(*, workshop_id: int) -> None:
    """Send the mail of the trial that is due."""
    mind_trial(workshop=get_workshop(workshop_id))
