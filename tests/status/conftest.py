"""The status folder of each test is its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from status import notices_shown


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Where the last known state lies."""
    settings.STATUS_FOLDER = tmp_path / "status"
    yield tmp_path / "status"
    notices_shown._kept.clear()
