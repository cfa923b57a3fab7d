"""Mailboxes of workshops: classic SMTP, API keys and OAuth, and what happens when one is refused."""

import socket
from typing import Any

import pytest
import responses
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from app.accounts.models import User
from app.notify import oauth, senders
from app.notify.constants import EmailState, Health, Security
from app.notify.constants import Provider as ProviderName
from app.notify.errors import AccountRefusedError, TemporaryError
from app.notify.kinds_base import STOP_ADDRESS
from app.notify.models import Mailbox, PlatformEmail
from app.notify.providers import OAUTH_PROVIDERS
from app.notify.selectors import find_mailbox
from app.notify.services.delivery import send_workshop_email
from app.notify.services.mailboxes import (
    MailboxData,
    check_mailbox,
    connect_mailbox,
    disconnect_mailbox,
    send_test_message,
)
from app.notify.tasks import sweep_outbox
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests.app.notify.conftest import CONTEXT, queue, reread
from tests.fakes.mail_api import Provider
from tests.fakes.mail_oauth import Authority
from tests.fakes.smtp import Mailbox as PlatformServer

ADDRESS = "contact@vulcain.test"


def connected(
    workshop: Workshop, provider: Provider, name: ProviderName = ProviderName.SMTP, **changes: str
) -> Mailbox:
    """The workshop's mailbox, connected and checked."""
    values = {"provider": name, "address": ADDRESS, "secret": "mot de passe", "username": ADDRESS, **changes}
    if name == ProviderName.SMTP:
        values |= {"host": "127.0.0.1", "port": provider.port}
    with workshop_scope(workshop.pk):
        connect_mailbox(workshop=workshop, actor=Actor.system("test"), data=MailboxData(**values))
    check_mailbox(workshop_id=workshop.pk)
    return mailbox_of(workshop)


def mailbox_of(workshop: Workshop) -> Mailbox:
    with workshop_scope(workshop.pk):
        mailbox = find_mailbox()
    assert mailbox
    return mailbox


@pytest.mark.spec("NOT-02")
@pytest.mark.parametrize(
    ("name", "account"),
    [(ProviderName.SMTP, ADDRESS), (ProviderName.SENDGRID, "apikey"), (ProviderName.MAILGUN, ADDRESS)],
)
def test_messages_leave_from_the_workshops_own_mailbox(
    workshop: Workshop, provider: Provider, platform_smtp: PlatformServer, name: ProviderName, account: str
) -> None:
    provider.accounts[account] = "mot de passe"
    assert connected(workshop, provider, name).health == Health.OK
    email = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    (message,) = provider.messages
    assert message["From"] == f"Atelier Vulcain <{ADDRESS}>"
    assert platform_smtp.messages == []
    assert reread(email).state == EmailState.SENT


@pytest.mark.spec("NOT-02", "NOT-03")
def test_gmail_is_used_with_a_fresh_token_and_its_refresh_token_is_encrypted(
    workshop: Workshop, provider: Provider, authority: Authority
) -> None:
    authorization = oauth.start(OAUTH_PROVIDERS[ProviderName.GMAIL], "http://testserver/retour")
    grant = oauth.exchange(
        OAUTH_PROVIDERS[ProviderName.GMAIL],
        code=authority.consent(authorization.url),
        verifier=authorization.verifier,
        redirect_uri="http://testserver/retour",
    )
    assert grant.address == ADDRESS
    provider.accounts[ADDRESS] = "access-1"
    mailbox = connected(workshop, provider, ProviderName.GMAIL, secret=grant.refresh_token)
    assert mailbox.health == Health.OK
    send_workshop_email(workshop_id=workshop.pk, email_pk=queue(workshop).pk)
    assert len(provider.messages) == 1
    with workshop_scope(workshop.pk), connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM notify_mailbox")
        stored = cursor.fetchone()[0]
    assert stored.startswith("v1:")
    assert "refresh-1" not in stored


