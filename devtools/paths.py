"""Where the repository and its generated data live."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
#: The git-ignored folder of notes about what was built into the repository, whichever data folder is chosen.
BUILT = REPOSITORY / ".thermo"


def data_dir() -> Path:
    """The git-ignored folder of everything generated: `.thermo/`, or the folder THERMO_DATA names."""
    chosen = os.environ.get("THERMO_DATA")
    folder = Path(chosen).expanduser().resolve() if chosen else BUILT
    folder.mkdir(parents=True, exist_ok=True)
    return folder
