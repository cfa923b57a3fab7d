"""Reading the mails that the catcher kept."""

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

NAME = re.compile(r"\d{17}-[0-9a-f]{8}\.eml")
LINK = re.compile(r"https?://[^\s\"'<>\])]+")
SHOWN = 200


@dataclass(frozen=True)
class Attachment:
    """A file joined to a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class CaughtMail:
    """One message, decoded for a page."""

    name: str
    subject: str
    sender: str
    to: str
    sent_at: datetime | None
    html: str
    text: str
    attachments: tuple[Attachment, ...]

    @property
    def links(self) -> list[str]:
        """The addresses in the message, each once, in order: what a person would click."""
        found = LINK.findall(self.html.replace("&amp;", "&") or self.text)
        return list(dict.fromkeys(link.rstrip(".,;:!?") for link in found))


def list_mails(folder: Path) -> list[CaughtMail]:
    """The newest messages first."""
    names = sorted((path.name for path in folder.glob("*.eml") if NAME.fullmatch(path.name)), reverse=True)
    return [_decode(folder, name) for name in names[:SHOWN]]


def find_mail(folder: Path, name: str) -> CaughtMail | None:
    """One message, or None; the name never leaves the folder."""
    return _decode(folder, name) if NAME.fullmatch(name) and (folder / name).is_file() else None


def delete_mails(folder: Path) -> None:
    """Forget every message."""
    for path in folder.glob("*.eml"):
        if NAME.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _decode(folder: Path, name: str) -> CaughtMail:
    message = message_from_bytes((folder / name).read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    html, text = _body(message, "html"), _body(message, "plain")
    return CaughtMail(
        name=name,
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or message["X-Envelope-From"] or ""),
        to=str(message["X-Envelope-To"] or message["To"] or ""),
        sent_at=_date(message),
        html=_with_pictures(html, message),
        text=text,
        attachments=tuple(_attachment(part) for part in message.iter_attachments()),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return None


def _attachment(part: EmailMessage) -> Attachment:
    return Attachment(part.get_filename() or "document", part.get_content_type(), _bytes(part))


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else part.as_bytes()


def _with_pictures(html: str, message: EmailMessage) -> str:
    """Pictures carried by the message, put into the page itself, which may fetch nothing."""
    for part in message.walk():
        identifier = str(part["Content-ID"] or "").strip("<>")
        if identifier and part.get_content_maintype() == "image":
            data = base64.b64encode(_bytes(part)).decode()
            html = html.replace(f"cid:{identifier}", f"data:{part.get_content_type()};base64,{data}")
    return html
