"""Who may be helped by signing in as them: members of workshops, never the publisher's own people."""

from app.accounts.models import User


def may_impersonate(*, hijacker: User, hijacked: User) -> bool:
    """django-hijack's question: only the publisher, only active people who are not of its staff."""
    if hijacked is None or not hijacker.is_superuser or getattr(hijacker, "is_hijacked", False):
        return False
    return hijacked.is_active and not hijacked.is_staff and not hijacked.is_superuser
