"""Folders of tests that another user must reach."""

import tempfile
from pathlib import Path


def let_in(folder: Path) -> None:
    """PostgreSQL runs as another user when the tests run as root: it must be able to go down to its folder."""
    for parent in (folder, *folder.parents):
        if parent == Path(tempfile.gettempdir()):
            return
        parent.chmod(0o755)
