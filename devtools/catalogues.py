"""Compile the message catalogues without the gettext tools, which a fresh machine has not; say what is missing."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from devtools.paths import REPOSITORY


def sources() -> list[Path]:
    """Every catalogue of the product."""
    return sorted((REPOSITORY / "locale").glob("*/LC_MESSAGES/*.po"))


def compile_all() -> int:
    """Write the .mo beside each .po; how many were written."""
    for source in sources():
        target = source.with_suffix(".mo")
        partial = target.with_suffix(".mo.partial")
        with partial.open("wb") as output:
            write_mo(output, read(source))
        partial.replace(target)
    return len(sources())


def read(source: Path) -> Catalog:
    """Parse a catalogue; its language is the folder's."""
    with source.open("rb") as stream:
        return read_po(stream, locale=source.parents[1].name)


def problems(source: Path) -> list[str]:
    """The messages without a translation, and those marked fuzzy (Django ignores them)."""
    found = []
    for message in read(source):
        if not message.id:
            continue
        name = message.id if isinstance(message.id, str) else message.id[0]
        texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if message.fuzzy:
            found.append(f"fuzzy: {name}")
        elif not all(texts):
            found.append(f"untranslated: {name}")
    return found
