"""Words made comparable, wrong ones put right, and found ones marked."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

WORD = re.compile(r"[^\W_]+")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
#: Words too short for a correction to mean anything.
SHORTEST_CORRECTED = 4
#: Words that may hold two errors (a letter missing, added, wrong, or two letters exchanged); shorter ones hold one.
LONG = 6


def fold(text: str) -> str:
    """Lower case, without accents, ligatures opened."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(LIGATURES)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words_of(text: str) -> list[str]:
    """Its distinct words, folded, in order of first appearance."""
    return list(dict.fromkeys(WORD.findall(fold(text))))


def put_right(word: str, vocabulary: Collection[str]) -> str:
    """The word, or the one of the vocabulary that it most resembles when it begins none of them."""
    if len(word) < SHORTEST_CORRECTED or any(known.startswith(word) for known in vocabulary):
        return word
    found = process.extractOne(word, vocabulary, scorer=OSA.distance, score_cutoff=2 if len(word) >= LONG else 1)
    return str(found[0]) if found else word


def mark(text: str, words: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a word that begins like one of these (folded) words."""
    starts = tuple(word[: max(3, len(word) - 2)] for word in words)
    position = 0
    for match in WORD.finditer(text):
        if starts and fold(match.group()).startswith(starts):
            yield text[position : match.start()], False
            yield match.group(), True
            position = match.end()
    yield text[position:], False
