"""The photo of a person: a small square picture, without anything else that the file said (place, device, date)."""

import struct
import warnings
from io import BytesIO
from typing import IO
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from app.kernel.errors import RuleError
from app.kernel.pictures import NOT_A_PICTURE

from .models import User

LARGEST_BYTES = 5 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
SIDE = 256


def set_photo(*, user: User, content: bytes) -> None:
    """Keep a new photo instead of the one before; RuleError when the file is not a picture or is too large."""
    picture = square(content)
    public_id = uuid4()
    storages["private"].save(_key(public_id), ContentFile(picture))
    _replace(user, public_id)


def remove_photo(*, user: User) -> None:
    """Go back to the initials."""
    _replace(user, None)


def open_photo(public_id: UUID) -> IO[bytes]:
    """The WebP of a photo; FileNotFoundError when there is none."""
    opened: IO[bytes] = storages["private"].open(_key(public_id))
    return opened


def square(content: bytes) -> bytes:
    """The middle of a PNG, JPEG or WebP as a WebP of 256 pixels a side, upright; RuleError for anything else."""
    if len(content) > LARGEST_BYTES:
        raise RuleError(_("The photo is larger than 5 MB."), field="photo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)  # damaged notes
            image = Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP"))
            if image.width * image.height > LARGEST_PIXELS:
                raise RuleError(_("The photo is too large."), field="photo")
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            upright = _upright(image).convert("RGB")
    except NOT_A_PICTURE as error:
        raise RuleError(_("This file is not a PNG, JPEG or WebP image."), field="photo") from error
    output = BytesIO()
    # A new image: what the file said of the place and the device stays behind.
    clean = Image.new("RGB", (SIDE, SIDE))
    clean.paste(ImageOps.fit(upright, (SIDE, SIDE)))
    clean.save(output, "WEBP", quality=82)
    return output.getvalue()


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the device says it was held; a file whose notes are damaged is taken as it lies."""
    try:
        return ImageOps.exif_transpose(image)
    except (struct.error, TypeError, LookupError):
        return image


def _replace(user: User, public_id: UUID | None) -> None:
    with transaction.atomic():
        held = User.objects.select_for_update().get(pk=user.pk)
        before, held.photo_file_id = held.photo_file_id, public_id
        held.save(update_fields=["photo_file_id"])
        if before:
            transaction.on_commit(lambda: storages["private"].delete(_key(before)))
    user.photo_file_id = public_id


def _key(public_id: UUID) -> str:
    return f"people/{public_id.hex}.webp"