@pytest.mark.spec("NOT-09")
@pytest.mark.parametrize(("name", "secret"), [(ProviderName.GMAIL, "refresh-1"), (ProviderName.SMTP, "mot de passe")])
def test_what_can_be_stopped_says_so_to_mail_programs_and_nothing_else_does(
    workshop: Workshop, provider: Provider, authority: Authority, name: ProviderName, secret: str
) -> None:
    authority.refresh_tokens.add("refresh-1")
    provider.accounts[ADDRESS] = authority.access_token if name == ProviderName.GMAIL else secret
    connected(workshop, provider, name, secret=secret)
    stop = f"https://thermogestion.example/arreter/{'x' * 200}/"
    stoppable, plain = queue(workshop, context=CONTEXT | {STOP_ADDRESS: stop}), queue(workshop)
    for email in (stoppable, plain):
        send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    first, second = provider.messages
    assert first["List-Unsubscribe"].strip() == f"<{stop}>"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in second and "List-Unsubscribe-Post" not in second
    assert reread(stoppable).unsubscribe_url == ""  # it opens something: not kept once it has left


@pytest.mark.spec("NOT-03")
def test_a_code_is_worth_nothing_without_its_verifier(authority: Authority) -> None:
    google = OAUTH_PROVIDERS[ProviderName.GMAIL]
    authorization = oauth.start(google, "http://testserver/retour")
    code = authority.consent(authorization.url)
    with pytest.raises(AccountRefusedError):
        oauth.exchange(google, code=code, verifier="another", redirect_uri="http://testserver/retour")


def test_an_endpoint_that_is_down_is_not_a_refusal(authority: Authority) -> None:
    authority.down = True
    with pytest.raises(TemporaryError):
        oauth.refresh(OAUTH_PROVIDERS[ProviderName.GMAIL], "refresh-1")


@pytest.mark.spec("NOT-03", "LNG-01")
@pytest.mark.parametrize("language", ["fr", "en"])
def test_when_authorisation_expires_messages_wait_and_the_owner_is_warned_once(
    workshop: Workshop,
    owner: Membership,
    operator: Membership,
    provider: Provider,
    authority: Authority,
    platform_smtp: PlatformServer,
    language: str,
) -> None:
    User.objects.filter(pk=owner.user_id).update(language=language)
    provider.accounts[ADDRESS] = "access-1"
    authority.refresh_tokens.add("refresh-1")
    connected(workshop, provider, ProviderName.GMAIL, secret="refresh-1")
    authority.refresh_tokens.clear()
    emails = [queue(workshop) for _ in range(2)]
    for email in emails:
        send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert [reread(email).state for email in emails] == [EmailState.HELD, EmailState.HELD]
    assert provider.messages == []
    warning = PlatformEmail.objects.get(kind="mailbox_refused")
    assert warning.to == owner.user.email
    assert "token revoked" in warning.text
    assert ("your messages are waiting" in warning.subject) == (language == "en")
    sweep_outbox()
    assert [reread(email).state for email in emails] == [EmailState.HELD, EmailState.HELD]

    authority.refresh_tokens.add("refresh-2")
    connected(workshop, provider, ProviderName.GMAIL, secret="refresh-2")
    sweep_outbox()
    assert [reread(email).state for email in emails] == [EmailState.SENT, EmailState.SENT]
    assert len(provider.messages) == 2


@pytest.mark.spec("NOT-02")
def test_a_wrong_password_and_a_silent_server_show_in_the_health(workshop: Workshop, provider: Provider) -> None:
    provider.accounts[ADDRESS] = "another"
    mailbox = connected(workshop, provider)
    assert (mailbox.health, mailbox.needs_attention) == (Health.REFUSED, True)
    assert "535" in mailbox.last_error
    with workshop_scope(workshop.pk):
        Mailbox.objects.update(port=9)
    check_mailbox(workshop_id=workshop.pk)
    assert mailbox_of(workshop).health == Health.UNREACHABLE


