"""Who may sign in, and who is signed in."""

from allauth.account.auth_backends import AuthenticationBackend

from app.kernel.written import read_rows

from .models import User


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own; who is signed in is read by a statement written once, as each request asks it."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session; None when there is none any more, or when the account is closed."""
        for person in read_rows(User, "WHERE id = %s", [user_id]):
            return person if self.user_can_authenticate(person) else None
        return None
