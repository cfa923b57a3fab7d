"""Reads of the outbox, of the mailbox and of the workshop's words. All want the workshop's scope."""

from collections.abc import Iterable

from django.db.models import QuerySet

from app.notify.constants import EmailState
from app.notify.events import HEARING, StaffEvent
from app.notify.kinds import EmailKind
from app.notify.models import EmailTemplate, Mailbox, PushDevice, StaffChoice, WorkshopEmail
from app.notify.rendering import Words, default_words
from app.tenancy.permissions import Permission


def list_emails(*, state: str = "", query: str = "") -> QuerySet[WorkshopEmail]:
    """Messages of the workshop, newest first, in the order (`-created_at`, `-id`); contents are not read."""
    emails = WorkshopEmail.objects.defer("html", "text", "attachments")
    if state in EmailState.values:
        emails = emails.filter(state=state)
    if query:
        emails = emails.filter(to__icontains=query.strip())
    return emails


def emails_about(subject_kind: str, subject_pk: int) -> QuerySet[WorkshopEmail]:
    """Messages about one object (`"quote"`, 12), newest first."""
    return list_emails().filter(subject_kind=subject_kind, subject_pk=subject_pk).order_by("-created_at", "-pk")


def all_emails() -> QuerySet[WorkshopEmail]:
    """Every message of the workshop, contents included."""
    return WorkshopEmail.objects.all()


def find_mailbox() -> Mailbox | None:
    """The workshop's mailbox, or None while it sends through the product."""
    return Mailbox.objects.first()


def count_held() -> int:
    """How many messages wait for the mailbox: a handful at most, so counting is cheap."""
    return WorkshopEmail.objects.filter(state=EmailState.HELD).count()


def find_template(kind: EmailKind) -> EmailTemplate | None:
    """The workshop's own words for a kind, or None."""
    return EmailTemplate.objects.filter(kind=kind.key).first() if kind.is_editable else None


def find_words(kind: EmailKind, language: str) -> Words:
    """The words to use: the workshop's own, or else the product's."""
    template = find_template(kind)
    return Words(template.subject, template.body) if template else default_words(kind, language)


def reworded_kinds() -> set[str]:
    """The kinds that the workshop has reworded."""
    return set(EmailTemplate.objects.values_list("kind", flat=True))


def choices_of_all(event: StaffEvent) -> dict[int, tuple[bool, bool]]:
    """How each member who has chosen wants to hear of an event: by mail, by push; keyed by person."""
    rows = StaffChoice.objects.filter(event=event)
    return {row.user_id: (row.by_email, row.by_push) for row in rows}


def choices_of(user_pk: int, permissions: Iterable[Permission]) -> dict[StaffEvent, tuple[bool, bool]]:
    """What a member with these rights may hear of, and how they hear it: their choice, else the default."""
    chosen = {row.event: (row.by_email, row.by_push) for row in StaffChoice.objects.filter(user_id=user_pk)}
    return {
        event: chosen.get(event, (HEARING[event].by_email, HEARING[event].by_push))
        for event in StaffEvent
        if HEARING[event].permission in permissions
    }


def list_devices(user_pk: int) -> "QuerySet[PushDevice]":
    """The devices on which a member is told, the latest first."""
    return PushDevice.objects.filter(user_id=user_pk).order_by("-created_at", "-pk")


def get_device(user_pk: int, device_pk: int) -> PushDevice:
    """One device of a member; PushDevice.DoesNotExist for anybody else's."""
    return PushDevice.objects.get(user_id=user_pk, pk=device_pk)
