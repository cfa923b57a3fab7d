"""French typography: the spaces that must not break."""

import re

NARROW = re.compile(r" (?=[;!?%€])|(?<=\d) (?=\d{3}\b)")
WIDE = re.compile(r" (?=[:»])|(?<=«) ")


def french_spaces(text: str) -> str:
    """The text with non-breaking spaces before `: ; ! ? % €`, inside « » and in thousands."""
    return WIDE.sub("\N{NO-BREAK SPACE}", NARROW.sub("\N{NARROW NO-BREAK SPACE}", text))
