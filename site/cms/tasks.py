"""Celery entry points of the site."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="cms.publish_scheduled")  # type: ignore[untyped-decorator]
def publish_scheduled() -> None:
    """Publish and withdraw the pages whose hour has come (Wagtail's schedule)."""
    call_command("publish_scheduled", verbosity=0)
