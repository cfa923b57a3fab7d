"""A mail provider: an SMTP server that asks for a password or for an OAuth token before it takes mail."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.fakes.smtp import Mailbox, free_port


@dataclass
class Provider(Mailbox):
    """Accepts these accounts (user to password or token); every attempt to sign in is kept."""

    accounts: dict[str, str] = field(default_factory=dict)
    attempts: list[tuple[str, str]] = field(default_factory=list)

    def accepts(self, user: str, secret: str) -> bool:
        """Whether this pair opens the account."""
        self.attempts.append((user, secret))
        return self.accounts.get(user) == secret

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Nobody sends without having signed in."""
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        """The SASL exchange of Google and Microsoft: `user=…^Aauth=Bearer …^A^A`."""
        blob = await server.challenge_auth("") if len(args) < 2 else _decoded(args[1])
        assert isinstance(blob, bytes)
        fields = dict(part.split("=", 1) for part in blob.decode().split("\x01") if part)
        if self.accepts(fields["user"], fields["auth"].removeprefix("Bearer ")):
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False)


@contextmanager
def mail_provider() -> Iterator[Provider]:
    """Start the provider on a free port of 127.0.0.1."""
    provider = Provider()

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        accepted = provider.accepts(data.login.decode(), data.password.decode())
        return AuthResult(success=accepted, handled=False)

    controller = Controller(
        provider,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=authenticate,
        auth_require_tls=False,
        enable_SMTPUTF8=True,
    )
    controller.start()
    try:
        provider.port = controller.port
        yield provider
    finally:
        controller.stop()


def _decoded(argument: str) -> bytes:
    return base64.b64decode(argument)
