"""Celery entry points of the marketing pages."""

from celery import shared_task

from .services import announce_texts, forget_old_stories


@shared_task(name="marketing.announce_texts")  # type: ignore[untyped-decorator]
def announce() -> None:
    """Every ten minutes: tell the Owners about the substantive versions that they do not know of yet."""
    announce_texts()


@shared_task(name="marketing.forget")  # type: ignore[untyped-decorator]
def forget() -> None:
    """Every night: delete the stories offered that are too old."""
    forget_old_stories()
