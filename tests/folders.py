"""Folders of tests that another user must reach."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def let_in(folder: Path) -> None:
    """PostgreSQL runs as another user when the tests run as root: it must be able to go down to its folder."""
    for parent in (folder, *folder.parents):
        if parent == Path(tempfile.gettempdir()):
            return
        parent.chmod(0o755)


@contextmanager
def folder_for_postgres(prefix: str) -> Iterator[Path]:
    """A new folder that PostgreSQL's own user reaches, deleted at the end.

    It is not pytest's: another run of pytest takes the rights to that one away.
    """
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        folder = Path(name)
        let_in(folder)
        yield folder
