"""Find or install uv, print its path. Standard library only: it runs before anything is installed.

Tried in order: a working uv on the path, a private virtual environment, pip into a folder (where Debian's python3-venv
is missing), and finally Debian's own packages when we are root.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(os.environ.get("THERMO_DATA") or Path(__file__).resolve().parent.parent / ".thermo") / "uv"
UV = "uv>=0.5"


def main() -> int:
    """Print the path of uv, or what to install."""
    for attempt in (on_the_path, already_installed, by_virtual_environment, by_pip, by_debian):
        found = attempt()
        if found is not None and works(found):
            print(found)
            return 0
    print(
        "uv could not be installed. Either install it (https://docs.astral.sh/uv/), or Debian's packages:\n"
        "  sudo apt-get install python3-venv python3-pip",
        file=sys.stderr,
    )
    return 1


def on_the_path() -> "str | None":
    """The developer's own uv."""
    return shutil.which("uv")


def already_installed() -> "str | None":
    """What an earlier call installed."""
    found = [str(path) for path in (HOME / "venv" / "bin" / "uv", HOME / "pip" / "bin" / "uv") if path.exists()]
    return found[0] if found else None


def by_virtual_environment() -> "str | None":
    """pip inside a private virtual environment."""
    folder = HOME / "venv"
    if not quiet([sys.executable, "-m", "venv", str(folder)]):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    quiet([str(folder / "bin" / "python"), "-m", "pip", "install", UV])
    return str(folder / "bin" / "uv")


def by_pip() -> "str | None":
    """pip into a folder of ours; allowed even where Debian manages the Python packages."""
    quiet([sys.executable, "-m", "pip", "install", "--target", str(HOME / "pip"), UV])
    return str(HOME / "pip" / "bin" / "uv")


def by_debian() -> "str | None":
    """python3-venv by apt-get, for root only."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    quiet(["apt-get", "update", "-qq"])
    quiet(["apt-get", "install", "--yes", "--no-install-recommends", "python3-venv"])
    return by_virtual_environment()


def works(uv: str) -> bool:
    """Whether this uv runs (a version manager's placeholder does not)."""
    return quiet([uv, "--version"])


def quiet(command: "list[str]") -> bool:
    """Run a command silently; whether it succeeded."""
    try:
        return (
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
        )
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
