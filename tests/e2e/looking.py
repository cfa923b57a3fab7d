"""Looking at a page as everybody who may open it: both themes, three widths, axe, the content policy."""

import os
from weakref import WeakSet
from zlib import crc32

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

Looks = tuple[tuple[str, int], ...]
#: How a page is looked at, which is opened once and dressed for each: theme and width. Pages take turns, so that what they
#: share is seen in each theme at both widths, and each page itself in both themes.
TURNS: tuple[Looks, ...] = ((("light", 1440), ("dark", 390)), (("dark", 1440), ("light", 390)))
#: For the page of patterns, and for whoever wants the pictures.
EVERY_LOOK: Looks = TURNS[0] + TURNS[1]
#: Where nothing may stick out either: what is right for axe on a desk and on a phone is so on a tablet.
TABLET = 820
WIDTHS = (390, TABLET, 1440)
#: Where the pictures of what is looked at go, for the person who wants to see them.
PICTURES = os.environ.get("THERMO_PICTURES", "")
#: The pages in whose every document axe is from the start. Half a megabyte is not sent again with each address.
_equipped: WeakSet[Page] = WeakSet()
#: Changes the theme and waits until every colour has got there; the width that the page takes.
DRESS = """async theme => {
  document.documentElement.dataset.theme = theme;
  const changing = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(changing().map((one) => one.finished));
  return document.documentElement.scrollWidth;
}"""
#: Runs axe and brings back only what is wrong: the whole of its answer weighs megabytes. Finding a selector for each
#: element, which nobody reads here, would take a quarter of its time.
FIND = """async options => (await axe.run(options)).violations.map(
  (one) => [one.id, one.help, ...one.nodes.slice(0, 5).map((node) => node.html.slice(0, 160))].join(" | ")
)"""


def violations(page: Page) -> list[str]:
    """What axe finds against the page as it is dressed, in words."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(FIND, {"resultTypes": ["violations"], "selectors": False, "preload": False})
    return found


def wrong_with(page: Page, name: str, looks: Looks = ()) -> list[str]:
    """What axe says against the page in both themes, and where something sticks out at three widths."""
    problems: list[str] = []
    looks = looks or (EVERY_LOOK if PICTURES else TURNS[crc32(name.encode()) % len(TURNS)])
    for theme, width in looks:
        problems += _beyond(page, name, theme, width)
        problems += [f"{name}, {theme} at {width}: {found}" for found in violations(page)]
    return problems + _beyond(page, name, looks[-1][0], TABLET)  # as it is dressed already: only its width counts


def _beyond(page: Page, name: str, theme: str, width: int) -> list[str]:
    """Dress the page; what sticks out of it."""
    if page.viewport_size != {"width": width, "height": 900}:
        page.set_viewport_size({"width": width, "height": 900})
    beyond = page.evaluate(DRESS, theme) - width
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name.strip('/').replace('/', '-') or 'home'}-{theme}-{width}.png")
    return [f"{name}, {theme}: {beyond} pixels too wide at {width}"] if beyond > 0 else []


def look(page: Page, address: str, name: str, looks: Looks = ()) -> list[str]:
    """Open the page and say what is wrong with it: errors, refusals of the policy, axe, overflow.

    `looks` where its turn is not enough.
    """
    problems: list[str] = []
    listener = lambda message: message.type == "error" and problems.append(f"{name}: {message.text}")  # noqa: E731
    page.on("console", listener)
    page.emulate_media(reduced_motion="reduce")
    if page not in _equipped:
        page.add_init_script(f"if (window === top) {{ {AXE_SCRIPT} }}")
        _equipped.add(page)
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        problems.append(f"{name}: {answer and answer.status}")
    problems += wrong_with(page, name, looks)
    page.remove_listener("console", listener)
    return problems
