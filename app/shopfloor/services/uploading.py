"""Photos in pieces: a piece is kept at its offset, the device asks how far it got and goes on from there."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import CHUNK_LARGEST, PHOTO_LARGEST, UPLOAD_FORGOTTEN_AFTER, UPLOADS_MOST
from ..locks import lock_upload
from ..models import PhotoUpload, Tablet, UploadPiece


@dataclass(frozen=True)
class Sender:
    """Whose upload it is: a person's, or a shared tablet's."""

    user_id: int | None
    tablet: Tablet | None = None

    @classmethod
    def of(cls, actor: Actor, tablet: Tablet | None) -> "Sender":
        """A tablet's uploads are its own: it goes on with them after another operator has sat down."""
        return cls(None, tablet) if tablet else cls(actor.user_id)


def find_upload(*, sender: Sender, key: UUID) -> PhotoUpload | None:
    """This sender's upload under this key, or None."""
    return PhotoUpload.objects.filter(key=key, user=sender.user_id, tablet=sender.tablet).first()


def receive_piece(*, workshop: Workshop, sender: Sender, key: UUID, size: int, start: int, content: bytes) -> int:
    """Keep a piece; how many bytes are there now. A piece that is there already changes nothing.

    RuleError for a photo above 10 MB, a piece that leaves a hole, or one beyond the size that was told.
    """
    if not 0 < size <= PHOTO_LARGEST:
        raise RuleError(_("A photo has 10 MB at most."))
    if not 0 < len(content) <= CHUNK_LARGEST:
        raise RuleError(_("This piece of the photo has the wrong size."))
    with transaction.atomic():
        upload = lock_upload(_opened(workshop, sender, key, size).pk)
        if start != upload.received:
            return upload.received
        if size != upload.size or start + len(content) > size:
            raise RuleError(_("This piece of the photo does not belong to it."))
        UploadPiece.objects.create(workshop=workshop, upload=upload, start=start, content=content)
        upload.received += len(content)
        upload.save(update_fields=["received"])
    return upload.received


def take_upload(*, sender: Sender, key: UUID, sha256: str) -> bytes:
    """The whole photo, which leaves the uploads; RuleError when it is not whole or not what left the device."""
    upload = find_upload(sender=sender, key=key)
    if upload is None or upload.received != upload.size:
        raise RuleError(_("The photo has not arrived entirely."))
    content = b"".join(bytes(piece.content) for piece in upload.pieces.all())
    upload.delete()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise RuleError(_("The photo was damaged on its way."))
    return content


def forget_uploads() -> int:
    """Remove what nobody finishes; how many photos. Call it in the platform's scope."""
    old = PhotoUpload.objects.filter(started_at__lt=timezone.now() - UPLOAD_FORGOTTEN_AFTER)
    count = old.count()
    old.delete()
    return count


def _opened(workshop: Workshop, sender: Sender, key: UUID, size: int) -> PhotoUpload:
    """This upload, or a new one; the oldest of a sender who has too many goes: its device begins it again."""
    found = find_upload(sender=sender, key=key)
    if found:
        return found
    kept = PhotoUpload.objects.filter(user=sender.user_id, tablet=sender.tablet).order_by("-started_at", "-pk")
    for oldest in kept[UPLOADS_MOST - 1 :]:
        oldest.delete()
    try:
        with transaction.atomic():
            return PhotoUpload.objects.create(
                workshop=workshop, key=key, user_id=sender.user_id, tablet=sender.tablet, size=size
            )
    except IntegrityError as error:
        found = find_upload(sender=sender, key=key)
        if found is None:
            raise RuleError(_("This key belongs to somebody else's photo.")) from error
        return found
