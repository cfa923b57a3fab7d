"""Signature images: checked by content, re-encoded without metadata; or a typed name drawn as an image."""

import unicodedata
import warnings
from functools import cache
from io import BytesIO
from pathlib import Path

from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from app.kernel.errors import RuleError
from app.kernel.pictures import NOT_A_PICTURE

from .constants import FONTS, IMAGE_MAX_BYTES, IMAGE_MAX_PIXELS

BOX = (900, 300)
#: A hand, for the names that it can write; the letters of documents for the others (Vietnamese, Greek).
TYPED_FONTS = (FONTS / "signature.ttf", FONTS / "inter-600.ttf")


def clean_image(content: bytes) -> bytes:
    """The image as a PNG of at most 900 by 300 pixels, nothing else kept of the file; RuleError if it is not one."""
    if len(content) > IMAGE_MAX_BYTES:
        raise RuleError(_("The image is larger than 2 MB."), field="image")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP"))
            if image.width * image.height > IMAGE_MAX_PIXELS:
                raise RuleError(_("The image is too large."), field="image")
            image.load()
    except NOT_A_PICTURE as error:
        raise RuleError(_("This file is not a PNG, JPEG or WebP image."), field="image") from error
    picture = image.convert("RGBA")
    if _is_blank(picture):
        raise RuleError(_("The signature is empty."), field="image")
    picture.thumbnail(BOX)
    return _png(picture)


def typed_image(name: str) -> bytes:
    """A name drawn as an image, for people who neither draw nor upload.

    RuleError for letters that none of the fonts has: drawn as empty boxes, they sign nothing.
    """
    name = unicodedata.normalize("NFC", name)
    path = next((path for path in TYPED_FONTS if _letters(path).issuperset(name)), None)
    if path is None:
        raise RuleError(
            _("This name has letters that cannot be drawn here: write it in Latin letters, or draw your signature."),
            field="name",
        )
    image = Image.new("RGBA", BOX, (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    size = 120
    font = ImageFont.truetype(path, size)
    while draw.textlength(name, font=font) > BOX[0] - 40 and size > 24:
        size -= 6
        font = ImageFont.truetype(path, size)
    draw.text((BOX[0] / 2, BOX[1] / 2), name, font=font, fill=(30, 27, 24, 255), anchor="mm")
    if _is_blank(image):
        raise RuleError(_("Type your first and last name."), field="name")
    return _png(image)


@cache
def _letters(path: Path) -> frozenset[str]:
    """What a font can draw."""
    return frozenset(chr(code) for code in TTFont(path).getBestCmap())


def _is_blank(image: Image.Image) -> bool:
    """Whether nothing can be seen: one colour all over, once laid on white."""
    page = Image.new("RGBA", image.size, "white")
    page.alpha_composite(image)
    low, high = page.convert("L").getextrema()
    return bool(low == high)


def _png(image: Image.Image) -> bytes:
    output = BytesIO()
    image.save(output, "PNG", optimize=True)
    return output.getvalue()
