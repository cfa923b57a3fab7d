"""The child of `heic`: a HEIC on its input, a JPEG on its output. It imports nothing of the product."""

import resource
import sys
from io import BytesIO

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

#: Address space, in bytes: a picture of 25 million pixels takes less than half of it.
MEMORY_MOST = 1024 * 1024 * 1024
QUALITY = 93


def convert(content: bytes) -> bytes:
    """The JPEG; whatever Pillow raises for a picture that it cannot read."""
    image = Image.open(BytesIO(content), formats=("HEIF",))
    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)
    output = BytesIO()
    image.convert("RGB").save(output, "JPEG", quality=QUALITY, subsampling=0, icc_profile=profile)
    return output.getvalue()


def main() -> None:
    """Convert what comes in, within the bound."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))
    register_heif_opener(thumbnails=False, aux_images=False)
    sys.stdout.buffer.write(convert(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
