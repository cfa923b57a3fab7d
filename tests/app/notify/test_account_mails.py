"""The mails of the accounts: sign-up, reset, in the identity and through the outbox."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from app.accounts.models import User
from app.notify.models import PlatformEmail
from tests.fakes.smtp import Mailbox


@pytest.mark.spec("EML-03", "NOT-05")
def test_a_forgotten_password_leaves_a_mail_with_one_button(
    person: User,
    outbox_backend: None,
    platform_smtp: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/compte/password/reset/", {"email": person.email})
    (message,) = platform_smtp.messages
    assert message["To"] == person.email
    html = message.get_body(("html",)).get_content()
    assert html.count('href="http://testserver/compte/password/reset/key/') == 2  # the button, and the address in full
    assert "example.com" not in html
    assert PlatformEmail.objects.get().html == ""


@pytest.mark.spec("EML-01")
def test_the_confirmation_of_an_address_can_be_sent_again(
    person: User,
    outbox_backend: None,
    platform_smtp: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    EmailAddress.objects.filter(user=person).update(verified=False)
    client = Client()
    client.force_login(person, backend="app.accounts.backends.PersonBackend")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/compte/email/", {"action_send": "", "email": person.email})
    (message,) = platform_smtp.messages
    assert "/compte/confirm-email/" in message.get_body(("plain",)).get_content()
