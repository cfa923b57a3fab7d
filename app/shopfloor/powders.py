"""A powder as a device carries it."""

from typing import Any

from app.powders.models import Powder


def describe_powder(powder: Powder) -> dict[str, Any]:
    """A powder as its swatch needs it, and how it is cured."""
    return {
        "pk": powder.pk,
        "label": str(powder),
        "colour": f"{powder.colour_code or powder.reference} {powder.colour_name}".strip(),
        "hex": powder.hex,
        "finish": powder.finish,
        "celsius": powder.curing_temperature_c,
        "minutes": powder.curing_minutes,
    }
