"""Celery entry points of the outbox.

They do not stand on WorkshopTask, which opens one transaction around the task: here the network call must
happen between two of them. The services open the scopes.
"""

from celery import shared_task

from app.notify.services import delivery, mailboxes, pushing


@shared_task  # type: ignore[untyped-decorator]
def send_workshop_email(*, workshop_id: int, email_pk: int) -> None:
    """Send one message of a workshop."""
    delivery.send_workshop_email(workshop_id=workshop_id, email_pk=email_pk)


@shared_task  # type: ignore[untyped-decorator]
def send_platform_email(*, email_pk: int) -> None:
    """Send one message of the product."""
    delivery.send_platform_email(email_pk=email_pk)


@shared_task  # type: ignore[untyped-decorator]
def send_push(*, workshop_id: int, message_pk: int) -> None:
    """Send one notification to one device."""
    pushing.send_push(workshop_id=workshop_id, message_pk=message_pk)


@shared_task  # type: ignore[untyped-decorator]
def check_mailbox(*, workshop_id: int) -> None:
    """Sign in to the workshop's mail provider and keep its answer."""
    mailboxes.check_mailbox(workshop_id=workshop_id)


@shared_task  # type: ignore[untyped-decorator]
def sweep_outbox() -> None:
    """Every 30 s: send what is due and what lost tasks, Redis or dead workers left behind."""
    due = delivery.take_due()
    for email_pk in due.platform:
        send_platform_email.delay(email_pk=email_pk)
    for workshop_id, email_pk in due.workshops:
        send_workshop_email.delay(workshop_id=workshop_id, email_pk=email_pk)
    for workshop_id, message_pk in pushing.take_due():
        send_push.delay(workshop_id=workshop_id, message_pk=message_pk)


@shared_task  # type: ignore[untyped-decorator]
def forget_pushes() -> None:
    """Once a night: the notifications of last week."""
    pushing.forget_pushes()
