"""Forgetting in time what people wrote."""

from celery import shared_task

from .services import forget_old_messages


@shared_task
def forget_messages() -> None:
    """Each night: three years after a message, a month after spam."""
    forget_old_messages()
