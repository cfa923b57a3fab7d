"""Writes of the outbox: what other apps call is here."""

from app.notify.alerts import News
from app.notify.services.outbox import Attachment, queue_email, queue_platform_email
from app.notify.services.staff import tell_staff

__all__ = ["Attachment", "News", "queue_email", "queue_platform_email", "tell_staff"]
