"""A code of an authenticator app is taken once, for as long as it lives."""

from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from django.core.cache import cache


class _OnceOnly:
    """allauth forgets a used code after one period, but with a tolerance takes it in the neighbouring ones too.

    RFC 6238, 5.2: a verifier must not accept a code a second time.
    """

    def clean_code(self: Any) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        lives = (2 * app_settings.TOTP_TOLERANCE + 1) * app_settings.TOTP_PERIOD  # seconds
        if not cache.add(f"second-factor:{self.user.pk}:{normalize_user_code(code)}", True, timeout=lives):
            self._emit_authentication_failed(self.authenticator)
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_OnceOnly, forms.AuthenticateForm):  # type: ignore[misc]
    """The code that opens a session."""


class ReauthenticateForm(_OnceOnly, forms.ReauthenticateForm):  # type: ignore[misc]
    """The code asked again before what is grave."""
