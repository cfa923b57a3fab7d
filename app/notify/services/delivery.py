"""Taking messages out of the outbox, one at a time, without losing or repeating any.

A message is claimed (state `sending`, committed) before the connection opens and its outcome is committed after it
closes; nothing is held open on the database meanwhile. A worker that dies in between leaves it `sending`: after
SENDING_LASTS_AT_MOST the sweep gives it back. Whether the server had taken it cannot be known, so it is sent again
with the same Message-ID, by which mail servers and programs drop the second copy: at least once, never lost.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.files.storage import storages
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from app.notify.constants import (
    CLAIMABLE,
    FIRST_SWEEP_AFTER,
    RETRY_DELAYS,
    SENDING_LASTS_AT_MOST,
    SWEEP_SIZE,
    EmailState,
    Health,
)
from app.notify.errors import AccountRefusedError, DeliveryError, RecipientRefusedError, TemporaryError
from app.notify.kinds import KINDS, Sender
from app.notify.models import Mailbox, OutgoingEmail, PlatformEmail, WorkshopEmail
from app.notify.rendering import hide_links
from app.notify.selectors import find_mailbox
from app.notify.senders import deliver, mailbox_connection, platform_connection
from app.notify.services.mailboxes import record_health
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope, workshop_scope


@dataclass(frozen=True, slots=True)
class Due:
    """What the sweep found: messages of the product, and messages of workshops with their workshop."""

    platform: list[int]
    workshops: list[tuple[int, int]]


def send_workshop_email(*, workshop_id: int, email_pk: int) -> None:
    """Send one message of a workshop if it is still to be sent. Opens its own scopes: call it outside of one."""
    with workshop_scope(workshop_id):
        if not _claim(WorkshopEmail.objects.filter(pk=email_pk)):
            return
        email = WorkshopEmail.objects.get(pk=email_pk)
        workshop = Workshop.objects.get(pk=workshop_id)
        by_workshop = KINDS[email.kind].sender is Sender.WORKSHOP
        mailbox = find_mailbox() if by_workshop else None
    if mailbox and mailbox.needs_attention:
        error: DeliveryError | None = AccountRefusedError(mailbox.last_error)  # not asked again: it would lock it
    else:
        error = _try(email, sender=_sender_of(workshop, mailbox, by_workshop), mailbox=mailbox)
    with workshop_scope(workshop_id):
        _settle(WorkshopEmail.objects.filter(pk=email_pk), email, error, holds=mailbox is not None)
        if mailbox:
            record_health(workshop=workshop, mailbox=mailbox, error=error)


def send_platform_email(*, email_pk: int) -> None:
    """Send one message of the product if it is still to be sent."""
    rows = PlatformEmail.objects.filter(pk=email_pk)
    if not _claim(rows):
        return
    email = rows.get()
    error = _try(email, sender=settings.DEFAULT_FROM_EMAIL, mailbox=None)
    _settle(rows, email, error, holds=False)


def take_due() -> Due:
    """What should have left and has not: lost tasks, retries whose time has come, messages of a dead worker.

    Each message found is put back for a while, so that the next sweep does not queue it again at once.
    """
    now = timezone.now()
    platform = _take(PlatformEmail.objects.all(), now)
    with platform_scope():
        _release_held(now)
        rows = _take(WorkshopEmail.objects.all(), now)
        workshops = list(WorkshopEmail.objects.filter(pk__in=rows).values_list("workshop_id", "pk"))
    return Due(platform, workshops)


def _take(emails: QuerySet[OutgoingEmail], now: datetime) -> list[int]:
    dead = emails.filter(state=EmailState.SENDING, claimed_at__lt=now - SENDING_LASTS_AT_MOST)
    # What kills its worker at each attempt is given up like what every attempt refuses.
    dead.filter(attempts__gt=len(RETRY_DELAYS)).update(
        state=EmailState.FAILED, next_attempt_at=None, last_error=_("Each attempt was interrupted.")
    )
    dead.update(state=EmailState.RETRYING, next_attempt_at=now)
    due = emails.filter(state__in=CLAIMABLE, next_attempt_at__lte=now).order_by("next_attempt_at")
    found = list(due.values_list("pk", flat=True)[:SWEEP_SIZE])
    emails.filter(pk__in=found, state__in=CLAIMABLE).update(next_attempt_at=now + 2 * FIRST_SWEEP_AFTER)
    return found


def _release_held(now: datetime) -> None:
    """Messages wait only while their workshop's mailbox is refused; connected again or removed, they become due."""
    refused = Mailbox.objects.filter(health=Health.REFUSED).values("workshop_id")
    held = WorkshopEmail.objects.filter(state=EmailState.HELD).exclude(workshop_id__in=refused)
    held.update(state=EmailState.QUEUED, next_attempt_at=now, attempts=0)


