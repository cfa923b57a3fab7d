"""Pictures for tests, drawn here: what a telephone, a scanner and a prankster send."""

from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageDraw
from pillow_heif import register_heif_opener

register_heif_opener()


def drawn(width: int = 1600, height: int = 1200, mode: str = "RGB") -> Image.Image:
    """A picture that is not the same on each side, so that a turn is seen: its upper left quarter is red."""
    image = Image.new("RGB", (width, height), "#7b8790")
    pencil = ImageDraw.Draw(image)
    pencil.rectangle((0, 0, width // 2, height // 2), fill="#c1121f")
    for step in range(0, width, max(1, width // 40)):
        pencil.line((step, height, width - step, height // 2), fill="#233038", width=3)
    return image.convert(mode)


def telephone_exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: maker, date, orientation and where it was."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "FabricantSecret"
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (45.0, 11.0, 15.0), 3: "E", 4: (5.0, 43.0, 32.0)}
    return exif


def encoded(image: Image.Image, encoder: str = "JPEG", **options: Any) -> bytes:
    """The file of a picture."""
    output = BytesIO()
    image.save(output, encoder, **options)
    return output.getvalue()


def photo(width: int = 1600, height: int = 1200, orientation: int = 1) -> bytes:
    """What a telephone sends."""
    return encoded(drawn(width, height), quality=88, exif=telephone_exif(orientation))
