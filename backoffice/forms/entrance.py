"""Signing in, and entering a workshop to help."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from app.workshops.services.support import DEFAULT_MINUTES, MOST_MINUTES

from ..access import is_publisher


class PublisherLoginForm(LoginForm):  # type: ignore[misc]
    """The publisher's own account; any other one gets the answer of a wrong password."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if getattr(self, "user", None) is not None and not is_publisher(self.user):
            raise get_adapter().validation_error("email_password_mismatch")
        return cleaned


class SupportForm(forms.Form):
    """Why, and for how long, the publisher signs in as a member."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The Owner reads it in the mail that leaves at once.")
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=MOST_MINUTES, initial=DEFAULT_MINUTES)


class WriteForm(forms.Form):
    """What support must change."""

    reason = forms.CharField(label=_("What must be changed"), max_length=300)
