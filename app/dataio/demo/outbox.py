"""The demonstration's mails: shown as sent at their time, without leaving."""

from datetime import datetime

from app.notify.constants import EmailState
from app.notify.kinds import KINDS
from app.notify.models import WorkshopEmail
from app.notify.rendering import hide_links


def settle_mails(moment: datetime) -> None:
    """What waits in the outbox left at `moment`, and keeps only what a sent message keeps. In a workshop's scope."""
    for email in WorkshopEmail.objects.filter(state=EmailState.QUEUED):
        if not KINDS[email.kind].keeps_link:
            email.text, email.html = hide_links(email.text), hide_links(email.html)
        email.state, email.attempts, email.next_attempt_at = EmailState.SENT, 1, None
        email.created_at = email.sent_at = moment
        email.save()
