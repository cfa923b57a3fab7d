"""Reading what people wrote."""

from django.db.models import Count, QuerySet

from .constants import State, Subject
from .models import Message


def list_messages(*, state: str = "", subject: str = "", text: str = "") -> "QuerySet[Message]":
    """The messages of this state and subject whose author, workshop or words hold this text, newest first."""
    messages = Message.objects.all()
    if state:
        messages = messages.filter(state=state)
    if subject:
        messages = messages.filter(subject=subject)
    for word in text.split()[:5]:
        messages = messages.filter(name__icontains=word) | messages.filter(email__icontains=word) | messages.filter(
            workshop__icontains=word
        )  # fmt: skip
    return messages


def count_messages() -> dict[str, int]:
    """How many messages there are in each state."""
    found = dict(Message.objects.values_list("state").annotate(Count("pk")).order_by())
    return {state: found.get(state, 0) for state in State.values}


def find_message(message_pk: int) -> Message | None:
    """One message, or None."""
    return Message.objects.filter(pk=message_pk).first()


def list_asked_calls(workshop_slug: str) -> list[Message]:
    """The set-up calls that a workshop asked for, newest first."""
    return list(Message.objects.filter(workshop_slug=workshop_slug, subject=Subject.SET_UP)[:5])
