"""French typography of what is supplied: no-break spaces where a line must not end."""

import re
from typing import Any

BEFORE = re.compile(r" (?=[;:!?»%€])")
AFTER = re.compile(r"(?<=«) ")
NUMBERS = re.compile(r"(?<=\d) (?=(?:h|heures|minutes|jours|secondes|mètres|000)\b)")
NO_BREAK = "\u00a0"


def french(value: Any) -> Any:
    """The same words, with their no-break spaces; whatever holds them keeps its shape."""
    if isinstance(value, str):
        return NUMBERS.sub(NO_BREAK, AFTER.sub(NO_BREAK, BEFORE.sub(NO_BREAK, value)))
    if isinstance(value, dict):
        return {key: french(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(french(held) for held in value)
    return value
