"""French typography of whatever is supplied."""

from typing import Any

from cms.typography import french_spaces


def french(value: Any) -> Any:
    """The same words, with their spaces that must not break; whatever holds them keeps its shape."""
    if isinstance(value, str):
        return french_spaces(value)
    if isinstance(value, dict):
        return {key: french(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(french(held) for held in value)
    return value
