"""Telling the people of a workshop what happens, each as they chose: by mail, on their devices, both or not at all."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone, translation

from app.audit.services import record
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.notify.alerts import News
from app.notify.constants import FIRST_SWEEP_AFTER, SEND_PUSH
from app.notify.events import HEARING, StaffEvent
from app.notify.models import PushDevice, PushMessage, StaffChoice
from app.notify.push import accepts
from app.notify.selectors import choices_of_all
from app.notify.services.outbox import queue_email
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url
from app.tenancy.models import Membership, Workshop
from app.tenancy.selectors import list_members_with

MOST_DEVICES = 10
TITLE_LONGEST, BODY_LONGEST = 120, 200


@dataclass(frozen=True)
class Listener:
    """A member who may hear of an event, and how."""

    member: Membership
    by_email: bool
    by_push: bool


def list_listeners(event: StaffEvent) -> Iterator[Listener]:
    """The active members of the workshop in scope with the right to hear of an event, and what each chose."""
    hearing, chosen = HEARING[event], choices_of_all(event)
    for member in list_members_with(hearing.permission):
        by_email, by_push = chosen.get(member.user_id, (hearing.by_email, hearing.by_push))
        yield Listener(member, by_email, by_push)


def tell_staff(
    *, workshop: Workshop, actor: Actor, event: StaffEvent, news: Callable[[], News], path: str, dedupe_key: str
) -> None:
    """Tell whoever wants to hear of an event but the person who made it; `news` is asked once a language.

    `path` is the page that it opens. A key told once is not told again.
    """
    for listener in list_listeners(event):
        if listener.member.user_id == actor.user_id:
            continue
        with translation.override(listener.member.user.language):
            said = news()
        if listener.by_email:
            _mail(workshop, actor, listener.member, said, path, f"{event}:{dedupe_key}")
        if listener.by_push:
            queue_push(
                workshop=workshop, member=listener.member, event=event, news=said, path=path, dedupe_key=dedupe_key
            )


def queue_push(
    *, workshop: Workshop, member: Membership, event: StaffEvent, news: News, path: str, dedupe_key: str
) -> None:
    """Write a message for each device of a member, in the caller's transaction; they leave after the commit."""
    for device in PushDevice.objects.filter(user_id=member.user_id):
        message, is_new = PushMessage.objects.get_or_create(
            workshop=workshop, device=device, dedupe_key=f"{event}:{dedupe_key}",
            defaults={"event": event, "title": news.title[:TITLE_LONGEST], "body": news.body[:BODY_LONGEST],
                      "path": path, "next_attempt_at": timezone.now() + FIRST_SWEEP_AFTER},
        )  # fmt: skip
        if is_new:
            send_on_commit(SEND_PUSH, workshop_id=workshop.pk, message_pk=message.pk)


def choose(*, workshop: Workshop, user_pk: int, wanted: Mapping[StaffEvent, tuple[bool, bool]]) -> None:
    """Keep how a member wants to hear of each event: by mail, by push."""
    with transaction.atomic():
        for event, (by_email, by_push) in wanted.items():
            StaffChoice.objects.update_or_create(
                workshop=workshop, user_id=user_pk, event=event,
                defaults={"by_email": by_email, "by_push": by_push},
            )  # fmt: skip


def add_device(
    *, workshop: Workshop, actor: Actor, user_pk: int, endpoint: str, p256dh: str, auth: str, name: str
) -> PushDevice:
    """Tell a member in this browser from now on, in place of the oldest when there are too many; RuleError when the
    address is that of no push service.

    A browser belongs to whoever asked last: the former person of a shared one is told there no more.
    """
    if not accepts(endpoint):
        raise RuleError("endpoint", field="endpoint")
    with transaction.atomic():
        others = PushDevice.objects.filter(user_id=user_pk).exclude(endpoint=endpoint).order_by("-created_at", "-pk")
        for oldest in others[MOST_DEVICES - 1 :]:
            oldest.delete()
        device, is_new = PushDevice.objects.update_or_create(
            workshop=workshop, endpoint=endpoint,
            defaults={"user_id": user_pk, "p256dh": p256dh, "auth": auth, "name": name},
        )  # fmt: skip
        if is_new:
            record(workshop=workshop, actor=actor, action="push.device_added", subject=device)
    return device


def remove_device(*, workshop: Workshop, actor: Actor, device: PushDevice) -> None:
    """Tell nothing more to a device."""
    with transaction.atomic():
        record(workshop=workshop, actor=actor, action="push.device_removed", subject=device)
        device.delete()


def _mail(workshop: Workshop, actor: Actor, member: Membership, said: News, path: str, key: str) -> None:
    queue_email(
        workshop=workshop, actor=actor, kind="staff_event", to=member.user.email,
        context={"prenom": member.user.first_name or workshop.name, "titre": said.title, "texte": said.body,
                 "lien": absolute_url(path)},
        dedupe_key=f"{key}:{member.pk}"[:120], language=member.user.language,
    )  # fmt: skip
