"""Celery entry points of the workshop mode."""

from celery import shared_task

from app.tenancy.scope import platform_scope

from .services.uploading import forget_uploads


@shared_task(name="shopfloor.forget")  # type: ignore[untyped-decorator]
def forget() -> None:
    """Every night: photos that no device finishes sending."""
    with platform_scope():
        forget_uploads()
