"""Connecting as the owner of the schema, for migrations only."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def as_owner(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Reconnect this connection as the owner of the schema; back to the serving role afterwards."""
    served_as = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    _reconnect(connection, {key: settings.OWNER_DATABASE[key] for key in served_as})
    try:
        yield
    finally:
        _reconnect(connection, served_as)


def _reconnect(connection: BaseDatabaseWrapper, credentials: dict[str, str]) -> None:
    connection.close()
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict |= credentials
