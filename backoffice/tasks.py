"""Celery entry points of the publisher."""

from celery import shared_task

from .services import credits


@shared_task
def close_month() -> None:
    """Every day: the month that has ended is worked out once; a day that was missed does no harm."""
    credits.close_month()
