"""The monthly retention of the trail."""

from celery import shared_task

from .retention import end_of_retention
from .services import remove_expired


@shared_task  # type: ignore[untyped-decorator]
def remove_expired_entries() -> None:
    """Remove what is older than two years; a second run finds nothing."""
    remove_expired(before=end_of_retention())
