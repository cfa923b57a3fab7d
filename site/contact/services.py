"""Keeping what people write, telling both sides, and forgetting it in time."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cms.models import PublisherSettings
from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.module_loading import import_string
from wagtail.models import Site

from .constants import KEPT, SPAM_KEPT, State
from .models import Message


def receive(*, token: UUID, values: Mapping[str, Any], is_trapped: bool) -> bool:
    """Keep a message and tell the publisher and its author; False when this form was received already.

    A message that fell into the trap for programs is kept as spam, and nobody is told.
    """
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(
            token=token, defaults={**values, "state": State.SPAM if is_trapped else State.NEW}
        )
        if is_new and not is_trapped:
            _tell(message)
    return is_new


def handle(*, message_pk: int, state: State, note: str, by: str) -> None:
    """Say what became of a message. LookupError when it no longer exists."""
    values: dict[str, Any] = {"state": state, "note": note}
    is_open = state == State.NEW
    values |= {"handled_at": None if is_open else timezone.now(), "handled_by": "" if is_open else by}
    if not Message.objects.filter(pk=message_pk).update(**values):
        raise LookupError(message_pk)


def forget_old_messages() -> int:
    """Remove the messages that were kept long enough; how many."""
    now = timezone.now()
    old = Message.objects.filter(at__lt=now - KEPT) | Message.objects.filter(state=State.SPAM, at__lt=now - SPAM_KEPT)
    return old.delete()[0]


def _tell(message: Message) -> None:
    """One mail to the publisher, where its address is known, and one to the author, without what they wrote."""
    send = import_string(settings.PLATFORM_EMAIL)
    with translation.override(message.language):
        subject = str(message.get_subject_display())
        send(
            kind="contact_received",
            to=message.email,
            context={"nom": message.name, "sujet": subject, "rendez_vous": _appointment(message)},
            dedupe_key=f"contact:{message.token}:author",
            language=message.language,
        )
    to = PublisherSettings.for_site(Site.objects.get(is_default_site=True)).email
    if not to:
        return
    with translation.override("fr"):
        context = {
            "nom": message.name,
            "sujet": str(message.get_subject_display()),
            "email": message.email,
            "telephone": message.phone or "—",
            "atelier": message.workshop or message.workshop_slug or "—",
            "message": message.text or "—",
            "rendez_vous": _appointment(message),
            "lien": f"{settings.BASE_URL}/editeur/messages/{message.pk}/",
        }
        send(kind="contact_message", to=to, context=context, dedupe_key=f"contact:{message.token}:publisher")


def _appointment(message: Message) -> str:
    """When to call, in words; "" for a message that asks for no call."""
    if message.call_on is None:
        return ""
    return f"{formats.date_format(message.call_on, 'l j F Y')}, {message.get_call_at_display()}"
