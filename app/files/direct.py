"""Uploads that go straight to the S3 storage: a short-lived permission for one key, then the server looks at what came.

Where the storage is a folder, or S3_UPLOAD_ORIGIN is not set, nothing is offered and files come through the server.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.storage import storages
from django.utils.translation import gettext as _

from app.kernel.errors import RuleError
from app.tenancy.models import Workshop

from .constants import PHOTO_LARGEST

SALT = "app.files.direct"
LIFETIME_SECONDS = 15 * 60
INCOMING = "incoming"


@dataclass(frozen=True)
class UploadSlot:
    """Where a browser may put one file, and the token to give back once it is there."""

    url: str
    fields: dict[str, str]
    token: str


def offer_slot(workshop: Workshop, largest: int = PHOTO_LARGEST) -> UploadSlot | None:
    """A place for one file of at most `largest` bytes, for a quarter of an hour; None when the storage has none."""
    storage: Any = storages["private"]
    if not settings.S3_UPLOAD_ORIGIN or not hasattr(storage, "bucket_name"):
        return None
    name = f"{incoming_folder(workshop.pk)}/{uuid.uuid4().hex}"
    post = storage.connection.meta.client.generate_presigned_post(
        Bucket=storage.bucket_name,
        Key=f"{storage.location.strip('/')}/{name}",
        Conditions=[["content-length-range", 1, largest]],
        ExpiresIn=LIFETIME_SECONDS,
    )
    return UploadSlot(post["url"], post["fields"], signing.dumps([workshop.pk, name], salt=SALT))


def take_upload(workshop: Workshop, token: str, largest: int = PHOTO_LARGEST) -> bytes:
    """What was put in a slot, which is emptied; RuleError when it is not this workshop's, too large, or not there.

    The size is checked again: not every storage holds the condition that was signed.
    """
    try:
        workshop_id, name = signing.loads(token, salt=SALT, max_age=LIFETIME_SECONDS * 2)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise RuleError(_("This upload has expired: send the file again."), field="file") from error
    if workshop_id != workshop.pk:
        raise RuleError(_("This upload has expired: send the file again."), field="file")
    storage = storages["private"]
    try:
        size = storage.size(name)
        if size > largest:
            limit = largest // 1_048_576
            raise RuleError(_("This file is larger than %(limit)s MB.") % {"limit": limit}, field="file")
        with storage.open(name, "rb") as handle:
            content: bytes = handle.read()
    except OSError as error:
        raise RuleError(_("The file has not arrived: send it again."), field="file") from error
    finally:
        storage.delete(name)  # as it came it still tells where it was taken
    return content


def incoming_folder(workshop_id: int) -> str:
    """Where files wait for the server to look at them."""
    return f"{INCOMING}/w{workshop_id}"
