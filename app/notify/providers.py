"""The mail providers: their SMTP servers, and for two of them the addresses of their OAuth authorisation."""

from dataclasses import dataclass

from django.conf import settings

from app.notify.constants import Provider


@dataclass(frozen=True, slots=True)
class OAuthProvider:
    """Addresses and scopes of an authorisation-code flow; the client id comes from the settings."""

    authorize_url: str
    token_url: str
    scopes: str
    settings_prefix: str
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def client_id(self) -> str:
        """Empty while the publisher has not registered the product with this provider."""
        return str(getattr(settings, f"{self.settings_prefix}_OAUTH_CLIENT_ID", ""))

    @property
    def client_secret(self) -> str:
        """The secret that goes with the client id."""
        return str(getattr(settings, f"{self.settings_prefix}_OAUTH_CLIENT_SECRET", ""))

    @property
    def is_available(self) -> bool:
        """Whether this installation can use it."""
        return bool(self.client_id and self.client_secret)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where a provider takes mail; a fixed user name when the secret is an API key."""

    host: str
    port: int = 587
    username: str = ""


SMTP_SERVERS: dict[str, SmtpServer] = {
    Provider.GMAIL: SmtpServer("smtp.gmail.com"),
    Provider.OUTLOOK: SmtpServer("smtp.office365.com"),
    Provider.SENDGRID: SmtpServer("smtp.sendgrid.net", username="apikey"),
    Provider.MAILGUN: SmtpServer("smtp.eu.mailgun.org"),
}

OAUTH_PROVIDERS: dict[str, OAuthProvider] = {
    Provider.GMAIL: OAuthProvider(
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",
        scopes="openid email https://mail.google.com/",
        settings_prefix="GOOGLE",
        extra=(("access_type", "offline"), ("prompt", "consent")),
    ),
    Provider.OUTLOOK: OAuthProvider(
        authorize_url="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        token_url="https://login.microsoftonline.com/common/oauth2/v2.0/token",
        scopes="openid email offline_access https://outlook.office.com/SMTP.Send",
        settings_prefix="MICROSOFT",
        extra=(("prompt", "select_account"),),
    ),
}
