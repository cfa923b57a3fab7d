"""Who may sign in, and who is signed in."""

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS, connection

from .models import User


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own, whose reading of who is signed in is written once: each request asks for it, and the ORM takes
    longer to write it again than PostgreSQL to answer. No field of a person converts what the database says."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session; None when there is none any more, or when the account is closed."""
        with connection.cursor() as cursor:
            cursor.execute(_read(), [user_id])
            found = cursor.fetchone()
        person = User.from_db(DEFAULT_DB_ALIAS, _names(), found) if found else None
        return person if person and self.user_can_authenticate(person) else None


@cache
def _read() -> str:
    columns = ", ".join(str(field.column) for field in User._meta.concrete_fields)
    return f"SELECT {columns} FROM {User._meta.db_table} WHERE id = %s"


@cache
def _names() -> list[str]:
    return [field.attname for field in User._meta.concrete_fields]