def _claim(rows: QuerySet[OutgoingEmail]) -> bool:
    """One UPDATE decides which of two workers takes the message."""
    now = timezone.now()
    claimed = rows.filter(state__in=CLAIMABLE).update(
        state=EmailState.SENDING, claimed_at=now, attempts=F("attempts") + 1
    )
    return bool(claimed)


def _sender_of(workshop: Workshop, mailbox: Mailbox | None, by_workshop: bool) -> str:
    """The workshop's mailbox, or the product's address in the workshop's name while it has none."""
    name = " ".join(workshop.name.split())  # a header is one line
    if mailbox:
        return formataddr((name, mailbox.address))
    if by_workshop:
        return formataddr((f"{name} (ThermoGestion)", parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    return str(settings.DEFAULT_FROM_EMAIL)


def _try(email: OutgoingEmail, *, sender: str, mailbox: Mailbox | None) -> DeliveryError | None:
    try:
        with _missing_file_is_final():
            message = _message(email, sender)
        deliver(message, mailbox_connection(mailbox) if mailbox else platform_connection())
    except DeliveryError as error:
        return error
    return None


@contextmanager
def _missing_file_is_final() -> Iterator[None]:
    """An attachment that was deleted will not come back; a storage that does not answer will."""
    try:
        yield
    except FileNotFoundError as error:
        raise DeliveryError(f"attachment missing: {error}") from error
    except OSError as error:
        raise TemporaryError(str(error)) from error


def _message(email: OutgoingEmail, sender: str) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=email.subject,
        body=email.text,
        from_email=sender,
        to=[email.to],
        reply_to=[email.reply_to] if email.reply_to else None,
        headers={"Message-ID": email.message_id, "Auto-Submitted": "auto-generated", **_one_click(email)},
    )
    message.attach_alternative(email.html, "text/html")
    for attachment in email.attachments:
        with storages["private"].open(attachment["storage_key"]) as file:
            message.attach(attachment["name"], file.read(), attachment["content_type"])
    return message


def _one_click(email: OutgoingEmail) -> dict[str, str]:
    """What lets a mail program stop a kind of message by itself (RFC 2369 and 8058), for those that may be stopped."""
    if not email.unsubscribe_url:
        return {}
    return {
        "List-Unsubscribe": f"<{email.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _content_to_keep(email: OutgoingEmail) -> dict[str, str]:
    """What is left of a message once it has gone: without the addresses and codes that open something."""
    if isinstance(email, PlatformEmail):
        return {"text": "", "html": "", "unsubscribe_url": ""}
    if KINDS[email.kind].keeps_link:
        return {"unsubscribe_url": ""}
    return {"text": hide_links(email.text), "html": hide_links(email.html), "unsubscribe_url": ""}


def _settle(rows: QuerySet[OutgoingEmail], email: OutgoingEmail, error: DeliveryError | None, *, holds: bool) -> None:
    """Write the outcome of an attempt; `holds` says that a refused account makes messages wait."""
    now = timezone.now()
    if error is None:
        content = _content_to_keep(email)
        rows.update(state=EmailState.SENT, sent_at=now, next_attempt_at=None, last_error="", **content)
    elif isinstance(error, AccountRefusedError) and holds:
        rows.update(state=EmailState.HELD, next_attempt_at=None, last_error=str(error))
    elif isinstance(error, TemporaryError | AccountRefusedError) and email.attempts <= len(RETRY_DELAYS):
        delay = RETRY_DELAYS[email.attempts - 1]
        rows.update(state=EmailState.RETRYING, next_attempt_at=now + delay, last_error=str(error))
    else:
        state = EmailState.BOUNCED if isinstance(error, RecipientRefusedError) else EmailState.FAILED
        rows.update(state=state, next_attempt_at=None, last_error=str(error))
