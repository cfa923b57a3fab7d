"""The browsers of the journeys: installed when we may, asked for by name otherwise."""

from typing import Any

import pytest

from devtools import system
from devtools.processes import ServiceError

EVERYTHING = {"apt-get", "chromium", "firefox-esr", "WebKitWebDriver", "Xvfb"}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A machine that has these programs, on which we may install nothing."""

    def having(programs: set[str], *, mini_browser: bool = True) -> None:
        monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name in programs else None)
        monkeypatch.setattr("os.geteuid", lambda: 1000)
        found = ["/usr/libexec/webkit2gtk-4.1/MiniBrowser"] if mini_browser else []
        monkeypatch.setattr("pathlib.Path.glob", lambda _folder, _pattern: found)

    return having


def test_a_machine_with_the_three_browsers_is_asked_for_nothing(machine: Any) -> None:
    machine(EVERYTHING)
    system.ensure_browsers()
    assert (system.chromium(), system.firefox()) == ("/usr/bin/chromium", "/usr/bin/firefox-esr")
    assert system.webkit() == "/usr/libexec/webkit2gtk-4.1/MiniBrowser"


@pytest.mark.parametrize(
    ("missing", "package"),
    [
        ("chromium", "chromium"),
        ("firefox-esr", "firefox-esr"),
        ("WebKitWebDriver", "webkit2gtk-driver"),
        ("Xvfb", "xvfb"),
    ],
)
def test_what_is_missing_is_named_with_the_command_that_brings_it(machine: Any, missing: str, package: str) -> None:
    machine(EVERYTHING - {missing})
    with pytest.raises(ServiceError, match=f"sudo apt-get install .* {package}$"):
        system.ensure_browsers()


def test_the_driver_without_its_browser_is_not_webkit(machine: Any) -> None:
    machine(EVERYTHING, mini_browser=False)
    assert system.webkit() is None
    with pytest.raises(ServiceError, match="webkit2gtk-driver"):
        system.ensure_browsers()


def test_without_apt_only_chromium_is_asked_for(machine: Any) -> None:
    machine({"google-chrome"})
    system.ensure_browsers()
    assert system.firefox() is None
    machine(set())
    with pytest.raises(ServiceError, match="chromium"):
        system.ensure_browsers()
