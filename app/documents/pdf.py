"""From a template to a PDF, with the fonts of the product embedded and no network."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from django.template.loader import render_to_string
from weasyprint import CSS, HTML, default_url_fetcher
from weasyprint.text.fonts import FontConfiguration

FONTS = Path(__file__).resolve().parent / "fonts"
STYLES = Path(__file__).resolve().parent / "styles"


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """The PDF of a template; only fonts of the product and `data:` images are loaded. Run it in a worker."""
    html = HTML(string=render_to_string(template, context), url_fetcher=_local_only, base_url=FONTS.as_uri())
    return bytes(html.write_pdf(stylesheets=[_styles()], font_config=_fonts(), pdf_tags=True, pdf_variant="pdf/ua-1"))


def append_pages(document: bytes, pages: bytes, *, attached_name: str) -> bytes:
    """The document with pages added after its own, and itself attached unchanged so that it can be checked."""
    with pikepdf.open(BytesIO(document)) as target, pikepdf.open(BytesIO(pages)) as added:
        target.pages.extend(added.pages)
        target.attachments[attached_name] = pikepdf.AttachedFileSpec(target, document, filename=attached_name)
        output = BytesIO()
        target.save(output)
    return output.getvalue()


@cache
def _fonts() -> FontConfiguration:
    """Shared by every document of the process: building it costs more than a page."""
    return FontConfiguration()


@cache
def _styles() -> CSS:
    return CSS(filename=str(STYLES / "document.css"), font_config=_fonts(), url_fetcher=_local_only)


def _local_only(url: str, *args: Any, **kwargs: Any) -> Any:
    if url.startswith("data:") or (url.startswith("file:") and Path(url.removeprefix("file://")).parent == FONTS):
        return default_url_fetcher(url, *args, **kwargs)
    raise ValueError(f"a document does not load {url}")
