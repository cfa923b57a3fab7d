"""From the supplied text files to the blocks of an article.

A file is HTML; `<!-- note: warning -->` and `<!-- table: caption -->` open a block that `<!-- end -->` closes. Spaces
before French punctuation are made non-breaking here, so that the files stay easy to type.
"""

import re
from typing import Any

from cms.typography import french_spaces

PART = re.compile(r"<!-- (?P<kind>note|table): (?P<option>[^>]+?) -->\n(?P<inside>.*?)\n?<!-- end -->", re.DOTALL)


def read_blocks(text: str) -> list[tuple[str, Any]]:
    """The blocks of a text, in order."""
    found: list[tuple[str, Any]] = []
    at = 0
    for part in PART.finditer(text):
        found += _prose(text[at : part.start()])
        found.append(_block(part["kind"], part["option"].strip(), part["inside"]))
        at = part.end()
    return found + _prose(text[at:])


def _prose(text: str) -> list[tuple[str, Any]]:
    return [("prose", french_spaces(text.strip()))] if text.strip() else []


def _block(kind: str, option: str, inside: str) -> tuple[str, Any]:
    if kind == "table":
        return "table", {"caption": french_spaces(option), "rows": french_spaces(inside)}
    return "note", {"tone": option, "text": french_spaces(inside)}
