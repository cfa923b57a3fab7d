"""The workshop's clock: what is a day, an hour of opening or a late project is the same for whoever looks and for the
jobs of the night, wherever they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from zoneinfo import available_timezones

from django.utils import timezone

from .models import Workshop

#: The zones of French workshops come first where one is chosen.
FRENCH = (
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/Miquelon", "Indian/Reunion",
    "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti",
)  # fmt: skip


@contextmanager
def workshop_clock(workshop_id: int) -> Iterator[None]:
    """Count and tell hours on the clock of the workshop in scope."""
    zone = Workshop.objects.values_list("time_zone", flat=True).get(pk=workshop_id)
    with timezone.override(zone):
        yield


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Every time zone by its name, those of French workshops first."""
    others = sorted(available_timezones() - set(FRENCH))
    return [(zone, zone.replace("_", " ")) for zone in (*FRENCH, *others)]
