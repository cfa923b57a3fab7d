"""QR codes as vectors: on labels, and on pages for a camera. The modules come from ZXing, written in C++."""

import re
from functools import cache, lru_cache

import numpy as np
import zxingcpp
from django.utils.safestring import SafeString, mark_safe

#: Any mask is read; trying the eight to choose the best is most of the time of a code.
MASK = 3
_DARK = re.compile("1+")
_PATH = re.compile(r'd="([MZhv0-9 -]+)"')


def qr_svg(text: str) -> SafeString:
    """A code for a page, with the white that a camera needs around it."""
    code = _code(text)
    side = len(np.asarray(code.to_image(scale=1)))
    drawn = _PATH.search(code.to_svg(scale=1))
    assert drawn  # ZXing draws every code as one path
    return mark_safe(f'<svg class="qr" viewBox="0 0 {side} {side}"><path d="{drawn[1]}"/></svg>')


@lru_cache(maxsize=8)
def draw_qr(text: str) -> tuple[int, str]:
    """A code for a PDF: its side in modules, and its drawing in the words of PDF, a module being one unit.

    The drawing is put together from what eight modules of a line can look like, each kept once it was written: by way
    of a canvas, rectangle by rectangle, it took ten times longer.
    """
    light = np.asarray(_code(text).to_image(scale=1, add_quiet_zones=False))
    octets = np.packbits(light == 0, axis=1).tobytes()
    return len(light), "".join(map(_rectangles, *_places(len(light)), octets)) + "f"


def _code(text: str) -> zxingcpp.Barcode:
    """A code that is still read with 15 % of it scratched."""
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, options=f"EcLevel=M,DataMask={MASK}")


@cache
def _places(modules: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The line, from below, and the first module of each octet of a code."""
    lines, starts = range(modules - 1, -1, -1), range(0, modules, 8)
    return tuple(line for line in lines for _start in starts), tuple(start for _line in lines for start in starts)


@lru_cache(maxsize=2**16)
def _rectangles(line: int, start: int, octet: int) -> str:
    """The dark modules among eight, those that touch in one rectangle."""
    return "".join(f"{start + run.start()} {line} {len(run[0])} 1 re " for run in _DARK.finditer(f"{octet:08b}"))
