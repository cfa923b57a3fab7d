"""The smaller versions of a photograph: large, medium and thumbnail in WebP, and a medium JPEG for what shows no WebP.

One decoding, each version reduced from the one before: a JPEG is decoded at the smallest size of its codec that is
still larger than the largest version (`draft`), so that time and memory do not follow the number of its pixels. Colours
become sRGB, the picture is turned once it is small, and no metadata is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageCms

from app.kernel.errors import RuleError

from .constants import JPEG, WEBP
from .intake import UNREADABLE, require_size

#: Longest side in pixels and WebP quality, from the largest to the smallest.
SIZES = (("large", 2560, 82), ("medium", 1280, 80), ("thumbnail", 320, 76))
#: The version that is made as a JPEG as well, and its quality.
FALLBACK, FALLBACK_QUALITY = "medium", 82
WEBP_EFFORT = 2  # from 4 (the default) the time doubles for 3 % of the weight
LARGEST_SIDE = SIZES[0][1]
#: The mark: its height as a share of the picture's shorter side, and how opaque it is.
MARK_SHARE, MARK_OPACITY = 0.12, 0.6
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.createProfile("sRGB")


class UnreadableError(Exception):
    """The picture cannot be decoded to its end."""


@dataclass(frozen=True)
class Version:
    """One version, ready to be kept."""

    size: str
    content_type: str
    content: bytes
    width: int
    height: int


def make_versions(content: bytes, mark: bytes | None = None) -> Iterator[Version]:
    """The versions of a photograph, the largest first; UnreadableError when it is damaged.

    `mark` is a picture (the workshop's logo) laid in a corner of each. A photo is never enlarged.
    """
    image = _decoded(content)
    if mark:
        image = _marked(image, mark)
    for size, side, quality in SIZES:
        image = _reduced(image, side)
        yield Version(size, WEBP, _encoded(image, "WEBP", quality=quality, method=WEBP_EFFORT), *image.size)
        if size == FALLBACK:
            jpeg = _encoded(image, "JPEG", quality=FALLBACK_QUALITY)
            yield Version(size, JPEG, jpeg, *image.size)


def _decoded(content: bytes) -> Image.Image:
    """The picture as RGB in sRGB, turned, no larger than the largest version."""
    try:
        image = Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
        require_size(image)
        profile = image.info.get("icc_profile")
        image.draft(None, _fitting(image.size, LARGEST_SIDE))
        image.load()
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
        small = _in_srgb(_reduced(_opaque(image), LARGEST_SIDE), profile)
    except (*UNREADABLE, RuleError) as error:
        raise UnreadableError from error
    return small if turn is None else small.transpose(turn)


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size of the same picture whose longest side is at most `side`."""
    ratio = min(1.0, side / max(size))
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def _reduced(image: Image.Image, side: int) -> Image.Image:
    wanted = _fitting(image.size, side)
    return image if wanted == image.size else image.resize(wanted, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _opaque(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be reduced and converted, transparency laid on white."""
    if image.mode in ("RGB", "CMYK", "L"):
        return image
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        page = Image.new("RGB", image.size, "white")
        page.paste(clear, mask=clear.getchannel("A"))
        return page
    return image.convert("L" if image.mode.startswith(("I", "F", "1")) else "RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours that the profile means; those of the mode itself without one that can be read."""
    if profile:
        try:
            found = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(found):
                converted = ImageCms.profileToProfile(image, found, _SRGB, outputMode="RGB")
                return converted or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # the profile of another mode, or nonsense: the picture is worth more than its profile
    return image if image.mode == "RGB" else image.convert("RGB")


def _marked(image: Image.Image, mark: bytes) -> Image.Image:
    """The picture with the mark in its lower right corner, half transparent; unchanged when the mark is unreadable."""
    try:
        logo = Image.open(BytesIO(mark), formats=("JPEG", "PNG", "WEBP")).convert("RGBA")
    except UNREADABLE:
        return image
    side = max(24, round(min(image.size) * MARK_SHARE))
    logo = logo.resize(_within(logo.size, side * 2, side), Image.Resampling.LANCZOS)
    alpha = logo.getchannel("A").point([round(value * MARK_OPACITY) for value in range(256)])
    margin = side // 4
    place = (image.width - logo.width - margin, image.height - logo.height - margin)
    marked = image.copy()
    marked.paste(logo, (max(0, place[0]), max(0, place[1])), alpha)
    return marked


def _within(size: tuple[int, int], width: int, height: int) -> tuple[int, int]:
    ratio = min(width / size[0], height / size[1])
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def _encoded(image: Image.Image, encoder: str, **options: Any) -> bytes:
    output = BytesIO()
    image.save(output, encoder, **options)
    return output.getvalue()
