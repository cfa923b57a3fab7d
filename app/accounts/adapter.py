"""How allauth behaves here."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

from .models import User

ENROLS_UNTIL = "enrols_until"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own behaviour; its mails leave through the outbox, which is Django's mail back end."""

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        if not is_mfa_enabled(user):
            request.session[ENROLS_UNTIL] = time.time() + app_settings.REAUTHENTICATION_TIMEOUT

    def is_reauthentication_required(self, **kwargs: Any) -> bool:
        """Security changes ask for the password again; adding the first factor just after signing in does not."""
        required: bool = super().is_reauthentication_required(**kwargs)
        return required and time.time() > self.request.session.get(ENROLS_UNTIL, 0)
