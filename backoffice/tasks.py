"""Celery entry points of the publisher."""

from celery import shared_task

from .services import account_alert, credits, error_alert, logs


@shared_task
def close_month() -> None:
    """Every day: the month that has ended is worked out once; a day that was missed does no harm."""
    credits.close_month()


@shared_task
def keep_log_lines() -> None:
    """Every twenty seconds: the warnings and errors of every process become searchable, and too many are told."""
    logs.keep_lines()
    error_alert.warn_of_errors()


@shared_task
def warn_of_accounts() -> None:
    """Every morning: workshops that stopped paying, were closed or reached a quota the day before."""
    account_alert.warn_of_accounts()


@shared_task
def forget_old_log_lines() -> None:
    """Every night: lines whose time is over go."""
    logs.forget_old_lines()
