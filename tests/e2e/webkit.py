"""WebKit of the system, driven by its own WebDriver over HTTP: Playwright cannot drive a WebKit that it did not build."""

import os
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from devtools import system
from devtools.processes import free_port, spawn, stop, wait_until
from tests.e2e.windows import PATIENCE, SHOWN, NotNow, Point, Size, Window

#: The key under which WebDriver hides the reference of an element.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
#: What WebDriver says of a page that is being replaced, of an element that went with it or is still on its way.
PASSING = {"stale element reference", "no such element", "element not interactable", "javascript error"}
#: The first element that can be acted on, brought into sight at once: WebDriver does not wait for a page that glides.
READY = f"""css => {{
  const one = ({SHOWN})(css).find((found) => !found.disabled);
  one?.scrollIntoView({{ block: "center", behavior: "instant" }});
  return one ?? null;
}}"""
#: The bar above the page would not let the window be narrower than 447 pixels.
THEME = "toolbar, entry, button, image, label { min-width: 0; min-height: 0; padding: 0; margin: 0; border: 0; font-size: 1px; }"
#: Calls a function with what it is given; the answer, or what was thrown.
CALL = """const done = [...arguments].pop();
(async () => (FUNCTION)(...[...arguments].slice(0, -1)))().then(
  (found) => done({ found: found ?? null }), (error) => done({ thrown: String(error) })
);"""
#: The width of the page, once it has been drawn at this width.
DRAWN_WIDTH = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(innerWidth))))"


class WebKitWindow(Window):
    """A window of WebKit, with a browser and a driver of its own: a driver holds one session.

    Nothing is heard of its console: WebKit writes none for a session that keeps nothing, as a driven one is.
    """

    def __init__(self, folder: Path, display: str, size: Size) -> None:
        super().__init__("webkit", size)
        self.log = folder / "webkit.log"
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        self.driver = spawn(
            [system.WEBKIT_DRIVER, f"--port={port}", "--host=127.0.0.1"],
            log=self.log,
            environment=_french(folder, display),
        )
        self.http = requests.Session()
        wait_until(
            lambda: self._answers(address), seconds=30, what="WebKitWebDriver", log=self.log, process=self.driver
        )
        self.session = f"{address}/session"
        options = {"binary": system.webkit(), "args": ["--automation"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.session += f"/{self._post('', capabilities=capabilities)['sessionId']}"
        self.resize(size)

    def close(self) -> None:
        """End the session, its browser and its driver."""
        try:
            self.http.delete(self.session, timeout=PATIENCE)
        finally:
            stop(self.driver)

    def go(self, address: str) -> None:
        self._post("url", url=address)

    def ask(self, function: str, *arguments: Any) -> Any:
        answer = self._post("execute/async", script=CALL.replace("FUNCTION", function), args=list(arguments))
        if "thrown" in answer:
            raise AssertionError(f"{answer['thrown']} in {function}")
        return answer["found"]

    def click(self, css: str) -> None:
        self._do(css, "click")

    def fill(self, css: str, text: str) -> None:
        self._do(css, "clear")
        self._do(css, "value", text=text)

    def type(self, css: str, text: str) -> None:
        self._do(css, "value", text=text)

    def choose(self, css: str, value: str) -> None:
        self.until(lambda: self.count(f"{css} option[value='{value}']"), f"{value} in {css}")
        option = self._post("element", using="css selector", value=f"{css} option[value='{value}']")[ELEMENT]
        self._post(f"element/{option}/click")

    def stroke(self, points: list[Point]) -> None:
        moves = [{"type": "pointerMove", "duration": 10, "x": round(x), "y": round(y)} for x, y in points]
        pressed = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
        self._post("actions", actions=[{"type": "pointer", "id": "finger", "actions": pressed}])

    def resize(self, size: Size) -> None:
        self._post("window/rect", width=size[0], height=size[1])
        self.until(lambda: self.ask(DRAWN_WIDTH) == size[0], f"a width of {size[0]}")

    def picture(self) -> bytes:
        return b64decode(self.http.get(f"{self.session}/screenshot", timeout=PATIENCE).json()["value"])

    def _do(self, css: str, action: str, **body: Any) -> None:
        """Act on the first element that is shown and can be acted on; once more while the page replaces it."""

        def acted() -> bool:
            found = self.ask(READY, css)
            if found is None:
                return False
            self._post(f"element/{found[ELEMENT]}/{action}", **body)
            return True

        self.until(acted, f"{css}, to {action}")

    def _post(self, path: str, **body: Any) -> Any:
        """One command of WebDriver; `NotNow` when the page is passing."""
        answer = self.http.post(f"{self.session}/{path}".rstrip("/"), json=body, timeout=3 * PATIENCE).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            if answer["error"] in PASSING:
                raise NotNow(answer["message"])
            raise AssertionError(f"{path}: {answer['error']}: {answer['message']}")
        return answer

    def _answers(self, address: str) -> bool:
        try:
            return self.http.get(f"{address}/status", timeout=1).ok
        except requests.ConnectionError:
            return False


@contextmanager
def screen(folder: Path) -> Iterator[str]:
    """An X server that shows to nobody, since WebKit has no headless mode; its display."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1280x24", "-nolisten", "tcp"]
    with (folder / "xvfb.log").open("wb") as log:
        process = subprocess.Popen(command, pass_fds=[writing], stderr=log, start_new_session=True)
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            yield f":{numbers.readline().strip()}"
    finally:
        stop(process)


def _french(folder: Path, display: str) -> dict[str, str]:
    """The environment of a French browser: its language is that of the C library, which may have no French here."""
    (folder / "gtk-3.0").mkdir()
    (folder / "gtk-3.0" / "gtk.css").write_text(THEME)
    (folder / "fr_FR.utf8").symlink_to("/usr/lib/locale/C.utf8")
    french = {"LOCPATH": str(folder), "LC_ALL": "fr_FR.UTF-8", "LANGUAGE": "fr_FR:fr"}
    return {**os.environ, **french, "DISPLAY": display, "XDG_CONFIG_HOME": str(folder)}
