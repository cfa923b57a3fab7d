"""A window of a browser, whichever it is: what a journey does in it, said once for Chromium, Firefox and WebKit."""

import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Error, Locator, Page

from tests.e2e.looking import PICTURES

Point = tuple[float, float]
Size = tuple[int, int]
#: The sizes at which everything must hold: a desk, a tablet held upright, a phone.
DESK: Size = (1440, 900)
TABLET: Size = (820, 1180)
PHONE: Size = (390, 844)
#: As long as Playwright's own `expect` may wait here (conftest).
PATIENCE = 20.0
#: What htmx says, as if it were an error, of a request that it gives up for a newer one.
GIVEN_UP = ("htmx:afterRequest", "htmx:sendAbort")
#: The elements that a selector finds and that somebody sees.
SHOWN = "css => [...document.querySelectorAll(css)].filter((one) => one.checkVisibility({ visibilityProperty: true }))"
#: The words of the first of them, each space once, the narrow ones of French included; null while there is none.
WORDS = f"css => {{ const [one] = ({SHOWN})(css); return one ? one.textContent.replace(/\\s+/g, ' ').trim() : null }}"
#: Where to draw: the box of an element, brought into sight.
BOX = """css => {
  const one = document.querySelector(css);
  one.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y } = one.getBoundingClientRect();
  return [x, y];
}"""


class NotNow(Exception):
    """The page is on its way to another one and answers nothing: ask again."""


class Window(ABC):
    """A window with its own cookies. Elements are found by CSS; whatever acts or looks waits for them, 20 s at most."""

    def __init__(self, browser: str, size: Size) -> None:
        self.browser, self.size = browser, size
        #: The errors that the browser has written in its console.
        self.complaints: list[str] = []

    @abstractmethod
    def go(self, address: str) -> None:
        """Open an address, to the end of its loading."""

    @abstractmethod
    def ask(self, function: str, *arguments: Any) -> Any:
        """What a JavaScript function of the page answers, a promise awaited; `NotNow` while the page is leaving."""

    @abstractmethod
    def click(self, css: str) -> None:
        """Press the first one that is shown."""

    @abstractmethod
    def fill(self, css: str, text: str) -> None:
        """Put this text in place of what the field holds."""

    @abstractmethod
    def type(self, css: str, text: str) -> None:
        """Press the keys one after the other."""

    @abstractmethod
    def choose(self, css: str, value: str) -> None:
        """Choose the option of this value in a list."""

    @abstractmethod
    def stroke(self, points: list[Point]) -> None:
        """Press at the first point of the window, go through the others, let go at the last."""

    @abstractmethod
    def resize(self, size: Size) -> None:
        """Give the page this width and about this height."""

    @abstractmethod
    def picture(self) -> bytes:
        """What is seen of the page, as PNG."""

    @property
    def address(self) -> str:
        """Where the window is."""
        return str(self.ask("() => location.href"))

    def submit(self, css: str) -> None:
        """Press what leads to another page, and wait for that page."""
        self.ask("() => { window.leaving = true }")
        self.click(css)
        self._arrived(f"a page after {css}")

    def reload(self) -> None:
        """Load the page once more, to the end."""
        self.ask("() => { window.leaving = true; setTimeout(() => location.reload()) }")
        self._arrived("the page once more")

    def tick(self, css: str) -> None:
        """Tick every box that the selector finds."""
        for rank in range(self.count(css)):
            self.ask("(css, rank) => document.querySelectorAll(css)[rank].setAttribute('data-told', rank)", css, rank)
            self.click(f"{css}[data-told='{rank}']")
            assert self.ask("(css, rank) => document.querySelectorAll(css)[rank].checked", css, rank), css

    def draw(self, css: str, points: Iterable[Point]) -> None:
        """Draw a line through points that are counted from the corner of an element."""
        left, top = self.ask(BOX, css)
        self.stroke([(left + x, top + y) for x, y in points])

    def count(self, css: str) -> int:
        """How many there are, shown or not."""
        return int(self.ask("css => document.querySelectorAll(css).length", css))

    def read(self, css: str, name: str) -> Any:
        """A property of the first one, shown or not: its value, its address."""
        self.until(lambda: self.count(css), css)
        return self.ask("(css, name) => document.querySelector(css)[name]", css, name)

    def shows(self, css: str) -> bool:
        """Whether one is shown now."""
        return self.ask(WORDS, css) is not None

    def see(self, css: str, words: str = "") -> None:
        """Wait until one is shown whose words answer to a regular expression."""
        seen: list[str | None] = [None]

        def there() -> bool:
            seen[0] = self.ask(WORDS, css)
            return seen[0] is not None and re.search(words, seen[0]) is not None

        self.until(there, lambda: f"{words!r} in {css}, where one reads {seen[0]!r}")

    def miss(self, css: str) -> None:
        """Wait until none is shown."""
        self.until(lambda: not self.shows(css), f"no {css}")

    def arrive(self, pattern: str) -> None:
        """Wait until the address answers to a regular expression."""
        self.until(lambda: re.search(pattern, self.address), lambda: f"{pattern!r}, not {self.address}")

    def until(self, check: Callable[[], Any], what: str | Callable[[], str]) -> None:
        """Ask until the answer is yes; after 20 s fail with what was waited for."""
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                if check():
                    return
            except NotNow:
                pass
            if time.monotonic() > limit:
                raise AssertionError(f"Waited for {what if isinstance(what, str) else what()}")
            time.sleep(0.05)

    def _arrived(self, what: str) -> None:
        self.until(lambda: self.ask("() => !window.leaving && document.readyState === 'complete'"), what)

    def too_wide(self, name: str) -> list[str]:
        """Where the page sticks out of a window of the three sizes; the window has its own size again afterwards."""
        found = []
        for size in (DESK, TABLET, PHONE):
            self.resize(size)
            if PICTURES:
                Path(f"{PICTURES}/{self.browser}-{name}-{size[0]}.png").write_bytes(self.picture())
            beyond = int(self.ask("() => document.documentElement.scrollWidth - innerWidth"))
            if beyond > 0:
                found.append(f"{self.address}: {beyond} pixels too wide at {size[0]}")
        self.resize(self.size)
        return found


class PlaywrightWindow(Window):
    """A window of Chromium or of Firefox."""

    def __init__(self, browser: str, page: Page, size: Size) -> None:
        super().__init__(browser, size)
        self.page = page
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(error.message))
        self.resize(size)

    def go(self, address: str) -> None:
        self.page.goto(address)

    def ask(self, function: str, *arguments: Any) -> Any:
        try:
            return self.page.evaluate(f"all => ({function})(...all)", list(arguments))
        except Error as error:
            if "context was destroyed" in error.message or "navigation" in error.message:
                raise NotNow from error
            raise

    def click(self, css: str) -> None:
        self._shown(css).click()

    def fill(self, css: str, text: str) -> None:
        self._shown(css).fill(text)

    def type(self, css: str, text: str) -> None:
        self._shown(css).press_sequentially(text, delay=20)

    def choose(self, css: str, value: str) -> None:
        self._shown(css).select_option(value)

    def stroke(self, points: list[Point]) -> None:
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for x, y in points[1:]:
            self.page.mouse.move(x, y)
        self.page.mouse.up()

    def resize(self, size: Size) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def picture(self) -> bytes:
        return self.page.screenshot(caret="initial")  # to hide it, a style would be put in, which the policy refuses

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(GIVEN_UP):
            self.complaints.append(said.text)

    def _shown(self, css: str) -> Locator:
        return self.page.locator(css).filter(visible=True).first
