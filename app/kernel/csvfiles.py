"""CSV files of unknown origin, read as a stream, and CSV files of ours that open well in a spreadsheet.

Reading finds the encoding (UTF-8 with or without mark, UTF-16, Windows-1252), the separator and the
header, and refuses with one precise sentence what is not a table of text. Memory stays flat whatever
the size: the file is decoded in chunks and rows are yielded one by one.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from app.kernel.errors import RuleError

CHUNK = 64 * 1024
SAMPLE_LINES = 30
DELIMITERS = (";", ",", "\t", "|")
MEGABYTE = 1024 * 1024
MAX_LINES_OF_A_ROW = 50
#: No table of people or powders is wider; what is, is another kind of file, and would not fit on a screen.
MAX_COLUMNS = 300

SIGNATURES = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP / XLSX / ODS"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"),
    (b"{\\rtf", "RTF"),
)
#: What some software exports under the name of CSV, and what it is really called.
TEXT_SIGNATURES = ((b"<!doctype html", "HTML"), (b"<html", "HTML"), (b"<table", "HTML"), (b"<?xml", "XML"),
                   (b"{", "JSON"), (b"[{", "JSON"))  # fmt: skip
BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
LOOKS_LIKE_DATA = re.compile(r"^[^\s@]+@[^\s@]+\.\w+$|^[+-]?\d[\d\s.,/()-]*$")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What a spreadsheet may leave out before it reads a cell.
UNSEEN = " \u00a0\u202f\u200b\ufeff\x00\x0b\x0c"
PLAIN_NUMBER = re.compile(r"^[+-]?[\d\s.,()/\u00a0\u202f%€]+$")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: the line of the file where it starts, its cells, and why it cannot be used (or nothing)."""

    line: int
    cells: tuple[str, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A file understood: how it is written and the names of its columns, each name once."""

    file: BinaryIO
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_line: int

    def rows(self) -> Iterator[CsvRow]:
        """The rows below the header, blank ones left out; can be called again from the start."""
        width = len(self.header)
        for line, cells, spanned in _records(self.file, self.encoding, self.delimiter):
            if line <= self.header_line or not any(cells):
                continue
            cells = cells[:width] + _without_trailing_blanks(cells[width:])
            yield CsvRow(
                line,
                tuple(restore(cell) for cell in cells),
                _row_error(cells, width, spanned),
            )


def open_csv(file: BinaryIO, *, max_bytes: int) -> CsvTable:
    """Understand a seekable binary file as a table. Raises RuleError with the reason it is not one."""
    _check_size(file, max_bytes)
    encoding = _find_encoding(file)
    delimiter = _find_delimiter(_sample_lines(file, encoding))
    line, cells = _find_header(file, encoding, delimiter)
    return CsvTable(file, encoding, delimiter, _column_names(cells), line)


def write_csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """A file that a French spreadsheet opens by double click: semicolons, UTF-8 with mark, no live formula."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(neutralise(name) for name in header)
    writer.writerows([neutralise("" if cell is None else str(cell)) for cell in row] for row in rows)
    return codecs.BOM_UTF8 + buffer.getvalue().encode()


def neutralise(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; numbers and telephones stay as they are."""
    if cell.lstrip(UNSEEN).startswith(FORMULA_STARTS) and not PLAIN_NUMBER.match(cell):
        return "'" + cell
    return cell


def restore(cell: str) -> str:
    """Undo `neutralise`, so that a file exported and imported again gives the same text."""
    inner = cell[1:]
    return inner if cell.startswith("'") and neutralise(inner) == cell else cell


def _check_size(file: BinaryIO, max_bytes: int) -> None:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if not size:
        raise RuleError(_("The file is empty."))
    if size > max_bytes:
        raise RuleError(
            _("The file is too large: %(size)d MB, and the limit is %(limit)d MB. Split it into several files.")
            % {"size": -(-size // MEGABYTE), "limit": max_bytes // MEGABYTE}
        )


def _find_encoding(file: BinaryIO) -> str:
    """The first encoding that decodes the whole file; Windows-1252 last, because it accepts almost anything."""
    start = file.read(CHUNK)
    words = start[:CHUNK].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for signature, name in (*SIGNATURES, *TEXT_SIGNATURES):
        if start.startswith(signature) or words.startswith(signature):
            raise RuleError(
                _("This is a %(format)s file, not a CSV file. Export it again in CSV format.") % {"format": name}
            )
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates: tuple[str, ...] = ("utf-16",)
    elif start[1::2].count(0) > len(start) // 4:
        candidates = ("utf-16-le",)
    elif start[0::2].count(0) > len(start) // 4:
        candidates = ("utf-16-be",)
    else:
        candidates = ("utf-8-sig", "cp1252")
    for encoding in candidates:
        if _decodes(file, encoding):
            return encoding
    raise RuleError(
        _("The text of this file cannot be read: its encoding is unknown. Save it as CSV UTF-8 and try again.")
    )


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            # Latin-1 shows the bytes as they are: a control byte is binary whatever the encoding tried.
            # Latin-1 shows the bytes as they are: binary data is named so even where the encoding refuses it.
            text = decoder.decode(chunk) if encoding.startswith("utf-16") else chunk.decode("latin-1")
            if BINARY.search(text):
                raise RuleError(_("This file is not text: it holds binary data. Export it again in CSV format."))
            if not encoding.startswith("utf-16"):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample_lines(file: BinaryIO, encoding: str) -> list[str]:
    """The first lines, read with a bound so that a file without line breaks costs no memory."""
    file.seek(0)
    text = codecs.getincrementaldecoder(encoding)().decode(file.read(CHUNK))
    return text.splitlines()[:SAMPLE_LINES]


def _find_delimiter(lines: list[str]) -> str:
    """The separator that gives the most rows of one same width; a semicolon for a single column."""
    if lines and lines[0].lower().startswith("sep=") and lines[0][4:5] in DELIMITERS:
        return lines[0][4:5]

    def score(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1]
        common = max(set(widths), key=widths.count, default=0)
        return widths.count(common), common

    try:
        return max(DELIMITERS, key=score)
    except csv.Error:
        return DELIMITERS[0]


def _find_header(file: BinaryIO, encoding: str, delimiter: str) -> tuple[int, list[str]]:
    """The first row as wide as the table: the title lines that some software prints above are skipped."""
    first: list[tuple[int, list[str]]] = []
    for line, cells, _spanned in _records(file, encoding, delimiter):
        filled = _without_trailing_blanks(cells)
        if filled and not (line == 1 and filled[0].lower().startswith("sep")):
            first.append((line, filled))
        if len(first) == SAMPLE_LINES:
            break
    if not first:
        raise RuleError(_("The file is empty."))
    widths = [len(cells) for _line, cells in first]
    usual = max(widths, key=lambda width: (widths.count(width), width))
    line, header = next(
        (row for row in first if len(row[1]) * 2 > usual and len(row[1]) >= min(usual, 2)),
        first[0],
    )
    if any(LOOKS_LIKE_DATA.match(cell) for cell in header):
        raise RuleError(
            _("The first line must hold the names of the columns. This file starts with data: “%(cell)s”.")
            % {"cell": next(cell for cell in header if LOOKS_LIKE_DATA.match(cell))[:60]}
        )
    return line, header


def _column_names(cells: list[str]) -> tuple[str, ...]:
    """Every column named, each name once: `Téléphone`, `Téléphone (2)`. RuleError when there are too many."""
    if len(cells) > MAX_COLUMNS:
        raise RuleError(
            _("The file has %(count)d columns, and the limit is %(limit)d. Keep only the columns to import.")
            % {"count": len(cells), "limit": MAX_COLUMNS}
        )
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = candidate = " ".join(cell.split()) or _("Column %(number)d") % {"number": position}
        copy = 2
        while candidate in names:
            candidate, copy = f"{name} ({copy})", copy + 1
        names.append(candidate)
    return tuple(names)


def _records(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str], int]]:
    """Yield the starting line, the stripped cells and the number of lines of each record.

    A record that the csv module gives up on (a quotation mark never closed) comes with no cell.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        reader = csv.reader(text, delimiter=delimiter)
        while True:
            before = reader.line_num
            try:
                cells = [cell.strip(" \u00a0\ufeff") for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error:
                yield before + 1, [_("unreadable")], MAX_LINES_OF_A_ROW + 1
                continue
            yield before + 1, cells, reader.line_num - before
    finally:
        text.detach()


def _without_trailing_blanks(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _row_error(cells: list[str], width: int, spanned: int) -> str:
    if spanned > MAX_LINES_OF_A_ROW:
        return _("A quotation mark is opened and not closed, or a cell is far too long: it cannot be read.")
    if len(cells) != width and spanned > 1:
        return _("This line runs over %(count)d lines of the file: a quotation mark is opened and not closed.") % {
            "count": spanned
        }
    if len(cells) != width:
        return _("%(found)d columns found, %(expected)d expected.") % {
            "found": len(cells),
            "expected": width,
        }
    return ""
