"""What a file is, told by its content: the name and the type that a browser sends are only claims."""

import codecs

from .constants import CSV, HEIC, JPEG, PDF, PNG, TEXT, WEBP, XLSX, ZIP

UNKNOWN = "application/octet-stream"
HEAD_BYTES = 4096
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"hevc", b"hevx", b"msf1"}
# Text that a browser would run or fetch from.
_ACTIVE = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<!entity")


def content_type_of(content: bytes) -> str:
    """The media type of these bytes, `application/octet-stream` when they are of no kind we keep.

    CSV cannot be told from text by content: both are `text/plain`.
    """
    head = content[:HEAD_BYTES]
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    if head.startswith(b"PK\x03\x04"):
        return XLSX if b"xl/" in content or b"[Content_Types].xml" in head else ZIP
    return TEXT if _is_passive_text(content, head) else UNKNOWN


def agrees(claimed: str, content: bytes) -> bool:
    """Whether the content can be what it is said to be."""
    found = content_type_of(content)
    return found == claimed or (found == TEXT and claimed == CSV) or (found == XLSX and claimed == ZIP)


def _is_passive_text(content: bytes, head: bytes) -> bool:
    """Text in one of the encodings that spreadsheets write, with no control characters nor markup."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    lowered = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower()
    if lowered.startswith(_ACTIVE):
        return False
    controls = bytes(set(range(32)) - {9, 10, 13, 27}) + b"\x7f"
    return not any(byte in controls for byte in head) and b"\0" not in content
