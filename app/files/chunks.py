"""Taking the parts that do not draw the picture out of JPEG, PNG and WebP files, without touching its pixels.

A malformed file raises ValueError. `orientation` is 1 to 8, written back alone when the picture is turned.
"""

import re
import struct
import zlib
from collections.abc import Iterator

#: JPEG: JFIF, colour profile (APP2 ICC_PROFILE), Adobe's colour transform (APP14); every other APPn and comment goes.
_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
#: The frames of a JPEG (SOF0 to SOF15, without the three tables among them); the first two are decoded line by line.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LINE_BY_LINE = frozenset({0xC0, 0xC1})
#: In the data of a scan FF is followed by 00 or by a restart marker; anything else ends it.
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"iCCP", b"cICP"}
_PNG_ANIMATION = {b"acTL", b"fcTL", b"fdAT"}
_WEBP_KEPT = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"}
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04


def clean_jpeg(content: bytes, orientation: int = 1) -> bytes:
    """The JPEG up to the end of its first image, without metadata."""
    output = [b"\xff\xd8"]
    if orientation != 1:
        exif = b"Exif\0\0" + _exif(orientation)
        output.append(struct.pack(">BBH", 0xFF, _APP1, len(exif) + 2) + exif)
    kept = [part for marker, part in _segments(content) if _is_drawing(marker, part)]
    return b"".join(output + kept) + b"\xff\xd9"


def unfolds_whole(content: bytes) -> bool:
    """Whether a JPEG's decoder must hold all its coefficients at once: a progressive one, or one component by scan."""
    components, is_by_line = 0, False
    for marker, part in _segments(content):
        if marker in _FRAMES:
            components, is_by_line = part[9], marker in _LINE_BY_LINE
        elif marker == _SOS:
            return not is_by_line or part[4] < components
    raise ValueError("JPEG without a scan")


def unfolds_small(content: bytes, *, pixels: int, scans: int) -> bool:
    """Whether a JPEG has at most so many pixels and scans: each scan goes through all the coefficients again."""
    size = count = 0
    for marker, part in _segments(content):
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", part, 5)
            size = max(size, height * width)
        count += marker == _SOS
    return size <= pixels and count <= scans


def clean_png(content: bytes, orientation: int = 1) -> bytes:
    """The PNG without text, dates and what its end hides; an animation keeps its parts, to be refused by its name."""
    if not content.startswith(_PNG_HEAD):
        raise ValueError("not a PNG")
    output, position, kind = [_PNG_HEAD], len(_PNG_HEAD), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", content, position)
        end = position + 12 + length
        if end > len(content):
            raise ValueError("truncated PNG")
        if kind in _PNG_KEPT or kind in _PNG_ANIMATION:
            output.append(content[position:end])
        if kind == b"IHDR" and orientation != 1:
            output.append(_png_chunk(b"eXIf", _exif(orientation)))
        position = end
    return b"".join(output)


def exif_of_png(content: bytes) -> bytes:
    """The EXIF block of a PNG, empty without one."""
    position = len(_PNG_HEAD)
    while position + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, position)
        if kind == b"eXIf":
            return b"Exif\0\0" + content[position + 8 : position + 8 + length]
        position += 12 + length
    return b""


def require_whole_heic(content: bytes) -> None:
    """ValueError when a box of the file goes beyond its end: its decoder would paint what is missing."""
    position = 0
    while position < len(content):
        length = struct.unpack_from(">I", content, position)[0]
        if length == 1:
            length = struct.unpack_from(">Q", content, position + 8)[0]
        if length == 0:  # to the end of the file
            return
        if length < 8 or position + length > len(content):
            raise ValueError("truncated HEIC")
        position += length


def clean_webp(content: bytes, orientation: int = 1) -> bytes:
    """The WebP without EXIF and XMP."""
    if len(content) < 20 or content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise ValueError("not a WebP")
    end = struct.unpack_from("<I", content, 4)[0] + 8
    if end > len(content):
        raise ValueError("truncated WebP")
    output = [_webp_kept(kind, data, orientation) for kind, data in _webp_chunks(content, end) if kind in _WEBP_KEPT]
    if orientation != 1:
        output.append(_webp_chunk(b"EXIF", _exif(orientation)))
    body = b"".join(output)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment of a JPEG with its marker, a scan with its data; stops before the end marker."""
    position = 2
    while True:
        if content[position] != 0xFF:
            raise ValueError("not a JPEG segment")
        marker = content[position + 1]
        if marker == 0xFF:  # padding
            position += 1
            continue
        if marker == _EOI:
            return
        end = position + 2 + struct.unpack_from(">H", content, position + 2)[0]
        if marker == _SOS:
            found = _END_OF_SCAN.search(content, end)
            if found is None:
                raise ValueError("truncated JPEG")
            end = found.start()
        if end > len(content):
            raise ValueError("truncated JPEG")
        yield marker, content[position:end]
        position = end


def _is_drawing(marker: int, part: bytes) -> bool:
    """Whether the decoder needs this segment; the JFIF's own thumbnail goes too."""
    if marker == _APP0:
        return part[4:9] == b"JFIF\0" and len(part) <= 18
    if marker == _APP2:
        return part[4:16] == b"ICC_PROFILE\0"
    if marker == _APP14:
        return part[4:9] == b"Adobe"
    return marker != _COMMENT and not _APP0 < marker <= _APP15


def _exif(orientation: int) -> bytes:
    """The smallest EXIF block: one directory, one entry, the orientation."""
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _webp_chunks(content: bytes, end: int) -> Iterator[tuple[bytes, bytes]]:
    position = 12
    while position + 8 <= end:
        kind, length = struct.unpack_from("<4sI", content, position)
        if position + 8 + length > end:
            raise ValueError("truncated WebP")
        yield kind, content[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _webp_kept(kind: bytes, data: bytes, orientation: int) -> bytes:
    if kind == b"VP8X":
        flags = data[0] & ~(_WEBP_EXIF | _WEBP_XMP) | (_WEBP_EXIF if orientation != 1 else 0)
        data = bytes([flags]) + data[1:]
    return _webp_chunk(kind, data)


def _webp_chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
