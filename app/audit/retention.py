"""The day before which the trail is no longer kept."""

from datetime import datetime

from django.utils import timezone

from .constants import KEPT_YEARS


def end_of_retention(now: datetime | None = None) -> datetime:
    """Two years ago; the 29th of February counts as the 28th."""
    today = now or timezone.now()
    try:
        return today.replace(year=today.year - KEPT_YEARS)
    except ValueError:
        return today.replace(year=today.year - KEPT_YEARS, day=28)
