"""What the lock file cannot bring: Pango for the PDFs, the browsers of the journeys, PHP for the shop's module."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

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
FIREFOX = ("firefox-esr", "firefox")
#: What drives WebKit, and the screen that it is shown on: it has no headless mode.
WEBKIT_DRIVER, SCREEN = "WebKitWebDriver", "Xvfb"
#: Where distributions put the browser of WebKitGTK that lets itself be driven.
MINI_BROWSER = ("lib*/*/webkit2gtk-4.*/MiniBrowser", "lib*/webkit2gtk-4.*/MiniBrowser")


def ensure_libraries() -> None:
    """Pango and HarfBuzz, installed when we may, asked for otherwise."""
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if missing:
        _install(missing, "WeasyPrint cannot make PDFs without them")


def ensure_browsers() -> None:
    """Chromium, Firefox and WebKit for the browser tests, installed when we may, asked for otherwise.

    Where there is no apt-get only Chromium is asked for: Firefox and WebKit may not exist there under these names, and
    their journeys say for themselves that they are skipped.
    """
    why = "the browser tests drive it"
    debian = shutil.which("apt-get") is not None
    others = {"firefox-esr": firefox(), "webkit2gtk-driver": webkit(), "xvfb": shutil.which(SCREEN)}
    missing = [package for package, found in others.items() if debian and not found]
    if chromium():
        if missing:
            _install(missing, why)
        return
    try:
        _install([SHELL, *missing], why)
    except ServiceError:
        _install(["chromium", *missing], why)


def ensure_php() -> None:
    """PHP for the tests of the shop's module, where we may install it; without it they say that they were skipped."""
    if shutil.which("php") is None:
        with suppress(ServiceError):
            _install(["php-cli", "php-curl", "php-sqlite3"], "the tests of the shop's module execute it")


def chromium() -> str | None:
    """The path of the Chromium to drive, None when there is none."""
    return _first(CHROMIUM)


def firefox() -> str | None:
    """The path of the Firefox to drive, None when there is none."""
    return _first(FIREFOX)


def webkit() -> str | None:
    """The path of the WebKit to drive, None when its driver or itself is missing."""
    if shutil.which(WEBKIT_DRIVER) is None:
        return None
    return next((str(path) for pattern in MINI_BROWSER for path in sorted(Path("/usr").glob(pattern))), None)


def _first(programs: Iterable[str]) -> str | None:
    """The path of the first of these programs that is installed."""
    return next(filter(None, map(shutil.which, programs)), None)


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
