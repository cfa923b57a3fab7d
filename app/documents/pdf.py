"""From a template to a PDF, with the fonts of the product embedded and no network."""

from io import BytesIO
from typing import Any

import pikepdf
from django.template.loader import render_to_string
from django.utils.module_loading import import_string


def render_pdf(template: str, context: dict[str, Any], *, accent: str = "", after: int = 0) -> bytes:
    """The PDF of a template; only fonts of the product and `data:` images are loaded. Run it in a worker.

    `accent` is the workshop's colour, as `#9a3412`; the product's own without one. Pages that are to be
    appended to a document are numbered `after` its own.
    """
    lay_out = import_string("app.documents.layout.lay_out")  # only where it is used: see there
    return bytes(lay_out(render_to_string(template, context), accent=accent, after=after))


def count_pages(document: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(BytesIO(document)) as pdf:
        return len(pdf.pages)


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
