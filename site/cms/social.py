"""The picture of a page when it is shared: drawn from its title in the product's colours, kept by what it says."""

import hashlib
import hmac
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import translation
from PIL import Image, ImageDraw, ImageFont

from .models import PublicPage

WIDTH, HEIGHT = 1200, 630
MARGIN = 88
#: Changes when the drawing does: pictures made before are then drawn again under another name.
DRAWING = "2"
PAPER, INK, INK_2 = "#faf8f5", "#1e1b18", "#565047"
HEAT = ((0xD9, 0x48, 0x0F), (0xF5, 0x9E, 0x0B))
ASSETS = Path(__file__).resolve().parents[2] / "assets"
TITLE_SIZES = (76, 66, 58, 50)
MAX_LINES = 4
#: The curing curve: where the ramp, the plateau and the cooling begin and end, as shares of the width.
RAMP, COOLING = (0.02, 0.34), (0.66, 1.04)
FOOT, HEIGHT_OF_CURVE = 18, 116


def social_image_url(page: PublicPage) -> str:
    """The absolute address of the picture: the editor's choice, else the drawn one."""
    if page.social_image_id and page.social_image:
        url = str(page.social_image.get_rendition("fill-1200x630|format-jpeg").url)
        return url if "://" in url else f"{settings.BASE_URL}{url}"
    path = reverse("cms:social_image", args=[page.pk or 0, fingerprint(page)])
    return f"{settings.BASE_URL}{path}"


def fingerprint(page: PublicPage) -> str:
    """What the picture says and how it is drawn, as a short name that only we can make."""
    said = "\0".join((DRAWING, page.title, label_of(page)))
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()[:20]


def label_of(page: Any) -> str:
    """The line above the title, in the language of the page: what kind of page it is."""
    with translation.override(page.locale.language_code):
        return str(getattr(page, "social_label", "") or "")


def social_image(page: PublicPage) -> bytes:
    """The picture, from the storage or drawn and kept there."""
    name = f"social/{fingerprint(page)}.png"
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            kept: bytes = file.read()
            return kept
    drawn = draw(page.title, label_of(page))
    default_storage.save(name, ContentFile(drawn))
    return drawn


def draw(title: str, label: str = "") -> bytes:
    """A PNG of 1200 × 630: the mark, the label, the title on up to four lines, the curing curve."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    _curve(image)
    _mark(image, pen)
    font, lines = _fit(pen, title)
    top = 190.0
    if label:
        pen.text((MARGIN, top), label, font=_font("inter", 30, 600), fill="#9a3412")
        top += 58
    pen.multiline_text((MARGIN, top), "\n".join(lines), font=font, fill=INK, spacing=round(font.size * 0.16))
    out = BytesIO()
    image.quantize(colors=128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _fit(pen: ImageDraw.ImageDraw, title: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest size at which the title fits; a title that never does is cut."""
    lines: list[str] = []
    for size in TITLE_SIZES:
        font = _font("archivo", size, 760)
        lines = _wrap(pen, title, font)
        if len(lines) <= (MAX_LINES if size < 60 else 3):
            return font, lines
    return font, [*lines[: MAX_LINES - 1], f"{lines[MAX_LINES - 1]}…"]


def _wrap(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Lines between ordinary spaces only: a non-breaking space stays with its word."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and pen.textlength(longer, font=font) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _mark(image: Image.Image, pen: ImageDraw.ImageDraw) -> None:
    """The product's mark and name, and where the page is."""
    with Image.open(ASSETS / "images" / "icon-192.png") as icon:
        mark = icon.convert("RGBA").resize((64, 64), Image.Resampling.LANCZOS)
    image.paste(mark, (MARGIN, 76), mask=mark)
    pen.text((MARGIN + 84, 108), settings.WAGTAIL_SITE_NAME, font=_font("archivo", 38, 700), fill=INK, anchor="lm")
    host = settings.BASE_URL.partition("://")[2]
    pen.text((WIDTH - MARGIN, 108), host, font=_font("inter", 26, 500), fill=INK_2, anchor="rm")


def _curve(image: Image.Image) -> None:
    """The curve along the foot of the picture, with the heat from left to right."""
    points = [(x, HEIGHT - FOOT - heat_at(x / WIDTH) * HEIGHT_OF_CURVE) for x in range(-10, WIDTH + 12, 4)]
    large = Image.new("L", (WIDTH * 2, HEIGHT * 2))
    ImageDraw.Draw(large).line([(x * 2, y * 2) for x, y in points], fill=255, width=14, joint="curve")
    under = Image.new("L", image.size)
    ImageDraw.Draw(under).polygon([*points, (WIDTH + 12, HEIGHT), (-10, HEIGHT)], fill=26)
    heat = _heat(image.size)
    image.paste(heat, mask=under)
    image.paste(heat, mask=large.resize(image.size, Image.Resampling.LANCZOS))


def heat_at(share: float) -> float:
    """How hot the part is, from 0 to 1, at this share of the width: it rises, stays, and falls."""
    return _smooth(share, *RAMP) * (1 - 0.88 * _smooth(share, *COOLING))


def _smooth(value: float, start: float, end: float) -> float:
    reached = min(1.0, max(0.0, (value - start) / (end - start)))
    return reached * reached * (3 - 2 * reached)


@lru_cache(maxsize=1)
def _heat(size: tuple[int, int]) -> Image.Image:
    """From ember to amber, left to right."""
    width, height = size
    row = Image.new("RGB", (width, 1))
    start, end = HEAT
    row.putdata([tuple(round(a + (b - a) * x / width) for a, b in zip(start, end, strict=True)) for x in range(width)])
    return row.resize((width, height))


@lru_cache(maxsize=16)
def _font(family: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(ASSETS / "fonts" / f"{family}.woff2"), size)
    axes = [float(weight if axis["name"] == b"Weight" else axis["default"] or 0) for axis in font.get_variation_axes()]
    font.set_variation_by_axes(axes)
    return font
