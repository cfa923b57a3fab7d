"""The time zones that a person or a workshop may choose."""

from functools import cache
from zoneinfo import available_timezones

#: Those of French workshops come first.
FRENCH = (
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/Miquelon", "Indian/Reunion",
    "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti",
)  # fmt: skip


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Every time zone by its name, those of French workshops first."""
    others = sorted(available_timezones() - set(FRENCH))
    return [(zone, zone.replace("_", " ")) for zone in (*FRENCH, *others)]
