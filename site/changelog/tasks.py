"""Celery entry points of the release notes."""

from celery import shared_task

from .services.monthly import send_monthly
from .services.subscribing import forget_left


@shared_task(name="changelog.monthly")  # type: ignore[untyped-decorator]
def send_monthly_mail() -> None:
    """From the first morning of the month on, until it is done: each hour goes on where the last one stopped."""
    send_monthly()


@shared_task(name="changelog.forget")  # type: ignore[untyped-decorator]
def forget_left_subscribers() -> None:
    """Every night: delete the addresses that asked for the news and never confirmed, or that stopped them."""
    forget_left()
