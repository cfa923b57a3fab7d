"""Notifications on their way to devices: each attempt is committed, the network is called outside any transaction."""

from datetime import datetime

from django.utils import timezone

from app.notify import push
from app.notify.constants import (
    CLAIMABLE,
    PUSH_KEPT_FOR,
    PUSH_RETRY_DELAYS,
    SENDING_LASTS_AT_MOST,
    SWEEP_SIZE,
    EmailState,
)
from app.notify.errors import DeliveryError, TemporaryError
from app.notify.models import PushDevice, PushMessage
from app.tenancy.scope import platform_scope, workshop_scope


def send_push(*, workshop_id: int, message_pk: int) -> None:
    """Send one notification if it is still to be sent. Opens its own scopes: call it outside of one."""
    with workshop_scope(workshop_id):
        claimed = PushMessage.objects.filter(pk=message_pk, state__in=CLAIMABLE).update(
            state=EmailState.SENDING, next_attempt_at=timezone.now() + SENDING_LASTS_AT_MOST
        )
        if not claimed:
            return
        message = PushMessage.objects.select_related("device").get(pk=message_pk)
    error = _try(message)
    with workshop_scope(workshop_id):
        _settle(message, error)


def take_due() -> list[tuple[int, int]]:
    """Workshop and key of what should have left and has not: lost tasks, retries, messages of a dead worker."""
    with platform_scope():
        due = PushMessage.objects.filter(
            next_attempt_at__lt=timezone.now(), state__in=[*CLAIMABLE, EmailState.SENDING]
        ).order_by("next_attempt_at")[:SWEEP_SIZE]
        found = [(message.workshop_id, message.pk) for message in due]
        PushMessage.objects.filter(pk__in=[pk for _workshop, pk in found], state=EmailState.SENDING).update(
            state=EmailState.RETRYING
        )
    return found


def forget_pushes() -> None:
    """Drop the notifications of last week, whatever became of them."""
    with platform_scope():
        PushMessage.objects.filter(created_at__lt=timezone.now() - PUSH_KEPT_FOR).delete()


def _try(message: PushMessage) -> DeliveryError | None:
    device = message.device
    payload = {"title": message.title, "body": message.body, "path": message.path, "tag": message.dedupe_key}
    try:
        push.send(endpoint=device.endpoint, p256dh=device.p256dh, auth=device.auth, payload=payload)
    except DeliveryError as error:
        return error
    return None


def _settle(message: PushMessage, error: DeliveryError | None) -> None:
    """Keep the outcome; a device that is no more goes with its messages."""
    if isinstance(error, push.DeviceGoneError):
        PushDevice.objects.filter(pk=message.device_id).delete()
        return
    message.attempts += 1
    message.state, message.next_attempt_at = _outcome(message.attempts, error)
    message.last_error = str(error or "")[:200]
    message.save(update_fields=["attempts", "state", "next_attempt_at", "last_error"])


def _outcome(attempts: int, error: DeliveryError | None) -> tuple[EmailState, datetime | None]:
    if error is None:
        return EmailState.SENT, None
    if isinstance(error, TemporaryError) and attempts <= len(PUSH_RETRY_DELAYS):
        return EmailState.RETRYING, timezone.now() + PUSH_RETRY_DELAYS[attempts - 1]
    return EmailState.FAILED, None
