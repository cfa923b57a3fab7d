"""What the probes leave on the disk: the last known state, and measurements that wait for the database.

Each file is written whole or not at all, so that a reader never sees half of one.
"""

import json
import os
import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from .probes import Measured

LIVE, FACTS, LOG = "live.json", "facts.json", "log.json"
WAITING = "waiting.jsonl"


def write(name: str, content: dict[str, Any]) -> None:
    """Replace a file of the status folder; readable by the web processes."""
    folder = _folder()
    handle, partial = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
    try:
        with os.fdopen(handle, "w") as out:
            json.dump(content, out, ensure_ascii=False, separators=(",", ":"))
        Path(partial).chmod(0o644)
        Path(partial).replace(folder / name)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def read(name: str) -> dict[str, Any]:
    """A file of the status folder; empty when it does not exist or cannot be read as JSON."""
    try:
        found = json.loads((settings.STATUS_FOLDER / name).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def stamp(name: str) -> int:
    """Changes when the file does; 0 without a file."""
    try:
        return (settings.STATUS_FOLDER / name).stat().st_mtime_ns
    except OSError:
        return 0


def keep_waiting(readings: list[Measured]) -> None:
    """Put measurements on the disk at once; the database receives them from there."""
    lines = "".join(json.dumps({**asdict(reading), "at": reading.at.isoformat()}) + "\n" for reading in readings)
    with (_folder() / WAITING).open("a") as out:
        out.write(lines)


def take_waiting() -> tuple[Path | None, list[Measured]]:
    """The measurements that wait, oldest first, and the file to remove once they are kept.

    The file is set aside first: what is measured meanwhile goes to a new one. What a crash left is taken again.
    """
    folder = _folder()
    taken = folder / f"{WAITING}.taken"
    if not taken.exists():
        try:
            (folder / WAITING).rename(taken)
        except FileNotFoundError:
            return None, []
    return taken, [found for line in taken.read_text().splitlines() if (found := _reading(line))]


def _reading(line: str) -> Measured | None:
    """A line; None for one that a crash cut short."""
    try:
        values = json.loads(line)
        return Measured(**{**values, "at": datetime.fromisoformat(values["at"])})
    except (ValueError, TypeError, KeyError):
        return None


def _folder() -> Path:
    folder: Path = settings.STATUS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder
