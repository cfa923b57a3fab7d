"""How long the trail is kept."""

KEPT_YEARS = 2
