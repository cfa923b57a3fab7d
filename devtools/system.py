"""What the lock file cannot bring: Pango for the PDFs, Chromium for the browser tests, PHP for the shop's module."""

import ctypes
import os
import shutil
import subprocess
from contextlib import suppress

from devtools.processes import ServiceError

# Shared library -> Debian package that holds it.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# The shell first: it draws the same pages for half of the processor's time, having no windows to keep.
SHELL = "chromium-headless-shell"
CHROMIUM = (SHELL, "chromium", "chromium-browser", "google-chrome")


def ensure_libraries() -> None:
    """Pango and HarfBuzz, installed when we may, asked for otherwise."""
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if missing:
        _install(missing, "WeasyPrint cannot make PDFs without them")


def ensure_chromium() -> None:
    """A Chromium for the browser tests: the headless shell where the system offers it."""
    if chromium():
        return
    why = "the browser tests drive it"
    try:
        _install([SHELL], why)
    except ServiceError:
        _install(["chromium"], why)


def ensure_php() -> None:
    """PHP for the tests of the shop's module, where we may install it; without it they say that they were skipped."""
    if shutil.which("php") is None:
        with suppress(ServiceError):
            _install(["php-cli", "php-curl", "php-sqlite3"], "the tests of the shop's module execute it")


def chromium() -> str | None:
    """The path of the Chromium to drive, None when there is none."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def _loads(library: str) -> bool:
    """Whether the dynamic linker finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _install(packages: list[str], why: str) -> None:
    """apt-get as root; else a message with the command to run."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    advice = f"Missing: {', '.join(packages)} ({why}). Install with: sudo {' '.join(command)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise ServiceError(advice)
    print(f"Installing {', '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], command):
        if subprocess.run(step, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
            raise ServiceError(f"`{' '.join(step)}` failed. {advice}")
