"""The child of `decoding`: a picture on its input, its pixels on its output. It imports nothing of the product.

A HEIC comes out as a JPEG of its whole size, which takes its place. Any other comes out at the size of the
largest version, as plain pixels (PPM): `versions` needs no more of it, and the file that was sent is kept as it is.
"""

import resource
import sys
from importlib import import_module
from io import BytesIO
from mmap import mmap

from PIL import ExifTags, Image, ImageCms, ImageOps

#: Address space, in bytes: for the interpreter, its libraries and the file, then for each pixel. The libraries hold a
#: picture several times: HEIC its planes, its RGB and ours, WebP three canvases and ours (measured: README).
MEMORY_BASE = 192 * 1024 * 1024
MEMORY_PIXEL = {"HEIF": 14, "JPEG": 14, "PNG": 8, "WEBP": 20}
#: What these take of it for each pixel at least: asked for beforehand, since their codecs do not say why they give up.
ASKED_PIXEL = {"JPEG": 8, "WEBP": 16}
#: The exit code of a picture that has more pixels, or takes more memory, than the bound.
TOO_LARGE = 3
QUALITY = 93
STRIP_HEIGHT = 256
#: Modes that can be reduced and converted as they are.
_PLAIN = ("RGB", "CMYK", "L")
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


def prepared(image: Image.Image, side: int) -> Image.Image:
    """The picture as RGB in sRGB, turned, its longest side at most `side`; whatever Pillow raises for a damaged one."""
    profile = image.info.get("icc_profile")
    image.draft(None, fitting(image.size, side))  # what only a JPEG can: its codec reduces while it decodes
    image.load()
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    small = _in_srgb(reduced(_gathered(image, max(1, max(image.size) // side)), side), profile)
    return small if turn is None else small.transpose(turn)


def fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size of the same picture whose longest side is at most `side`."""
    ratio = min(1.0, side / max(size))
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def reduced(image: Image.Image, side: int) -> Image.Image:
    """The picture with its longest side at most `side`; never enlarged."""
    wanted = fitting(image.size, side)
    return image if wanted == image.size else image.resize(wanted, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _gathered(image: Image.Image, factor: int) -> Image.Image:
    """The picture without transparency, each square of `factor` pixels become one.

    Strip by strip, so that the whole picture is never held a second time.
    """
    if image.mode in _PLAIN:
        return image if factor == 1 else image.reduce(factor)
    height, page = factor * STRIP_HEIGHT, None
    for top in range(0, image.height, height):
        strip = _opaque(image.crop((0, top, image.width, min(image.height, top + height)))).reduce(factor)
        if page is None:
            page = Image.new(strip.mode, (strip.width, -(-image.height // factor)))
        page.paste(strip, (0, top // factor))
    return page or image


def _opaque(image: Image.Image) -> Image.Image:
    """The picture in one of these modes, transparency laid on white."""
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


def _jpeg(image: Image.Image) -> bytes:
    """The whole picture, turned, in the colours of its profile, without metadata."""
    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)
    page = image if image.mode == "RGB" else image.convert("RGB")
    output = BytesIO()
    page.save(output, "JPEG", quality=QUALITY, subsampling=0, icc_profile=profile, exif=b"")
    return output.getvalue()


def _pixels(image: Image.Image, side: int) -> bytes:
    output = BytesIO()
    prepared(image, side).save(output, "PPM")
    return output.getvalue()


def webp_pixels(content: bytes) -> int:
    """How many pixels a WebP says it has: with its canvas (VP8X), or with its only picture (VP8L, VP8)."""
    kind = content[12:16]
    if kind == b"VP8X":
        width, height = (1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
    elif kind == b"VP8L":
        said = int.from_bytes(content[21:25], "little")
        width, height = (said & 0x3FFF) + 1, (said >> 14 & 0x3FFF) + 1
    else:
        width, height = (int.from_bytes(content[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return width * height


def _bound(encoder: str, pixels: int) -> None:
    """Refuse memory beyond what so many pixels need."""
    most = MEMORY_BASE + pixels * MEMORY_PIXEL[encoder]
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _ask(size: int) -> None:
    """MemoryError unless so many bytes are left within the bound; none of them is touched."""
    try:
        mmap(-1, max(1, size)).close()
    except OSError as error:
        raise MemoryError from error


def _learn_heif() -> None:
    """Have Pillow read HEIC; loaded by its name, as the other pictures should not wait for it."""
    heif = import_module("pillow_heif")
    heif.options.DECODE_THREADS = 1  # each thread takes address space of its own
    heif.register_heif_opener(thumbnails=False, aux_images=False)


def main() -> int:
    """`decoder.py FORMAT PIXELS SIDE`: decode what comes in, of at most so many pixels, within the bound."""
    encoder, pixels, side = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    Image.MAX_IMAGE_PIXELS = None  # ours is stricter
    if encoder == "HEIF":
        _learn_heif()
    _bound(encoder, pixels)
    content = sys.stdin.buffer.read()
    try:
        if encoder == "WEBP":  # to open it takes half of it already
            _ask(ASKED_PIXEL[encoder] * webp_pixels(content))
        image = Image.open(BytesIO(content), formats=(encoder,))
        if image.width * image.height > pixels:
            return TOO_LARGE
        _bound(encoder, image.width * image.height)
        if encoder == "JPEG":
            _ask(ASKED_PIXEL[encoder] * image.width * image.height)
        found = _jpeg(image) if encoder == "HEIF" else _pixels(image, side)
    except MemoryError:
        return TOO_LARGE
    except RuntimeError as error:  # how libheif says that memory is missing, or that a picture exceeds its own header
        if "Memory allocation error" in str(error):
            return TOO_LARGE
        raise
    sys.stdout.buffer.write(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
