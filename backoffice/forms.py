"""What the publisher types."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm

from .access import is_publisher


class PublisherLoginForm(LoginForm):  # type: ignore[misc]
    """The publisher's own account; any other one gets the answer of a wrong password."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if getattr(self, "user", None) is not None and not is_publisher(self.user):
            raise get_adapter().validation_error("email_password_mismatch")
        return cleaned
