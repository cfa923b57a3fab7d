"""Pictures inside documents."""

import base64

from app.files.models import StoredFile
from app.files.selectors import get_file, open_file
from app.tenancy.models import Workshop


def data_url(content: bytes, content_type: str = "image/png") -> str:
    """A picture as an address that a document can load without the network."""
    return f"data:{content_type};base64,{base64.b64encode(content).decode()}"


def logo_url(workshop: Workshop) -> str:
    """The workshop's logo for a document; empty while there is none, or when its file has gone."""
    if not workshop.logo_file_id:
        return ""
    try:
        stored = get_file(workshop.logo_file_id)
        with open_file(stored) as handle:
            return data_url(handle.read(), stored.content_type)
    except (StoredFile.DoesNotExist, FileNotFoundError):
        return ""
