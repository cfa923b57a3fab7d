"""Pictures that only unfold whole (HEIC, PNG, WebP, progressive JPEG): decoded in a process of its own, one at a time
on a machine.

The process that asks keeps its memory, whatever the picture; the child has a bound that follows the number of pixels
(`decoder.MEMORY_PIXEL`) and a time, and a picture that needs more of either is not decoded.
"""

import fcntl
import signal
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from .constants import HEIC, JPEG, PHOTO_PIXELS, PNG, WEBP
from .decoder import TOO_LARGE

SECONDS_MOST = 120
DECODER = Path(__file__).with_name("decoder.py")
_FORMATS = {HEIC: "HEIF", JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
_LOCK = Path(tempfile.gettempdir()) / "thermogestion-decoder.lock"


class UnreadableError(Exception):
    """The picture cannot be decoded to its end."""


class TooLargeError(UnreadableError):
    """The picture unfolds into more than what is given to it."""


def jpeg_of(content: bytes) -> bytes:
    """The JPEG of a HEIC, turned, in the colours of its profile, without metadata; UnreadableError."""
    return _decoded(content, HEIC, 0)


def pixels_of(content: bytes, content_type: str, side: int) -> Image.Image:
    """A JPEG, a PNG or a WebP as RGB in sRGB, turned, its longest side at most `side`; UnreadableError."""
    return Image.open(BytesIO(_decoded(content, content_type, side)), formats=("PPM",))


def _decoded(content: bytes, content_type: str, side: int) -> bytes:
    """What the child makes of it."""
    asked = [_FORMATS[content_type], str(PHOTO_PIXELS[content_type]), str(side)]
    with _LOCK.open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(DECODER), *asked],  # wherever the worker was started
                input=content, capture_output=True, timeout=SECONDS_MOST, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise TooLargeError from error
    if done.returncode in (TOO_LARGE, -signal.SIGKILL):  # the system takes away who holds the most of its memory
        raise TooLargeError
    if done.returncode or not done.stdout:
        raise UnreadableError(done.stderr[-300:].decode(errors="replace"))
    return done.stdout
