"""Looking at a page as everybody who may open it: both themes, three widths, axe, the content policy."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: What axe looks at; the page is opened once and dressed for each.
LOOKS = (("light", 1440), ("dark", 1440), ("light", 390), ("dark", 820))
#: Every width at which nothing may stick out.
WIDTHS = (1440, 820, 390)
#: Changes the theme and waits until every colour has got there.
DRESS = """async theme => {
  document.documentElement.dataset.theme = theme;
  const changing = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(changing().map((one) => one.finished));
}"""


def look(page: Page, address: str, name: str) -> list[str]:
    """Open the page and say what is wrong with it: errors, refusals of the policy, axe, overflow."""
    problems: list[str] = []
    listener = lambda message: message.type == "error" and problems.append(f"{name}: {message.text}")  # noqa: E731
    page.on("console", listener)
    page.emulate_media(reduced_motion="reduce")
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        problems.append(f"{name}: {answer and answer.status}")
    for theme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(DRESS, theme)
        problems += [
            f"{name}, {theme} at {width}: {violation['id']} {violation['nodes'][0]['html'][:160]}"
            for violation in Axe().run(page).response["violations"]
        ]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate("document.documentElement.scrollWidth") - width
        if beyond > 0:
            problems.append(f"{name}: {beyond} pixels too wide at {width}")
    page.remove_listener("console", listener)
    return problems