@pytest.mark.spec("NOT-02")
def test_a_refused_recipient_says_nothing_against_the_mailbox(workshop: Workshop, provider: Provider) -> None:
    provider.accounts[ADDRESS] = "mot de passe"
    connected(workshop, provider)
    provider.refused_recipients["camille@exemple.test"] = "550 5.1.1 No such user"
    email = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert reread(email).state == EmailState.BOUNCED
    assert mailbox_of(workshop).health == Health.OK


@pytest.mark.spec("NOT-02")
def test_a_mailbox_taken_away_gives_its_messages_to_the_product(
    workshop: Workshop, owner: Membership, provider: Provider, platform_smtp: PlatformServer
) -> None:
    connected(workshop, provider)  # refused: the account does not exist
    email = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert reread(email).state == EmailState.HELD
    with workshop_scope(workshop.pk):
        disconnect_mailbox(workshop=workshop, actor=Actor.system("test"), mailbox=mailbox_of(workshop))
    sweep_outbox()
    assert reread(email).state == EmailState.SENT
    assert [message["To"] for message in platform_smtp.messages] == ["camille@exemple.test"]


@pytest.mark.spec("NOT-02")
def test_the_test_message_leaves_from_the_mailbox(
    workshop: Workshop, provider: Provider, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    provider.accounts[ADDRESS] = "mot de passe"
    connected(workshop, provider)
    with django_capture_on_commit_callbacks(execute=True), workshop_scope(workshop.pk):
        send_test_message(workshop=workshop, actor=Actor.system("test"), to="olivia@vulcain.test", address=ADDRESS)
    (message,) = provider.messages
    assert ADDRESS in message.get_body(("plain",)).get_content()


def test_a_private_server_named_by_a_workshop_is_never_reached(
    workshop: Workshop, provider: Provider, settings: Settings
) -> None:
    settings.MAIL_ALLOWS_PRIVATE_HOSTS = False
    assert connected(workshop, provider).health == Health.REFUSED
    assert provider.attempts == []


@pytest.mark.spec("EML-02", "EML-04")
def test_messages_to_the_staff_leave_from_the_product(
    workshop: Workshop, provider: Provider, platform_smtp: PlatformServer
) -> None:
    provider.accounts[ADDRESS] = "mot de passe"
    connected(workshop, provider)
    values = {"prenom": "Olivia", "date_fin": "31/12/2026", "lien": "http://testserver/app"}
    email = queue(workshop, kind="trial_day_7", to="olivia@vulcain.test", context=values)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert provider.messages == []
    assert platform_smtp.messages[0]["From"].startswith("ThermoGestion")


@pytest.mark.spec("NOT-02")
@pytest.mark.parametrize("name", [ProviderName.SMTP, ProviderName.MAILGUN])
def test_a_password_with_accents_opens_the_mailbox(
    workshop: Workshop, provider: Provider, platform_smtp: PlatformServer, name: ProviderName
) -> None:
    provider.accounts[ADDRESS] = "forgé à chaud €"
    assert connected(workshop, provider, name, secret="forgé à chaud €").health == Health.OK
    email = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert reread(email).state == EmailState.SENT
    assert connected(workshop, provider, name, secret="forgé à froid €").health == Health.REFUSED


@pytest.mark.spec("NOT-02")
@pytest.mark.parametrize("host", ["a" * 200, "smtp..exemple.test", "smtp\x80.exemple.test"])
@pytest.mark.parametrize("private", [True, False])
def test_a_server_whose_name_cannot_be_one_is_said_to_be_wrong(
    workshop: Workshop, platform_smtp: PlatformServer, settings: Settings, host: str, private: bool
) -> None:
    settings.MAIL_ALLOWS_PRIVATE_HOSTS = private
    data = MailboxData(provider=ProviderName.SMTP, address=ADDRESS, secret="x", username="x", host=host)
    with workshop_scope(workshop.pk):
        connect_mailbox(workshop=workshop, actor=Actor.system("test"), data=data)
    check_mailbox(workshop_id=workshop.pk)
    assert mailbox_of(workshop).health in (Health.REFUSED, Health.UNREACHABLE)
    assert mailbox_of(workshop).last_error


@pytest.mark.spec("NOT-05")
def test_what_a_server_answers_is_kept_whatever_it_holds(workshop: Workshop, platform_smtp: PlatformServer) -> None:
    platform_smtp.answer = "554 5.7.1 a\x00b" + "x" * 400
    email = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert reread(email).state == EmailState.FAILED
    assert reread(email).last_error.startswith("554 5.7.1 a bx")


@pytest.mark.spec("NOT-02")
def test_a_name_that_leads_elsewhere_a_moment_later_is_reached_where_it_was_looked_at(
    workshop: Workshop, provider: Provider, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_ALLOWS_PRIVATE_HOSTS = False
    provider.accounts[ADDRESS] = "mot de passe"
    answers = [["93.184.215.14", "93.184.215.15"], ["127.0.0.1"], ["127.0.0.1"]]
    tried: list[str] = []
    resolve, connect = socket.getaddrinfo, socket.create_connection

    def resolved(host: str, *values: Any, **options: Any) -> Any:
        if host != "smtp.piege.test":
            return resolve(host, *values, **options)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in answers.pop(0)]

    def connected_to(target: tuple[str, int], *values: Any, **options: Any) -> socket.socket:
        if target[1] != provider.port:
            return connect(target, *values, **options)
        tried.append(target[0])
        if target[0] == "93.184.215.15":  # the second one answers
            return connect(("127.0.0.1", provider.port), *values, **options)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(socket, "create_connection", connected_to)
    values = {"address": ADDRESS, "secret": "mot de passe", "username": ADDRESS, "port": provider.port}
    with workshop_scope(workshop.pk):
        data = MailboxData(provider=ProviderName.SMTP, host="smtp.piege.test", **values)
        connect_mailbox(workshop=workshop, actor=Actor.system("test"), data=data)
    check_mailbox(workshop_id=workshop.pk)
    assert mailbox_of(workshop).health == Health.OK
    assert tried == ["93.184.215.14", "93.184.215.15"]
    check_mailbox(workshop_id=workshop.pk)  # by now the name leads into our own network
    assert mailbox_of(workshop).health == Health.REFUSED
    assert len(tried) == 2


@pytest.mark.spec("NOT-02")
@pytest.mark.parametrize("private", [True, False])
def test_encryption_from_the_first_byte_is_not_given_up_when_the_server_does_not_speak_it(
    workshop: Workshop, provider: Provider, settings: Settings, monkeypatch: pytest.MonkeyPatch, private: bool
) -> None:
    settings.MAIL_ALLOWS_PRIVATE_HOSTS = private
    monkeypatch.setattr(senders, "_public_addresses", lambda host: [host])
    assert connected(workshop, provider, security=Security.TLS).health == Health.UNREACHABLE
    assert "SSL" in mailbox_of(workshop).last_error
    assert provider.attempts == []


@pytest.mark.spec("NOT-03")
@pytest.mark.parametrize("said", [[], None, "x", 12, {"error": None}, {"access_token": ""}])
def test_an_endpoint_that_answers_nonsense_is_asked_again_later(said: Any) -> None:
    google = OAUTH_PROVIDERS[ProviderName.GMAIL]
    with responses.RequestsMock() as network:
        network.post(google.token_url, json=said)
        with pytest.raises(TemporaryError):
            oauth.refresh(google, "refresh-1")


@pytest.mark.spec("NOT-02")
@pytest.mark.parametrize(
    "token", [None, "", "a", "a.b.c", "a.é.c", "a.W10.c", "a.e30.c", "a.eyJlbWFpbCI6IG51bGx9.c", 7]
)
def test_an_identity_that_names_no_mailbox_is_no_address(token: Any) -> None:
    google = OAUTH_PROVIDERS[ProviderName.GMAIL]
    with responses.RequestsMock() as network:
        network.post(google.token_url, json={"access_token": "a", "id_token": token})
        assert oauth.refresh(google, "refresh-1").address == ""
