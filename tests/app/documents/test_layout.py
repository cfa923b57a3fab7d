"""Pages of a document, and of one that is appended to another."""

from io import BytesIO
from unittest.mock import patch

import pikepdf
import pypdfium2
import pytest
from weasyprint import HTML

from app.documents.layout import lay_out

PAGES = '<p>Un</p><p style="break-before: page">Deux</p><p style="break-before: page">Trois</p>'


@pytest.mark.parametrize(
    ("after", "numbers"),
    [(0, ["1 / 3", "2 / 3", "3 / 3"]), (1, ["2 / 4", "3 / 4", "4 / 4"]), (12, ["13 / 15", "14 / 15", "15 / 15"])],
)
def test_pages_that_come_after_others_are_numbered_after_them(after: int, numbers: list[str]) -> None:
    page = f'<!doctype html><html lang="fr"><head><title>Titre</title></head><body>{PAGES}</body></html>'
    pages = pypdfium2.PdfDocument(lay_out(page, after=after))
    assert [page.get_textpage().get_text_bounded().split("\n")[-1].strip() for page in pages] == numbers


@pytest.mark.spec("TPL-07")
@pytest.mark.parametrize("name", ["Łukasz Żółć", "Şükrü Yıldız", "Nguyễn Văn Ánh", "Győző Kovačič", "Николай", "Ωμέγα"])
def test_names_are_printed_in_our_own_letters_whatever_the_machine_has(name: str) -> None:
    page = f'<!doctype html><html lang="fr"><head><title>Titre</title></head><body><p>{name} <b>{name}</b></p></body></html>'
    content = lay_out(page)
    assert f"{name} {name}" in pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded()
    with pikepdf.open(BytesIO(content)) as pdf:
        fonts = {str(font.BaseFont).partition("+")[2] for font in pdf.pages[0].Resources.Font.values()}
    assert fonts == {"Inter", "Inter-Bold"}


def test_the_one_page_of_a_certificate_is_laid_out_once() -> None:
    page = '<!doctype html><html lang="fr"><head><title>Titre</title></head><body><p>Un</p></body></html>'
    with patch.object(HTML, "render", autospec=True, side_effect=HTML.render) as rendered:
        [only] = pypdfium2.PdfDocument(lay_out(page, after=3))
    assert only.get_textpage().get_text_bounded().split("\n")[-1].strip() == "4 / 4"
    assert rendered.call_count == 1
