"""Putting a message in the outbox: a row in the caller's transaction, a task once it is committed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.entitlements.constants import Dimension
from app.entitlements.services import consume, count
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.kernel.phones import display_phone
from app.notify.constants import (
    CUSTOMERS_LANGUAGE,
    FIRST_SWEEP_AFTER,
    RESENDABLE,
    SEND_PLATFORM_EMAIL,
    SEND_WORKSHOP_EMAIL,
    EmailState,
)
from app.notify.kinds import KINDS, EmailKind
from app.notify.kinds_base import STOP_ADDRESS
from app.notify.models import PlatformEmail, WorkshopEmail
from app.notify.rendering import DEFAULT_ACCENT, Brand, RenderedEmail, default_words, render_email
from app.notify.selectors import find_words
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the private storage that goes with a message; it is read when the message leaves."""

    storage_key: str
    name: str
    content_type: str


def queue_email(
    *,
    workshop: Workshop,
    kind: str,
    to: str,
    context: Mapping[str, str],
    actor: Actor,
    subject_ref: models.Model | None = None,
    attachments: Sequence[Attachment] = (),
    dedupe_key: str | None = None,
    language: str = CUSTOMERS_LANGUAGE,
) -> WorkshopEmail:
    """Queue a message of a workshop, inside its scope; it leaves after the commit, and never without it.

    `context` holds the kind's variables; `atelier`, `telephone_atelier` and `adresse_atelier` are filled in. Its
    STOP_ADDRESS, if any, is also what lets a mail program stop these messages by itself: a POST alone must do it. With
    a `dedupe_key` already used in this workshop, the message that exists is returned and nothing new leaves.
    QuotaReachedError for an optional kind when the quota of messages is reached; the others always leave.
    """
    definition = KINDS[kind]
    values = {**workshop_values(workshop), **context}
    rendered = render_email(
        definition,
        values,
        words=find_words(definition, language),
        brand=workshop_brand(workshop, definition),
        language=language,
    )
    email = WorkshopEmail(
        workshop=workshop,
        **_fields(definition, to, rendered, dedupe_key),
        unsubscribe_url=context.get(STOP_ADDRESS, ""),
        reply_to=workshop.email,
        attachments=[asdict(attachment) for attachment in attachments],
        subject_kind=(subject_ref._meta.model_name or "") if subject_ref else "",
        subject_pk=subject_ref.pk if subject_ref else None,
        requested_by=actor.label,
        user_id=actor.user_id,
    )
    with transaction.atomic():
        if not _insert(email):
            return WorkshopEmail.objects.get(dedupe_key=dedupe_key)
        take = consume if definition.is_optional else count
        take(workshop=workshop, dimension=Dimension.EMAILS, actor=actor)
    send_on_commit(SEND_WORKSHOP_EMAIL, workshop_id=workshop.pk, email_pk=email.pk)
    return email


def queue_platform_email(
    *, kind: str, to: str, context: Mapping[str, str], dedupe_key: str | None = None, language: str = "fr"
) -> PlatformEmail:
    """Queue a message of the product to a person, whatever the workshop; same promise as `queue_email`."""
    definition = KINDS[kind]
    words = default_words(definition, language)
    rendered = render_email(definition, context, words=words, brand=Brand(), language=language)
    return queue_rendered(
        kind=definition.key,
        to=to,
        rendered=rendered,
        dedupe_key=dedupe_key,
        unsubscribe_url=context.get(STOP_ADDRESS, ""),
    )


def queue_rendered(
    *,
    kind: str,
    to: str,
    rendered: RenderedEmail,
    dedupe_key: str | None = None,
    reply_to: str = "",
    attachments: Sequence[Attachment] = (),
    unsubscribe_url: str = "",
) -> PlatformEmail:
    """Queue a message of the product whose words are already written (Django's and allauth's own mails)."""
    email = PlatformEmail(
        **_fields(kind, to, rendered, dedupe_key),
        unsubscribe_url=unsubscribe_url,
        reply_to=reply_to,
        attachments=[asdict(attachment) for attachment in attachments],
    )
    if not _insert(email):
        return PlatformEmail.objects.get(dedupe_key=dedupe_key)
    send_on_commit(SEND_PLATFORM_EMAIL, email_pk=email.pk)
    return email


def resend_email(*, workshop: Workshop, actor: Actor, email: WorkshopEmail) -> None:
    """Send again a message that failed or waits. Raises RuleError when it has left or is leaving."""
    with transaction.atomic():
        requeued = WorkshopEmail.objects.filter(pk=email.pk, state__in=RESENDABLE).update(
            state=EmailState.QUEUED, attempts=0, last_error="", next_attempt_at=timezone.now() + FIRST_SWEEP_AFTER
        )
        if not requeued:
            raise RuleError(_("This message has already left."))
        changes = {"kind": KINDS[email.kind].label if email.kind in KINDS else email.kind, "state": email.state}
        record(workshop=workshop, actor=actor, action="email.resent", subject=email, changes=changes)
    send_on_commit(SEND_WORKSHOP_EMAIL, workshop_id=workshop.pk, email_pk=email.pk)


def resend_platform_email(*, email_pk: int) -> None:
    """Send again a message of the product that failed or waits. Raises RuleError when it has left or is leaving."""
    requeued = PlatformEmail.objects.filter(pk=email_pk, state__in=RESENDABLE).update(
        state=EmailState.QUEUED, attempts=0, last_error="", next_attempt_at=timezone.now() + FIRST_SWEEP_AFTER
    )
    if not requeued:
        raise RuleError(_("This message has already left."))
    send_on_commit(SEND_PLATFORM_EMAIL, email_pk=email_pk)


def workshop_values(workshop: Workshop) -> dict[str, str]:
    """The variables that any message of a workshop may use."""
    address = ", ".join(part for part in (workshop.street, f"{workshop.postcode} {workshop.city}".strip()) if part)
    return {
        "atelier": workshop.name,
        "telephone_atelier": display_phone(str(workshop.phone)) if workshop.phone else workshop.email,
        "adresse_atelier": address,
    }


def workshop_brand(workshop: Workshop, kind: EmailKind) -> Brand:
    """Customers see the workshop; its staff see the product."""
    if not kind.is_editable:
        return Brand()
    values = workshop_values(workshop)
    lines = (workshop.name, values["adresse_atelier"], values["telephone_atelier"])
    return Brand(workshop.name, workshop.accent or DEFAULT_ACCENT, " · ".join(line for line in lines if line))


def _fields(kind: EmailKind | str, to: str, rendered: RenderedEmail, dedupe_key: str | None) -> dict[str, Any]:
    """What both outboxes share. The message id is chosen now: every attempt bears the same one."""
    return {
        "kind": kind if isinstance(kind, str) else kind.key,
        "to": to,
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
        "dedupe_key": dedupe_key,
        "message_id": make_msgid(domain=urlsplit(settings.BASE_URL).hostname),
        "next_attempt_at": timezone.now() + FIRST_SWEEP_AFTER,
    }


def _insert(email: WorkshopEmail | PlatformEmail) -> bool:
    """False when the unique key says that this message was queued before."""
    try:
        with transaction.atomic():
            email.save(force_insert=True)
    except IntegrityError as error:
        if "sent_once" not in str(error):
            raise
        return False
    return True
