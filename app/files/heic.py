"""HEIC, which only unfolds whole: decoded in a process of its own, one at a time on a machine.

The process that asks keeps its memory, whatever the picture; the child has a bound (`heic_decoder.MEMORY_MOST`) and a
time, and a picture that needs more of either is unreadable.
"""

import fcntl
import subprocess
import sys
import tempfile
from pathlib import Path

from .versions import UnreadableError

SECONDS_MOST = 120
DECODER = Path(__file__).with_name("heic_decoder.py")
_LOCK = Path(tempfile.gettempdir()) / "thermogestion-heic.lock"


def jpeg_of(content: bytes) -> bytes:
    """The JPEG of a HEIC, turned, in the colours of its profile, without metadata; UnreadableError."""
    with _LOCK.open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(DECODER)],  # wherever the worker was started
                input=content, capture_output=True, timeout=SECONDS_MOST, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise UnreadableError from error
    if done.returncode or not done.stdout:
        raise UnreadableError(done.stderr[-300:].decode(errors="replace"))
    return done.stdout
