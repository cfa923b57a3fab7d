"""How allauth behaves here."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from .models import User

SIGNED_IN_AT = "signed_in_at"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own behaviour; its mails leave through the outbox, which is Django's mail back end."""

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session[SIGNED_IN_AT] = time.time()

    def is_reauthentication_required(self, **kwargs: Any) -> bool:
        """The password is asked again before security changes, but not to add the first factor just after signing in."""
        required: bool = super().is_reauthentication_required(**kwargs)
        age = time.time() - self.request.session.get(SIGNED_IN_AT, 0)
        fresh = age < app_settings.REAUTHENTICATION_TIMEOUT and not is_mfa_enabled(self.request.user)
        return required and not fresh
