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
from PIL import Image, ImageDraw, ImageFont

from .models import PublicPage

WIDTH, HEIGHT = 1200, 630
MARGIN = 88
#: Changes when the drawing does: pictures made before are then drawn again under another name.
DRAWING = "1"
PAPER, INK, INK_2, LINE = "#faf8f5", "#1e1b18", "#565047", "#e2dcd2"
HEAT = ((0xD9, 0x48, 0x0F), (0xF5, 0x9E, 0x0B))
FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
TITLE_SIZES = (76, 66, 58, 50)
MAX_LINES = 4
#: The curing curve: ramp, plateau, cooling (x from 0 to 1, heat from 0 to 1).
CURVE = ((0.0, 0.0), (0.09, 0.03), (0.27, 0.9), (0.34, 1.0), (0.66, 1.0), (0.76, 0.86), (1.0, 0.12))


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
    """The line above the title: what kind of page it is."""
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
    pen.text((MARGIN, HEIGHT - 78), settings.BASE_URL.partition("://")[2], font=_font("inter", 26, 500), fill=INK_2)
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
    """The product's mark, as in templates/components/brand.html, and its name."""
    scale, left, top = 2.4, MARGIN, 76
    pen.rounded_rectangle((left, top, left + 26 * scale, top + 26 * scale), 7 * scale, fill=INK)
    points = [(5, 20), (5, 17.8), (7.4, 16.6), (9, 11.6), (11, 10.2), (18, 10.2), (20, 11), (21, 13.2), (21, 20)]
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).polygon([(left + x * scale, top + y * scale) for x, y in points], fill=255)
    image.paste(_heat(image.size), mask=mask)
    pen.text((left + 84, top + 8), settings.WAGTAIL_SITE_NAME, font=_font("archivo", 38, 700), fill=INK)


def _curve(image: Image.Image) -> None:
    """The curve along the foot of the picture, with the heat from left to right."""
    large = Image.new("L", (WIDTH * 2, HEIGHT * 2))
    pen = ImageDraw.Draw(large)
    points = [(x * WIDTH * 2, (HEIGHT - 26 - heat * 96) * 2) for x, heat in CURVE]
    pen.line(points, fill=255, width=14, joint="curve")
    mask = large.resize(image.size, Image.Resampling.LANCZOS)
    area = Image.new("L", image.size)
    ImageDraw.Draw(area).polygon([(x / 2, y / 2) for x, y in points] + [(WIDTH, HEIGHT), (0, HEIGHT)], fill=26)
    heat = _heat(image.size)
    image.paste(heat, mask=area)
    image.paste(heat, mask=mask)


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
    font = ImageFont.truetype(str(FONTS / f"{family}.woff2"), size)
    axes = [float(weight if axis["name"] == b"Weight" else axis["default"] or 0) for axis in font.get_variation_axes()]
    font.set_variation_by_axes(axes)
    return font
