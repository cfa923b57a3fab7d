"""A StreamField whose blocks stay out of migrations: changing a block is then no change of the database."""

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
