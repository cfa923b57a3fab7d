"""The smaller versions of a photograph: large, medium and thumbnail in WebP, and a medium JPEG for what shows no WebP.

One decoding, each version reduced from the one before: a JPEG is decoded at the smallest size of its codec that is
still larger than the largest version (`draft`), so that time and memory do not follow the number of its pixels; what
only unfolds whole (PNG, WebP, large progressive JPEG) is decoded in a process of its own (`decoding`). Colours become
sRGB, the picture is turned once it is small, and no metadata is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from app.kernel.errors import RuleError

from .chunks import unfolds_small, unfolds_whole
from .constants import JPEG, PNG, WEBP
from .decoder import prepared, reduced
from .decoding import UnreadableError, pixels_of
from .intake import UNREADABLE, require_size
from .sniffing import content_type_of

#: Longest side in pixels and WebP quality, from the largest to the smallest.
SIZES = (("large", 2560, 82), ("medium", 1280, 80), ("thumbnail", 320, 76))
#: The version that is made as a JPEG as well, and its quality.
FALLBACK, FALLBACK_QUALITY = "medium", 82
WEBP_EFFORT = 2  # from 4 (the default) the time doubles for 3 % of the weight
LARGEST_SIDE = SIZES[0][1]
#: A progressive JPEG of at most so many pixels and scans is decoded where it is: it holds no more than the JPEG of a
#: HEIC, and a process of its own takes a fifth of its time. An ordinary one has ten scans.
INSIDE_PIXELS, INSIDE_SCANS = 13_000_000, 16
#: The mark: its height as a share of the picture's shorter side, and how opaque it is.
MARK_SHARE, MARK_OPACITY = 0.12, 0.6


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
        image = reduced(image, side)
        yield Version(size, WEBP, _encoded(image, "WEBP", quality=quality, method=WEBP_EFFORT), *image.size)
        if size == FALLBACK:
            jpeg = _encoded(image, "JPEG", quality=FALLBACK_QUALITY)
            yield Version(size, JPEG, jpeg, *image.size)


def _decoded(content: bytes) -> Image.Image:
    """The picture as RGB in sRGB, turned, no larger than the largest version."""
    content_type = content_type_of(content)
    try:
        if content_type in (PNG, WEBP) or _needs_its_own_process(content):
            return pixels_of(content, content_type, LARGEST_SIDE)
        image = Image.open(BytesIO(content), formats=("JPEG",))
        require_size(image)
        return prepared(image, LARGEST_SIDE)
    except (*UNREADABLE, RuleError) as error:
        raise UnreadableError from error


def _needs_its_own_process(jpeg: bytes) -> bool:
    return unfolds_whole(jpeg) and not unfolds_small(jpeg, pixels=INSIDE_PIXELS, scans=INSIDE_SCANS)


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
