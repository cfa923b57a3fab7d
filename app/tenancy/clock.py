"""The workshop's clock: what is a day, an hour of opening or a late project is the same for whoever looks and for the
jobs of the night, wherever they are."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from .models import Workshop


@contextmanager
def workshop_clock(workshop_id: int) -> Iterator[None]:
    """Count and tell hours on the clock of the workshop in scope."""
    zone = Workshop.objects.values_list("time_zone", flat=True).get(pk=workshop_id)
    with timezone.override(zone):
        yield
