"""Celery entry points of the release notes."""

from celery import shared_task

from .services.monthly import send_monthly


@shared_task(name="changelog.monthly")  # type: ignore[untyped-decorator]
def send_monthly_mail() -> None:
    """From the first morning of the month on, until it is done: each hour goes on where the last one stopped."""
    send_monthly()
