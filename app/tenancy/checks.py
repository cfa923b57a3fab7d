"""The process refuses to serve with a database role that row security does not hold."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database, deploy=True)
def serving_role_is_under_row_security(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error when the connected role is superuser, bypasses row security or owns the tables."""
    if not databases:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT 1 FROM pg_class c "
            "WHERE c.relowner = r.oid AND c.relname = 'tenancy_workshop') "
            "FROM pg_roles r WHERE r.rolname = current_user"
        )
        row = cursor.fetchone()
    if row and row[0]:
        return [Error("The database role owns the tables or bypasses row security.", id="tenancy.E001")]
    return []
