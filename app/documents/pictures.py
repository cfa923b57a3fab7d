"""Pictures inside documents."""

import base64


def data_url(png: bytes) -> str:
    """A PNG as an address that a document can load without the network."""
    return "data:image/png;base64," + base64.b64encode(png).decode()
