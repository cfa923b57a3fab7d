"""What a feed may say."""

import re

from django.utils.safestring import SafeString, mark_safe

#: Characters that XML cannot hold, which come with text copied from documents: one of them would stop the whole feed.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with a space in place of each of them; what was safe stays so."""
    clean = UNPRINTABLE.sub(" ", text)
    return mark_safe(clean) if isinstance(text, SafeString) else clean
