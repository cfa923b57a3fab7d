"""Pictures of the demonstration, drawn when it is loaded: a gate or a wheel, as it comes in and once it is coated."""

import math
import random
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 1200
RUST, STEEL = (122, 78, 52), (126, 130, 134)
Colour = tuple[int, int, int]


def picture(subject: str, colour: str, *, coated: bool, seed: int) -> bytes:
    """A JPEG of the subject ("gate" or "wheel"): rusty as it comes in, or of the powder's colour (`#rrggbb`)."""
    chance = random.Random(f"{subject}{seed}")  # noqa: S311 - a drawing
    image = _workshop(chance)
    mask = (_wheel if subject == "wheel" else _gate)(chance)
    metal = _coated(colour) if coated else _rusty(chance)
    image.paste((22, 20, 18), (14, 22), _shadow(mask))
    image.paste(metal, (0, 0), mask)
    image = _lit(image, mask, shine=0.85 if coated else 0.3)
    output = BytesIO()
    image.save(output, "JPEG", quality=86)
    return output.getvalue()


def _workshop(chance: random.Random) -> Image.Image:
    """A wall, a floor, and the light of a high window."""
    warm = chance.randint(-6, 6)
    image = Image.new("RGB", (WIDTH, HEIGHT), (196 + warm, 193, 187 - warm))
    pencil = ImageDraw.Draw(image)
    pencil.rectangle((0, 980, WIDTH, HEIGHT), fill=(120 + warm, 116, 111 - warm))
    for x in range(-200, WIDTH, 260):
        pencil.line((x + 160, 980, x, HEIGHT), fill=(106, 102, 97), width=4)
        pencil.line((x + 200, 0, x + 200, 978), fill=(187, 184, 178), width=3)
    glow = Image.new("L", (WIDTH, HEIGHT), 0)
    ImageDraw.Draw(glow).ellipse((-300, -700, 1100, 800), fill=150)
    light = Image.new("RGB", image.size, (255, 250, 238))
    image.paste(light, (0, 0), glow.filter(ImageFilter.GaussianBlur(160)))
    return image


def _gate(chance: random.Random) -> Image.Image:
    """A gate: a frame, its bars, and an arch over them."""
    mask = Image.new("L", (WIDTH, HEIGHT), 0)
    pencil = ImageDraw.Draw(mask)
    left, right, top, foot = 260, 1340, 330, 1010
    pencil.arc((left, top - 210, right, top + 210), 180, 360, fill=255, width=30)
    for x in (left, right - 34):
        pencil.rectangle((x, top - 10, x + 34, foot), fill=255)
    for y in (top + 60, 760, foot - 34):
        pencil.rectangle((left, y, right, y + 26), fill=255)
    count = chance.choice((9, 11, 13))
    for place in range(1, count):
        x = left + (right - left) * place // count
        rise = round(190 * math.sin(math.acos(min(1, abs(2 * place / count - 1)))))
        pencil.rectangle((x - 9, top - rise, x + 9, foot - 20), fill=255)
        pencil.polygon(((x - 20, top - rise), (x, top - rise - 44), (x + 20, top - rise)), fill=255)
        if place % 2:
            pencil.ellipse((x - 46, 560, x + 46, 652), outline=255, width=16)
    return mask


def _wheel(chance: random.Random) -> Image.Image:
    """A wheel rim: its edge, its spokes, its hub and five holes."""
    mask = Image.new("L", (WIDTH, HEIGHT), 0)
    pencil = ImageDraw.Draw(mask)
    x, y, radius = 800, 570, 440
    pencil.ellipse((x - radius, y - radius, x + radius, y + radius), outline=255, width=74)
    spokes = chance.choice((5, 7, 10))
    for spoke in range(spokes):
        angle = 2 * math.pi * spoke / spokes + 0.3
        for lean in (-0.13, 0.13):
            end = (x + 400 * math.cos(angle + lean), y + 400 * math.sin(angle + lean))
            pencil.line((x, y, *end), fill=255, width=44)
    pencil.ellipse((x - 130, y - 130, x + 130, y + 130), fill=255)
    for hole in range(5):
        angle = 2 * math.pi * hole / 5
        cx, cy = x + 82 * math.cos(angle), y + 82 * math.sin(angle)
        pencil.ellipse((cx - 17, cy - 17, cx + 17, cy + 17), fill=0)
    pencil.ellipse((x - 38, y - 38, x + 38, y + 38), fill=0)
    return mask


def _coated(colour: str) -> Image.Image:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return Image.new("RGB", (WIDTH, HEIGHT), (red, green, blue))


def _rusty(chance: random.Random) -> Image.Image:
    """Bare steel under patches of rust and scratches."""
    grain = Image.effect_noise((WIDTH // 8, HEIGHT // 8), 90).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    patches = grain.filter(ImageFilter.GaussianBlur(9)).point([255 if value > 122 else 60 for value in range(256)])
    metal = Image.new("RGB", (WIDTH, HEIGHT), STEEL)
    metal.paste(RUST, (0, 0), patches.filter(ImageFilter.GaussianBlur(5)))
    pencil = ImageDraw.Draw(metal)
    for _ in range(70):
        x, y = chance.randrange(WIDTH), chance.randrange(HEIGHT)
        pencil.line((x, y, x + chance.randint(-60, 60), y + chance.randint(-14, 14)), fill=(168, 165, 158), width=2)
    return metal


def _shadow(mask: Image.Image) -> Image.Image:
    return mask.filter(ImageFilter.GaussianBlur(16)).point([round(value * 0.5) for value in range(256)])


def _lit(image: Image.Image, mask: Image.Image, shine: float) -> Image.Image:
    """Light from the upper left: the edge of the metal that faces it shines, the other one is in shade."""
    soft = mask.filter(ImageFilter.GaussianBlur(5))
    bright = ImageChops.multiply(ImageChops.subtract(soft, ImageChops.offset(soft, 7, 7)), mask)
    dark = ImageChops.multiply(ImageChops.subtract(soft, ImageChops.offset(soft, -7, -7)), mask)
    lit = image.copy()
    lit.paste((255, 253, 247), (0, 0), bright.point([round(value * shine) for value in range(256)]))
    lit.paste((10, 8, 6), (0, 0), dark.point([round(value * 0.6) for value in range(256)]))
    return lit.filter(ImageFilter.GaussianBlur(0.8))
