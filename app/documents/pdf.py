"""From a template to a PDF, with the fonts of the product embedded and no network."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

FONTS = Path(__file__).resolve().parent / "fonts"
STYLES = Path(__file__).resolve().parent / "styles"


class LocalFetcher(URLFetcher):
    """Loads the product's own fonts and `data:` pictures; anything else is an error, not a missing picture."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        own_font = url.startswith("file:") and Path(url.removeprefix("file://")).resolve().parent == FONTS
        if not own_font and not url.startswith("data:"):
            raise FatalURLFetchingError(f"a document does not load {url}")
        return super().fetch(url, headers)


def render_pdf(template: str, context: dict[str, Any], *, accent: str = "") -> bytes:
    """The PDF of a template; only fonts of the product and `data:` images are loaded. Run it in a worker.

    `accent` is the workshop's colour, as `#9a3412`; the product's own without one.
    """
    html = HTML(string=render_to_string(template, context), url_fetcher=LocalFetcher(), base_url=FONTS.as_uri())
    styles = [_styles(), CSS(string=f":root {{ --accent: {accent} }}")] if accent else [_styles()]
    return bytes(html.write_pdf(stylesheets=styles, font_config=_fonts(), pdf_tags=True, pdf_variant="pdf/ua-1"))


def append_pages(document: bytes, pages: bytes, *, attached_name: str) -> bytes:
    """The document with pages added after its own, and itself attached unchanged so that it can be checked."""
    with pikepdf.open(BytesIO(document)) as target, pikepdf.open(BytesIO(pages)) as added:
        target.pages.extend(added.pages)
        target.attachments[attached_name] = pikepdf.AttachedFileSpec(
            target,
            document,
            filename=attached_name,
            description="",
            mime_type="application/pdf",
            creation_date="",
            mod_date="",
        )
        output = BytesIO()
        target.save(output)
    return output.getvalue()


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
