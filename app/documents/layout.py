"""The layout of pages: the only module that loads WeasyPrint.

That takes half a second, which a process that answers requests does not have to pay: it is loaded by its name where
a page is laid out, and by a worker when it starts (`config.celery`).
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from .constants import FONTS

STYLES = Path(__file__).resolve().parent / "styles"
#: Pages that are appended are nearly always one, a certificate; it is laid out once when there are as many as this.
APPENDED = 1
#: A word that may be longer than its place: an address, which each document bears, is shown where it has more room.
LONG_WORD = re.compile(r"(?<!\S)(?:[^\s@]{20,}|\S{40,})(?!\S)")


class LocalFetcher(URLFetcher):
    """Loads the product's own fonts and `data:` pictures; anything else is an error, not a missing picture."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        own_font = url.startswith("file:") and Path(url.removeprefix("file://")).resolve().parent == FONTS
        if not own_font and not url.startswith("data:"):
            raise FatalURLFetchingError(f"a document does not load {url}")
        return super().fetch(url, headers)


def lay_out(page: str, *, accent: str = "", after: int = 0) -> bytes:
    """The PDF of an HTML page; see `render_pdf`."""
    html = HTML(string=page, url_fetcher=LocalFetcher(), base_url=FONTS.as_uri())
    chosen = {"--accent": accent, "--cut": "anywhere" if _has_long_words(html) else ""}
    told = "; ".join(f"{name}: {value}" for name, value in chosen.items() if value)
    styles = [_styles(), CSS(string=f":root {{ {told} }}")]

    def laid(*more: CSS) -> Any:
        return html.render(stylesheets=[*styles, *more], font_config=_fonts(), pdf_tags=True, pdf_variant="pdf/ua-1")

    document = laid(_numbered(after, after + APPENDED)) if after else laid()
    if after and len(document.pages) != APPENDED:
        document = laid(_numbered(after, after + len(document.pages)))
    return bytes(document.write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1"))


def _has_long_words(html: HTML) -> bool:
    return any(LONG_WORD.search(text) for text in html.etree_element.itertext())


def _numbered(after: int, total: int) -> CSS:
    """Style sheets cannot add to the count of pages, so it is written in them."""
    number = f'counter(page) " / {total}"'
    return CSS(
        string=f"@page {{ @bottom-right {{ content: {number} }} }} @page :first {{ counter-set: page {after + 1} }}"
    )


@cache
def _fonts() -> FontConfiguration:
    """Shared by every document of the process: building it costs more than a page."""
    return FontConfiguration()


@cache
def _styles() -> CSS:
    return CSS(
        string=(STYLES / "document.css").read_text(),
        base_url=STYLES.as_uri() + "/",
        font_config=_fonts(),
        url_fetcher=LocalFetcher(),
    )
