"""Mail servers on the loopback, and what a message needs."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from app.notify import providers
from app.notify.constants import Provider as ProviderName
from app.notify.models import WorkshopEmail
from app.notify.providers import OAuthProvider, SmtpServer
from app.notify.services import queue_email
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests.fakes.mail_api import Provider, mail_provider
from tests.fakes.mail_oauth import Authority, oauth_server
from tests.fakes.smtp import Mailbox, smtp_server


@pytest.fixture
def platform_smtp(settings: Settings) -> Iterator[Mailbox]:
    """The product's own sender."""
    with smtp_server() as server:
        settings.PLATFORM_EMAIL_URL = server.url
        yield server


@pytest.fixture
def outbox_backend(settings: Settings) -> None:
    """The test runner puts its own back end in place of the product's."""
    settings.EMAIL_BACKEND = "app.notify.backend.OutboxBackend"


@pytest.fixture
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that every kind of mailbox leads to."""
    settings.MAIL_ALLOWS_PRIVATE_HOSTS = True
    settings.MAIL_REQUIRES_TLS = False
    with mail_provider() as server:
        for name in (ProviderName.GMAIL, ProviderName.OUTLOOK, ProviderName.MAILGUN):
            monkeypatch.setitem(providers.SMTP_SERVERS, name, SmtpServer("127.0.0.1", server.port))
        sendgrid = SmtpServer("127.0.0.1", server.port, username="apikey")
        monkeypatch.setitem(providers.SMTP_SERVERS, ProviderName.SENDGRID, sendgrid)
        yield server


@pytest.fixture
def authority(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """The OAuth endpoint of Google, with the product registered there."""
    settings.GOOGLE_OAUTH_CLIENT_ID, settings.GOOGLE_OAUTH_CLIENT_SECRET = "client", "client-secret"
    with oauth_server() as server:
        google = OAuthProvider("https://accounts.example/auth", server.token_url, "email", "GOOGLE")
        monkeypatch.setitem(providers.OAUTH_PROVIDERS, ProviderName.GMAIL, google)
        yield server


CONTEXT = {
    "nom_client": "Camille Lefèvre",
    "numero_devis": "DEV-2026-0042",
    "montant": "1 234,56 €",
    "date_validite": "31/12/2026",
    "lien": "http://testserver/espace/secret-token",
}


def queue(workshop: Workshop, **changes: Any) -> WorkshopEmail:
    """A quote for a customer, in the outbox."""
    values = {
        "workshop": workshop,
        "actor": Actor.system("test"),
        "kind": "quote_new_customer",
        "to": "camille@exemple.test",
        "context": CONTEXT,
        **changes,
    }
    with workshop_scope(workshop.pk):
        return queue_email(**values)


def reread(email: WorkshopEmail) -> WorkshopEmail:
    """The row as it is now."""
    with workshop_scope(email.workshop_id):
        return WorkshopEmail.objects.get(pk=email.pk)
