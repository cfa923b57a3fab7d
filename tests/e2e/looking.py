"""Looking at a page as everybody who may open it: both themes, three widths, axe, the content policy."""

import os
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

#: Rules of axe whose answer depends on the theme.
COLOURS = ("color-contrast", "link-in-text-block")
#: How a page is looked at, which is opened once and dressed for each: theme, width, only these rules or all of them. What
#: stands on a tablet stands on a desk or a phone as well; its colours are looked at all the same.
LOOKS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("light", 1440, ()),
    ("dark", 1440, COLOURS),
    ("dark", 820, COLOURS),
    ("light", 390, ()),
)
#: Where the pictures of what is looked at go, for the person who wants to see them.
PICTURES = os.environ.get("THERMO_PICTURES", "")
#: Changes the theme and waits until every colour has got there; the width that the page takes.
DRESS = """async theme => {
  document.documentElement.dataset.theme = theme;
  const changing = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(changing().map((one) => one.finished));
  return document.documentElement.scrollWidth;
}"""
#: Runs axe and brings back only what is wrong: the whole of its answer weighs megabytes.
FIND = """async options => (await axe.run(options)).violations.map(
  (one) => [one.id, one.help, ...one.nodes.slice(0, 5).map((node) => node.html.slice(0, 160))].join(" | ")
)"""


def violations(page: Page, only: tuple[str, ...] = ()) -> list[str]:
    """What axe finds against the page as it is dressed, in words; the rules `only`, or all of them."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    found: list[str] = page.evaluate(FIND, {**options, "runOnly": list(only)} if only else options)
    return found


def wrong_with(page: Page, name: str) -> list[str]:
    """What axe says against the page in both themes and three widths, and where something sticks out."""
    problems: list[str] = []
    for theme, width, only in LOOKS:
        if page.viewport_size != {"width": width, "height": 900}:
            page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate(DRESS, theme) - width
        if beyond > 0:
            problems.append(f"{name}, {theme}: {beyond} pixels too wide at {width}")
        problems += [f"{name}, {theme} at {width}: {found}" for found in violations(page, only)]
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name.strip('/').replace('/', '-') or 'home'}-{theme}-{width}.png")
    return problems


def look(page: Page, address: str, name: str) -> list[str]:
    """Open the page and say what is wrong with it: errors, refusals of the policy, axe, overflow."""
    problems: list[str] = []
    listener = lambda message: message.type == "error" and problems.append(f"{name}: {message.text}")  # noqa: E731
    page.on("console", listener)
    page.emulate_media(reduced_motion="reduce")
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        problems.append(f"{name}: {answer and answer.status}")
    problems += wrong_with(page, name)
    page.remove_listener("console", listener)
    return problems
