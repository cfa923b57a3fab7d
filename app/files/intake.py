"""A photograph as it arrives: checked by its content, and kept without what it tells of the person who took it.

The pixels of the original are never encoded again. Its file is rewritten part by part (JPEG segments, PNG or WebP
chunks): only those that draw the picture are kept, so that the place, the device, the date, the comments and whatever
was hidden behind the end of the image go away. How the picture is turned is written back by itself. HEIC, which
browsers do not show and whose parts cannot be removed one by one, waits as it is, served to nobody, for the worker that
encodes it once as a JPEG of high quality.

Nothing is decoded at full size here: a JPEG is read at an eighth, or by its markers when it only unfolds whole
(progressive), a PNG by its checksums, a WebP by its lengths, a HEIC by its header. What lies after that is found by the
worker, which says so on the photo.
"""

import struct
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, UnidentifiedImageError
from pillow_heif import register_heif_opener

from app.kernel.errors import RuleError

from . import chunks
from .constants import HEIC, JPEG, MEGABYTE, PHOTO_LARGEST, PHOTO_PIXELS, PNG, WEBP
from .sniffing import content_type_of

register_heif_opener(thumbnails=False, aux_images=False)

FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", HEIC: "HEIF"}
UNREADABLE = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, RuntimeError, struct.error,
)  # fmt: skip
_CLEAN = {JPEG: chunks.clean_jpeg, PNG: chunks.clean_png, WEBP: chunks.clean_webp}


@dataclass(frozen=True)
class Picture:
    """A photograph that can be kept; width and height are those that are seen, once it is turned."""

    content: bytes
    content_type: str
    width: int
    height: int

    @property
    def ending(self) -> str:
        """The ending of its file's name."""
        return {JPEG: "jpg", PNG: "png", WEBP: "webp", HEIC: "heic"}[self.content_type]


def take_in(content: bytes) -> Picture:
    """The photograph without its metadata, or a HEIC as it is; RuleError says in words why it cannot be taken."""
    found = _require_photo(content)
    try:
        if found == HEIC:
            return _kept_as_it_is(content)
        orientation = _orientation(content, found)
        clean = _CLEAN[found](content, orientation)
        width, height = _require_readable(clean, found)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(found) from error
    except UNREADABLE as error:
        raise RuleError(_("This photo is damaged or incomplete: take it or send it again."), field="file") from error
    if orientation >= 5:
        width, height = height, width
    return Picture(clean, found, width, height)


def _require_photo(content: bytes) -> str:
    """The media type; RuleError when it is empty, too large, or no photograph."""
    if not content:
        raise RuleError(_("This file is empty."), field="file")
    if len(content) > PHOTO_LARGEST:
        size = {"size": round(len(content) / MEGABYTE, 1), "limit": PHOTO_LARGEST // MEGABYTE}
        refused = _("This photo weighs %(size)s MB, even reduced; the limit is %(limit)s MB.") % size
        raise RuleError(refused, field="file")
    found = content_type_of(content)
    if found not in FORMATS:
        raise RuleError(
            _("This file is not a photo, whatever its name says: send a JPEG, PNG, WebP or HEIC."), field="file"
        )
    return found


def _require_readable(content: bytes, content_type: str) -> tuple[int, int]:
    """Width and height as they are stored; RuleError for an animation or too many pixels, UNREADABLE when damaged."""
    image = Image.open(BytesIO(content), formats=(FORMATS[content_type],))
    require_size(image)
    if getattr(image, "n_frames", 1) > 1:
        raise RuleError(_("An animated image is not a photo: send a still one."), field="file")
    size = image.size
    if content_type == JPEG and not chunks.unfolds_whole(content):
        image.draft(image.mode, (max(1, size[0] // 8), max(1, size[1] // 8)))
        image.load()
    elif content_type == PNG:
        image.verify()
    return size


def require_size(image: Image.Image) -> None:
    """RuleError when the picture has more pixels than we decode: a small file can unfold into gigabytes."""
    content_type = next(found for found, name in FORMATS.items() if name == image.format)
    if image.width * image.height > PHOTO_PIXELS[content_type]:
        raise _too_many_pixels(content_type)


def _too_many_pixels(content_type: str) -> RuleError:
    limit = PHOTO_PIXELS[content_type] // 1_000_000
    message = _("This image has too many pixels: %(limit)s million at most in this format.")
    return RuleError(message % {"limit": limit}, field="file")


def _orientation(content: bytes, content_type: str) -> int:
    """How the picture is to be turned, from 1 (as it is) to 8, as its metadata says.

    Pillow would unfold a whole PNG to find its metadata: it is found here by its chunk.
    """
    with Image.open(BytesIO(content), formats=(FORMATS[content_type],)) as image:
        require_size(image)
        block = chunks.exif_of_png(content) if content_type == PNG else image.info.get("exif", b"")
    try:
        exif = Image.Exif()
        exif.load(block)
        turned = exif.get(ExifTags.Base.Orientation, 1)
    except (*UNREADABLE, Warning):  # metadata that nobody can read is thrown away like the rest
        return 1
    return turned if turned in range(1, 9) else 1


def _kept_as_it_is(content: bytes) -> Picture:
    """A HEIC whose header can be read, for the worker that makes it a JPEG; its pixels are not looked at here."""
    chunks.require_whole_heic(content)
    with Image.open(BytesIO(content), formats=(FORMATS[HEIC],)) as image:
        require_size(image)
        return Picture(content, HEIC, image.width, image.height)
