"""Where the repository and its generated data live."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def data_dir() -> Path:
    """The git-ignored folder of everything generated: `.thermo/`, or the folder THERMO_DATA names."""
    chosen = os.environ.get("THERMO_DATA")
    folder = Path(chosen).expanduser().resolve() if chosen else REPOSITORY / ".thermo"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
