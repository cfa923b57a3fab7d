"""CSV files as they come out of Excel and of other software, and files that are no CSV at all."""

import io
import tracemalloc
from collections.abc import Iterator

import pytest
from django.utils import translation

from app.kernel.csvfiles import CsvTable, neutralise, open_csv, restore, write_csv
from app.kernel.errors import RuleError

MEGABYTE = 1024 * 1024
TEXT = "Nom;Prénom;Téléphone\r\nLefèvre;Zoé;06 12 34 56 78\r\nŒuvré;Noël;+33 6 12 34 56 79\r\n"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared in the language of the source."""
    with translation.override("en"):
        yield


def table(content: bytes, max_bytes: int = MEGABYTE) -> CsvTable:
    return open_csv(io.BytesIO(content), max_bytes=max_bytes)


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in table(content).rows()]


@pytest.mark.spec("CRM-30", "CRM-33")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_each_usual_encoding_gives_the_same_table(encoding: str) -> None:
    found = table(TEXT.encode(encoding))
    assert found.header == ("Nom", "Prénom", "Téléphone")
    assert [row.cells for row in found.rows()] == [
        ("Lefèvre", "Zoé", "06 12 34 56 78"),
        ("Œuvré", "Noël", "+33 6 12 34 56 79"),
    ]


@pytest.mark.spec("CRM-30")
def test_an_accent_far_into_the_file_still_decides_the_encoding() -> None:
    content = ("nom;ville\n" + "Martin;Lyon\n" * 20_000 + "Lefèvre;Sète\n").encode("cp1252")
    found = table(content)
    assert found.encoding == "cp1252"
    assert list(found.rows())[-1].cells == ("Lefèvre", "Sète")


@pytest.mark.spec("CRM-33")
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_each_separator_is_found_even_when_cells_hold_another(delimiter: str) -> None:
    content = f'nom{delimiter}adresse\n"Martin"{delimiter}"12, rue; des | Forges"\n'.encode()
    found = table(content)
    assert (found.delimiter, found.header) == (delimiter, ("nom", "adresse"))
    assert cells(content) == [("Martin", "12, rue; des | Forges")]


def test_decimal_commas_do_not_pass_for_separators() -> None:
    found = table(b"reference;prix\nA;12,5\nB;13,5\nC;14,5\n")
    assert found.delimiter == ";"


def test_one_column_is_a_table() -> None:
    assert cells(b"email\na@exemple.fr\nb@exemple.fr\n") == [
        ("a@exemple.fr",),
        ("b@exemple.fr",),
    ]


def test_quotes_line_breaks_and_old_mac_lines_are_understood() -> None:
    assert cells(b'nom;note\nA;"dit ""oui""\nle lundi"\n') == [("A", 'dit "oui"\nle lundi')]
    assert cells(b"nom;note\rA;1\rB;2\r") == [("A", "1"), ("B", "2")]


def test_the_separator_line_of_excel_and_title_lines_are_skipped() -> None:
    assert cells(b"sep=,\nnom,ville\nMartin,Lyon\n") == [("Martin", "Lyon")]
    found = table(b"Export des clients du 12/03/2026\n\nnom;prenom;ville\nMartin;Luc;Lyon\n")
    assert found.header == ("nom", "prenom", "ville")
    assert [(row.line, row.cells) for row in found.rows()] == [(4, ("Martin", "Luc", "Lyon"))]


def test_columns_without_name_or_with_the_same_name_stay_apart() -> None:
    found = table(b"nom;telephone;;telephone;;;\nA;1;2;3;;;\n")
    assert len(set(found.header)) == 4
    assert found.header[1] == "telephone" and found.header[3] == "telephone (2)"
    assert [row.error for row in found.rows()] == [""]


@pytest.mark.spec("CRM-34")
def test_a_wrong_row_says_its_line_and_never_blocks_the_others() -> None:
    rows = list(table(b"nom;ville\nA;Lyon\nB\n\n;\nC;Paris;75;x\nD;Brest\n").rows())
    assert [(row.line, bool(row.error)) for row in rows] == [
        (2, False),
        (3, True),
        (6, True),
        (7, False),
    ]


def test_an_unclosed_quote_is_reported_and_costs_no_memory() -> None:
    content = b'nom;ville\nA;Lyon\nB;"Paris\n' + b"C;Brest\n" * 40_000
    rows = list(table(content).rows())
    assert not rows[0].error
    assert rows[1].line == 3 and rows[1].error


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n\n  \n", "empty"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04" + b"\x00" * 50, "XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + b"\x00" * 50, "XLS"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x00" * 5000, "binary"),
        (b"nom;ville\nA;\x8f\x9d\x81\n", "encoding"),
        (b"a@exemple.fr;Martin\nb@exemple.fr;Durand\n", "a@exemple.fr"),
        (b"Martin;0612345678\nDurand;0612345679\n", "0612345678"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(content: bytes, word: str) -> None:
    with pytest.raises(RuleError, match=word):
        table(content)


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    class Unreadable(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("read")

    with pytest.raises(RuleError, match="2 MB"):
        open_csv(Unreadable(b"x" * (MEGABYTE + 1)), max_bytes=MEGABYTE)


def test_memory_stays_flat_on_a_long_file() -> None:
    content = io.BytesIO(b"nom;ville;email\n" + b"Martin;Lyon;martin@exemple.fr\n" * 100_000)
    tracemalloc.start()
    try:
        found = open_csv(content, max_bytes=100 * MEGABYTE)
        count = sum(1 for _row in found.rows())
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 100_000
    assert peak < 2 * MEGABYTE


@pytest.mark.spec("CRM-37")
@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "@SUM(A1)",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd",
        "\t=1",
        "\r=1",
        " =1",
        "+A1",
        "\n=1+1",
        "\u00a0=1+1",
        "\ufeff=1+1",
        "\x0b@SUM(A1)",
        "＝1+1",
        "－1+1",
    ],
)
def test_a_formula_is_neutralised_and_comes_back_as_text(cell: str) -> None:
    assert neutralise(cell) == "'" + cell
    assert restore(neutralise(cell)) == cell


@pytest.mark.spec("CRM-37")
@pytest.mark.parametrize(
    "cell",
    [
        "+33 6 12 34 56 78",
        "+33612345678",
        "-12,50",
        "-3 %",
        "L'atelier",
        "'70s",
        "a=b",
        "",
    ],
)
def test_telephones_numbers_and_plain_text_are_left_alone(cell: str) -> None:
    assert neutralise(cell) == cell
    assert restore(cell) == cell


@pytest.mark.spec("CRM-06", "CRM-37")
def test_an_export_reads_back_the_same() -> None:
    rows = [("Lefèvre", "=1+1", "a;b"), ("Noël", "+33 6 12 34 56 78", 'dit "oui"')]
    content = write_csv(("Nom", "Note", "Texte"), rows)
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"'=1+1" in content
    assert cells(content) == rows


@pytest.mark.spec("CRM-34")
def test_a_file_far_too_wide_is_refused_at_once() -> None:
    wide = ";".join(["Nom"] + ["c"] * 60_000)
    with pytest.raises(RuleError, match="60001 columns, and the limit is 300"):
        table(f"{wide}\n{wide}\n".encode())
    names = ";".join(["c"] * 300)
    assert table(f"{names}\n{names}\n".encode()).header[299] == "c (300)"


@pytest.mark.spec("CRM-36")
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html><table><tr><td>Nom</td></tr></table></html>", "HTML"),
        (b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'>", "HTML"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b'[{"nom": "Durand"}]', "JSON"),
        (b'{"clients": []}', "JSON"),
    ],
)
def test_what_software_calls_a_csv_and_is_not_is_named(content: bytes, name: str) -> None:
    with pytest.raises(RuleError, match=f"This is a {name} file"):
        table(content)


@pytest.mark.spec("CRM-34")
def test_a_quotation_mark_left_open_is_named_on_its_line() -> None:
    rows = list(table(b'Nom;Mail\n"Durand;z@a.fr\nMartin;m@a.fr\n').rows())
    assert [row.line for row in rows] == [2]
    assert "quotation mark" in rows[0].error
    long = list(table(b"Nom;Mail\n" + b"E" * 200_000 + b";z@a.fr\nMartin;m@a.fr\n").rows())
    assert ("far too long" in long[0].error, long[-1].error) == (True, "")
