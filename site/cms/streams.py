"""A StreamField whose blocks stay out of migrations: changing a block is then no change of the database."""

import json
from typing import Any

from wagtail.fields import StreamField


class ThinStreamField(StreamField):  # type: ignore[misc]
    """`StreamField` with an empty block list in `deconstruct()`."""

    def __init__(self, block_types: Any = (), **kwargs: Any) -> None:
        super().__init__(block_types, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, f"{type(self).__module__}.{type(self).__name__}", [], kwargs


def without_ids(value: Any) -> Any:
    """The content of a stream without the identifiers that blocks get each time they are read."""
    if isinstance(value, str):
        value = json.loads(value)
    return _strip(value)


def _strip(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _strip(held) for key, held in value.items() if key != "id"}
    if isinstance(value, list):
        return [_strip(held) for held in value]
    return value
