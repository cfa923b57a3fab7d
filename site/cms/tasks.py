"""Celery entry points of the site."""

from celery import shared_task
from django.core.management import call_command

from .consent import forget_old_proofs


@shared_task(name="cms.publish_scheduled")  # type: ignore[untyped-decorator]
def publish_scheduled() -> None:
    """Publish and withdraw what editors have scheduled for now."""
    call_command("publish_scheduled", verbosity=0)


@shared_task(name="cms.forget")  # type: ignore[untyped-decorator]
def forget() -> None:
    """Every night: delete the proofs of cookie choices that are too old to matter."""
    forget_old_proofs()
