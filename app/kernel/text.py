"""Text made comparable: the same word whatever its case, accents and punctuation."""

import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
#: Plain text, the common case, in one step.
ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}


def fold(text: str) -> str:
    """Lower case, without accents, ligatures opened, every run of anything else turned into one space."""
    if text.isascii():
        return " ".join(text.translate(ASCII).split())
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(LIGATURES)
    plain = (char for char in decomposed if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in plain).split())


def tokens(text: str) -> list[str]:
    """The distinct words of a text, folded, in order of first appearance."""
    return list(dict.fromkeys(fold(text).split()))
