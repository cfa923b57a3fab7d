"""Writes of the outbox: what other apps call is here."""

from app.notify.services.outbox import Attachment, queue_email, queue_platform_email

__all__ = ["Attachment", "queue_email", "queue_platform_email"]
