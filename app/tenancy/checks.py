"""The process refuses to serve with a database role that row security does not hold."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from .scope import PLATFORM_ROLE

#: Whether the connected role is held by no policy. A role that inherits the platform's, instead of having to enter
#: it, sees every workshop's rows without asking; the same goes for the owner's.
UNBOUND = (
    "SELECT r.rolsuper OR r.rolbypassrls"
    f" OR EXISTS (SELECT 1 FROM pg_roles p WHERE p.rolname = '{PLATFORM_ROLE}' AND pg_has_role(r.oid, p.oid, 'USAGE'))"
    " OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relname = 'tenancy_workshop'"
    " AND pg_has_role(r.oid, c.relowner, 'MEMBER'))"
    " FROM pg_roles r WHERE r.rolname = current_user"
)


@register(Tags.database, deploy=True)
def serving_role_is_under_row_security(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """An error when the connected role is superuser, bypasses row security, owns the tables or inherits who may."""
    if not databases:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(UNBOUND)
        row = cursor.fetchone()
    if row and row[0]:
        return [Error("The database role owns the tables or bypasses row security.", id="tenancy.E001")]
    return []
