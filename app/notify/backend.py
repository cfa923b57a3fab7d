"""Django's mail back end: whatever sends a mail (allauth, error reports) ends up in the outbox."""

from collections.abc import Sequence
from email.mime.base import MIMEBase
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from app.notify.rendering import RenderedEmail, on_one_line, printable, render_plain
from app.notify.services import Attachment
from app.notify.services.outbox import queue_rendered

KIND = "django"


class OutboxBackend(BaseEmailBackend):
    """One outbox row per recipient; a mail without HTML gets the layout of the product."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue every message and return how many there were."""
        for message in email_messages:
            rendered = _rendered(message)
            attachments = [_keep(attachment) for attachment in message.attachments]
            reply_to = message.reply_to[0] if message.reply_to else ""
            for to in message.recipients():
                queue_rendered(kind=KIND, to=to, rendered=rendered, reply_to=reply_to, attachments=attachments)
        return len(email_messages)


def _rendered(message: EmailMessage) -> RenderedEmail:
    alternatives = getattr(message, "alternatives", [])
    html = next((str(content) for content, mimetype in alternatives if mimetype == "text/html"), "")
    subject, text = str(message.subject), str(message.body)
    if not html:
        return render_plain(subject, text)
    return RenderedEmail(on_one_line(subject), printable(text), printable(html))


def _keep(attachment: object) -> Attachment:
    """Put the bytes in the private storage: the row only names them."""
    if isinstance(attachment, MIMEBase):
        content, name, content_type = attachment.get_payload(decode=True), attachment.get_filename(), ""
        content_type = attachment.get_content_type()
    else:
        name, content, content_type = attachment  # type: ignore[misc]
    body = content if isinstance(content, bytes) else str(content).encode()
    key = storages["private"].save(f"mail/{uuid4().hex}", ContentFile(body))
    return Attachment(key, name or "attachment", content_type or "application/octet-stream")
