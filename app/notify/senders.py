"""The gateway: one message out through SMTP, with a password, an API key or an OAuth token.

Every provider is reached by SMTP, so that there is one protocol to secure, to test and to repair. What goes
wrong comes back as one of four errors (errors.py), whatever the server said.
"""

import ipaddress
import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.errors import MessageError
from typing import Any, cast

import environ
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from app.notify import oauth
from app.notify.constants import Provider, Security
from app.notify.errors import AccountRefusedError, MessageRefusedError, RecipientRefusedError, TemporaryError
from app.notify.models import Mailbox
from app.notify.providers import OAUTH_PROVIDERS, SMTP_SERVERS

PERMANENT = range(500, 600)


class Utf8(str):
    """Text that leaves in UTF-8, where smtplib insists on ASCII."""

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return super().encode("utf-8", errors)


class _Utf8Login(smtplib.SMTP):
    """Names and passwords with accents are sent as RFC 4616 writes them: smtplib alone raises UnicodeEncodeError."""

    def login(self, user: str, password: str, *, initial_response_ok: bool = True) -> tuple[int, bytes]:
        """Sign in; CRAM-MD5 computes with the password itself."""
        return super().login(Utf8(user), Utf8(password), initial_response_ok=initial_response_ok)

    def auth(self, mechanism: str, authobject: Any, *, initial_response_ok: bool = True) -> tuple[int, bytes]:
        """One exchange; None means that this mechanism waits for the server's challenge."""

        def answer(challenge: bytes | None = None) -> str | None:
            said = authobject() if challenge is None else authobject(challenge)
            return None if said is None else Utf8(said)

        return super().auth(mechanism, cast(Any, answer), initial_response_ok=initial_response_ok)


class _Utf8LoginSsl(_Utf8Login, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class _ToPublic(_Utf8Login):
    """Connects to an address that was looked at and nowhere else: a name may lead into our network a moment later."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        failure = OSError(host)
        for address in _public_addresses(host):
            try:
                opened: socket.socket = super()._get_socket(address, port, timeout)  # type: ignore[misc]
            except OSError as error:
                failure = error
            else:
                return opened
        raise failure


class _ToPublicSsl(_ToPublic, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class PasswordBackend(EmailBackend):
    """SMTP with a name and a password."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What Django opens."""
        return _Utf8LoginSsl if self.use_ssl else _Utf8Login


class PublicBackend(EmailBackend):
    """The same, for a server that a workshop names: it must not lead into our own network."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What Django opens."""
        return _ToPublicSsl if self.use_ssl else _ToPublic


class TokenBackend(EmailBackend):
    """SMTP that authenticates with an OAuth access token (SASL XOAUTH2)."""

    def __init__(self, *, user: str, token: str, **options: Any) -> None:
        super().__init__(**options)
        self.user, self.token = user, token

    def open(self) -> bool | None:
        """Connect as usual, then present the token."""
        opened = super().open()
        if opened and self.connection:
            self.connection.ehlo()
            answer = f"user={self.user}\x01auth=Bearer {self.token}\x01\x01"
            self.connection.auth("XOAUTH2", lambda challenge=None: answer if challenge is None else "")
        return opened


def platform_connection() -> EmailBackend:
    """The product's own sender, from EMAIL_URL."""
    config = environ.Env.email_url_config(settings.PLATFORM_EMAIL_URL)
    return PasswordBackend(
        host=config["EMAIL_HOST"],
        port=config["EMAIL_PORT"],
        username=config["EMAIL_HOST_USER"],
        password=config["EMAIL_HOST_PASSWORD"],
        use_tls=config.get("EMAIL_USE_TLS", False),
        use_ssl=config.get("EMAIL_USE_SSL", False),
        timeout=settings.EMAIL_TIMEOUT,
        fail_silently=False,
    )


def mailbox_connection(mailbox: Mailbox) -> EmailBackend:
    """A connection to the workshop's provider, not opened yet.

    For OAuth the access token is fetched now and a replaced refresh token is put on the mailbox, which the caller
    saves. Raises AccountRefusedError and TemporaryError.
    """
    if mailbox.provider in OAUTH_PROVIDERS:
        grant = oauth.refresh(OAUTH_PROVIDERS[mailbox.provider], mailbox.secret)
        mailbox.secret = grant.refresh_token
        server = SMTP_SERVERS[mailbox.provider]
        return TokenBackend(user=mailbox.address, token=grant.access_token, **_options(server.host, server.port))
    if mailbox.provider == Provider.SMTP:
        options = _options(mailbox.host, mailbox.port, mailbox.security)
        backend = PasswordBackend if settings.MAIL_ALLOWS_PRIVATE_HOSTS else PublicBackend
        return backend(username=mailbox.username, password=mailbox.secret, **options)
    server = SMTP_SERVERS[mailbox.provider]
    options = _options(server.host, server.port)
    return PasswordBackend(username=server.username or mailbox.username, password=mailbox.secret, **options)


def deliver(message: EmailMultiAlternatives, connection: EmailBackend) -> None:
    """Hand one message to a server. Raises one of the errors of errors.py."""
    with _translated():
        message.connection = connection
        message.send(fail_silently=False)


def check(connection: EmailBackend) -> None:
    """Connect and authenticate without sending. Raises one of the errors of errors.py."""
    with _translated():
        try:
            connection.open()
        finally:
            connection.close()


def _options(host: str, port: int, security: str = Security.STARTTLS) -> dict[str, Any]:
    return {
        "host": host,
        "port": port,
        "use_tls": security == Security.STARTTLS and settings.MAIL_REQUIRES_TLS,
        "use_ssl": security == Security.TLS,
        "timeout": settings.EMAIL_TIMEOUT,
        "fail_silently": False,
    }


def _public_addresses(host: str) -> list[str]:
    """The addresses of a server, in the order in which to try them; AccountRefusedError unless all are public."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)]
    if not all(ipaddress.ip_address(address).is_global for address in found):
        raise AccountRefusedError(f"{host} is not a public server")
    return found


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what smtplib raises into what the outbox must do."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise AccountRefusedError(_reason(error)) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        text = f"{code} {reason.decode('utf-8', 'replace') if isinstance(reason, bytes) else reason}"
        raise (RecipientRefusedError(text) if code in PERMANENT else TemporaryError(text)) from error
    except smtplib.SMTPResponseException as error:
        permanent = error.smtp_code in PERMANENT
        raise (MessageRefusedError(_reason(error)) if permanent else TemporaryError(_reason(error))) from error
    except smtplib.SMTPNotSupportedError as error:
        raise AccountRefusedError(str(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise TemporaryError(str(error) or type(error).__name__) from error
    except UnicodeError as error:  # a server's name that no network knows how to write
        raise AccountRefusedError(str(error)) from error
    except (ValueError, MessageError) as error:  # a header that would be two
        raise MessageRefusedError(str(error)) from error


def _reason(error: smtplib.SMTPResponseException) -> str:
    text = error.smtp_error
    return f"{error.smtp_code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
