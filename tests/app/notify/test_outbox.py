"""The outbox: leaves after the commit, once, and says how far it has got."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from app.audit.models import AuditEntry
from app.kernel.errors import RuleError
from app.notify.constants import RETRY_DELAYS, SENDING_LASTS_AT_MOST, EmailState
from app.notify.models import PlatformEmail, WorkshopEmail
from app.notify.services import Attachment
from app.notify.services.delivery import send_workshop_email
from app.notify.services.outbox import resend_email
from app.notify.tasks import sweep_outbox
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import ScopeError, workshop_scope
from tests.app.notify.conftest import CONTEXT, queue, reread
from tests.fakes.smtp import Mailbox


@pytest.mark.spec("NOT-05", "EML-41")
def test_a_message_leaves_after_the_commit_with_its_file(
    workshop: Workshop,
    platform_smtp: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    key = storages["private"].save("w1/quote", ContentFile(b"%PDF-1.7 quote"))
    with django_capture_on_commit_callbacks(execute=True):
        email = queue(workshop, attachments=[Attachment(key, "devis é.pdf", "application/pdf")])
        assert platform_smtp.messages == []
    (message,) = platform_smtp.messages
    assert message["To"] == "camille@exemple.test"
    assert message["Reply-To"] == workshop.email
    assert message["Message-ID"] == email.message_id
    assert "Atelier Vulcain" in message["From"]
    assert [part.get_filename() for part in message.iter_attachments()] == ["devis é.pdf"]
    assert "DEV-2026-0042" in message.get_body(("plain",)).get_content()
    sent = reread(email)
    assert (sent.state, sent.attempts, sent.last_error) == (EmailState.SENT, 1, "")
    assert sent.sent_at


@pytest.mark.spec("NOT-05")
def test_a_rolled_back_transaction_sends_nothing_and_leaves_no_row(
    workshop: Workshop,
    platform_smtp: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        queue(workshop)
        transaction.set_rollback(True)
    assert platform_smtp.messages == []
    with workshop_scope(workshop.pk):
        assert not WorkshopEmail.objects.exists()


@pytest.mark.spec("NOT-05")
def test_a_message_with_the_same_key_is_queued_once(workshop: Workshop, other_workshop: Workshop) -> None:
    first = queue(workshop, dedupe_key="quote:1")
    assert queue(workshop, dedupe_key="quote:1").pk == first.pk
    assert queue(other_workshop, dedupe_key="quote:1").pk != first.pk
    assert queue(workshop).pk != queue(workshop).pk


@pytest.mark.spec("NOT-05")
def test_two_tasks_for_one_message_send_it_once(workshop: Workshop, platform_smtp: Mailbox) -> None:
    email = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert len(platform_smtp.messages) == 1


@pytest.mark.spec("NOT-05")
def test_a_lost_task_is_found_by_the_sweep(workshop: Workshop, platform_smtp: Mailbox) -> None:
    email = queue(workshop)  # its task is never run, as when Redis dies
    sweep_outbox()
    assert platform_smtp.messages == []
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        sweep_outbox()
    assert len(platform_smtp.messages) == 1
    assert reread(email).state == EmailState.SENT


@pytest.mark.spec("NOT-05")
def test_a_worker_killed_while_sending_loses_nothing_and_the_copy_has_the_same_id(
    workshop: Workshop, platform_smtp: Mailbox
) -> None:
    email = queue(workshop)
    with workshop_scope(workshop.pk):
        WorkshopEmail.objects.update(state=EmailState.SENDING, claimed_at=timezone.now())
    sweep_outbox()
    assert platform_smtp.messages == []
    with time_machine.travel(timezone.now() + SENDING_LASTS_AT_MOST + timedelta(seconds=1), tick=False):
        sweep_outbox()
    assert [message["Message-ID"] for message in platform_smtp.messages] == [email.message_id]


@pytest.mark.spec("NOT-05")
def test_a_message_that_kills_its_worker_each_time_is_given_up_and_says_so(
    workshop: Workshop, platform_smtp: Mailbox
) -> None:
    email = queue(workshop)
    with workshop_scope(workshop.pk):
        WorkshopEmail.objects.update(
            state=EmailState.SENDING, claimed_at=timezone.now(), attempts=len(RETRY_DELAYS) + 1
        )
    with time_machine.travel(timezone.now() + SENDING_LASTS_AT_MOST + timedelta(seconds=1), tick=False):
        sweep_outbox()
    assert platform_smtp.messages == []
    assert reread(email).state == EmailState.FAILED
    assert reread(email).last_error


@pytest.mark.spec("NOT-05")
@pytest.mark.parametrize("ends", ["\n", "\x0b", "\x0c", "\x1c", "\u2028"])
def test_a_name_on_two_lines_stops_no_message_and_adds_no_recipient(
    workshop: Workshop, platform_smtp: Mailbox, ends: str
) -> None:
    with workshop_scope(workshop.pk):
        Workshop.objects.filter(pk=workshop.pk).update(name=f"Atelier{ends}Bcc: tous@exemple.test")
    workshop.name = f"Atelier{ends}Bcc: tous@exemple.test"
    email = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert reread(email).state == EmailState.SENT
    (message,) = platform_smtp.messages
    assert message["Bcc"] is None
    assert "tous@exemple.test" in message["From"]


def test_a_header_that_python_itself_refuses_is_a_message_that_failed(
    workshop: Workshop, platform_smtp: Mailbox
) -> None:
    email = queue(workshop)
    with workshop_scope(workshop.pk):
        WorkshopEmail.objects.update(subject="Devis\x0bBcc: tous@exemple.test")
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert reread(email).state == EmailState.FAILED
    assert platform_smtp.messages == []


@pytest.mark.spec("NOT-05")
def test_a_server_that_postpones_is_tried_again_later_and_later_then_given_up(
    workshop: Workshop, platform_smtp: Mailbox
) -> None:
    platform_smtp.answer = "451 4.3.0 Try again later"
    email = queue(workshop)
    moment = timezone.now()
    for number, delay in enumerate(RETRY_DELAYS, start=1):
        with time_machine.travel(moment, tick=False):
            send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
            row = reread(email)
            assert (row.state, row.attempts) == (EmailState.RETRYING, number)
            assert row.next_attempt_at == timezone.now() + delay
            moment = row.next_attempt_at
    assert "451" in reread(email).last_error
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert reread(email).state == EmailState.FAILED


@pytest.mark.spec("NOT-05")
def test_a_server_that_is_down_does_not_lose_the_message(workshop: Workshop, settings: Settings) -> None:
    settings.PLATFORM_EMAIL_URL = "smtp://127.0.0.1:9"
    email = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert reread(email).state == EmailState.RETRYING


@pytest.mark.spec("NOT-05")
def test_a_refused_recipient_has_bounced_and_a_refused_message_has_failed(
    workshop: Workshop, platform_smtp: Mailbox
) -> None:
    platform_smtp.refused_recipients["camille@exemple.test"] = "550 5.1.1 No such user"
    email = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert (reread(email).state, reread(email).last_error) == (EmailState.BOUNCED, "550 5.1.1 No such user")
    platform_smtp.refused_recipients.clear()
    platform_smtp.answer = "554 5.7.1 Spam"
    other = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=other.pk)
    assert reread(other).state == EmailState.FAILED


def test_a_missing_attachment_fails_at_once(workshop: Workshop, platform_smtp: Mailbox) -> None:
    email = queue(workshop, attachments=[Attachment("w1/nothing", "devis.pdf", "application/pdf")])
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    assert reread(email).state == EmailState.FAILED
    assert platform_smtp.messages == []


@pytest.mark.spec("NOT-05", "AUD-02")
def test_a_failed_message_can_be_sent_again_and_a_sent_one_cannot(
    workshop: Workshop,
    actor: Actor,
    platform_smtp: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    platform_smtp.answer = "554 5.7.1 Spam"
    email = queue(workshop)
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    platform_smtp.answer = "250 OK"
    with django_capture_on_commit_callbacks(execute=True), workshop_scope(workshop.pk):
        resend_email(workshop=workshop, actor=actor, email=email)
    assert reread(email).state == EmailState.SENT
    with workshop_scope(workshop.pk), pytest.raises(RuleError):
        resend_email(workshop=workshop, actor=actor, email=email)
    assert len(platform_smtp.messages) == 1
    with workshop_scope(workshop.pk):
        told = AuditEntry.objects.get(action="email.resent")
    assert (told.actor, told.subject_kind, told.subject_pk) == (actor.label, "workshopemail", email.pk)
    # A person who is erased is named in no message any more: the trail never named them.
    assert "camille" not in f"{told.subject_label}{told.changes}".lower()
    assert told.label != told.action and told.kind_name == "Message"


@pytest.mark.spec("NOT-03")
def test_the_link_of_a_sent_message_is_forgotten(workshop: Workshop, platform_smtp: Mailbox) -> None:
    email = queue(workshop)
    assert "secret-token" in email.text
    assert "secret-token" in email.html
    send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
    kept = reread(email)
    assert "secret-token" in platform_smtp.messages[0].get_body(("html",)).get_content()
    assert "secret-token" not in kept.text + kept.html
    assert "DEV-2026-0042" in kept.text


def test_a_missing_value_is_a_programming_error(workshop: Workshop) -> None:
    with pytest.raises(KeyError):
        queue(workshop, context={"lien": CONTEXT["lien"]})


def test_queueing_outside_the_scope_is_refused(workshop: Workshop) -> None:
    from app.notify.services import queue_email
    from app.tenancy.actor import Actor

    with pytest.raises(ScopeError):
        queue_email(
            workshop=workshop,
            actor=Actor.system("test"),
            kind="quote_new_customer",
            to="a@exemple.test",
            context=CONTEXT,
        )


@pytest.mark.spec("EML-01", "EML-03", "NOT-05")
def test_any_mail_of_django_goes_through_the_outbox_in_the_identity(
    db: None,
    outbox_backend: None,
    platform_smtp: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send_mail(
            "Votre code", "Bonjour,\n\nhttp://testserver/confirmer/abc\n\nÀ bientôt <b>", None, ["zoe@exemple.test"]
        )
    (message,) = platform_smtp.messages
    html = message.get_body(("html",)).get_content()
    assert 'href="http://testserver/confirmer/abc"' in html
    assert "À bientôt &lt;b&gt;" in html
    row = PlatformEmail.objects.get()
    assert (row.state, row.text, row.html) == (EmailState.SENT, "", "")


def test_a_mail_of_django_keeps_its_recipients_and_files(
    db: None,
    outbox_backend: None,
    platform_smtp: Mailbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        mail = EmailMessage("Objet", "Texte", to=["a@exemple.test"], cc=["b@exemple.test"], reply_to=["c@exemple.test"])
        mail.attach("rapport.txt", "contenu", "text/plain")
        mail.send()
    assert [message["To"] for message in platform_smtp.messages] == ["a@exemple.test", "b@exemple.test"]
    attachment = next(platform_smtp.messages[0].iter_attachments())
    assert (attachment.get_filename(), attachment.get_content().strip()) == ("rapport.txt", "contenu")
    assert platform_smtp.messages[0]["Reply-To"] == "c@exemple.test"


def test_a_mail_of_django_with_a_page_and_an_endless_subject_is_kept(db: None, outbox_backend: None) -> None:
    mail = EmailMultiAlternatives("Erreur : " + "é" * 900, "Texte\x00", to=["a@exemple.test"])
    mail.attach_alternative("<p>Texte\x00</p>", "text/html")
    mail.send()
    row = PlatformEmail.objects.get()
    assert (len(row.subject), row.subject[:12]) == (250, "Erreur : ééé")
    assert (row.text, row.html) == ("Texte ", "<p>Texte </p>")
