"""Reads of the outbox, of the mailbox and of the workshop's words. All want the workshop's scope."""

from collections.abc import Iterable

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet

from app.notify.alerts import AlertState
from app.notify.constants import CUSTOMERS_LANGUAGE, EmailState
from app.notify.events import HEARING, StaffEvent
from app.notify.kinds import KINDS, EmailKind
from app.notify.models import Alert, EmailTemplate, Mailbox, PushDevice, StaffChoice, WorkshopEmail
from app.notify.rendering import Words, default_words
from app.tenancy.models import Site
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


def is_queued(dedupe_key: str) -> bool:
    """Whether a message was written under this key, whatever became of it."""
    return WorkshopEmail.objects.filter(dedupe_key=dedupe_key).exists()


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


def language_of(kind: str, customer_language: str) -> str:
    """The language to write to a customer in: theirs, or that of the workshop's own words where it has some."""
    return CUSTOMERS_LANGUAGE if find_template(KINDS[kind]) else customer_language


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


def list_alerts(*, state: str = "", level: str = "", cause: str = "", site: str = "") -> QuerySet[Alert]:
    """The alerts, newest first in the order (`-raised_at`, `-id`); without a state, those that are not resolved.

    An alert that concerns every site is one of each site.
    """
    alerts = Alert.objects.select_related("site")
    is_over = state == AlertState.RESOLVED
    alerts = alerts.filter(resolved_at__isnull=not is_over)
    if state in (AlertState.NEW, AlertState.SEEN):
        alerts = alerts.filter(seen_at__isnull=state == AlertState.NEW)
    if level.isdecimal() and len(level) == 1:
        alerts = alerts.filter(level=int(level))
    if cause:
        alerts = alerts.filter(cause=cause)
    if site.isdecimal() and len(site) < 19:
        alerts = alerts.filter(Q(site=int(site)) | Q(site=None))
    return alerts


def get_alert(alert_pk: int) -> Alert:
    """One alert; Alert.DoesNotExist when it is not in this workshop."""
    return Alert.objects.get(pk=alert_pk)


def count_new_alerts(workshop_pk: int) -> int:
    """How many alerts nobody has seen, from the cache alone, since every page shows it: no question to the database.

    It is kept after each change; a cache that was emptied says none until the next one, or until the list is opened.
    """
    return int(cache.get(_count_key(workshop_pk)) or 0)


def keep_count(workshop_pk: int, count: int) -> None:
    """Keep how many alerts are new, once the transaction has ended well."""
    transaction.on_commit(lambda: cache.set(_count_key(workshop_pk), count, None), robust=True)


def count_new() -> int:
    """The same, counted."""
    return Alert.objects.filter(seen_at=None, resolved_at=None).count()


def _count_key(workshop_pk: int) -> str:
    return f"alerts:new:{workshop_pk}"


def list_sites() -> QuerySet[Site]:
    """The sites in use, to choose among alerts by."""
    return Site.objects.filter(archived_at=None)
