"""The pattern page in a browser: accessible in both themes, by keyboard, under the strict policy."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.e2e.looking import EVERY_LOOK, look
from tests.e2e.windows import DESK, Size, Window

#: Each kind of progress of the page, and whether its bar has a plain colour of its own instead of the usual shades.
BARS = """() => Object.fromEntries([...document.querySelectorAll(".progress > progress")].map((one) => [
  one.parentElement.className.trim(), getComputedStyle(one, "::-moz-progress-bar").backgroundImage === "none",
]))"""

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def patterns(page: Page, live_server: LiveServer, settings: Settings) -> Iterator[Page]:
    """The pattern page, where nothing may be refused by the policy or fail in a script."""
    settings.DEBUG = True
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: message.type == "error" and problems.append(message.text))
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{live_server.url}/patterns/components/")
    yield page
    assert problems == []


@pytest.mark.spec("A11-01", "A11-02", "A11-04")
@pytest.mark.parametrize("name", ["components", "app", "portal", "public", "entrance", "error"])
def test_axe_finds_nothing_and_nothing_overflows(
    page: Page, live_server: LiveServer, settings: Settings, name: str
) -> None:
    settings.DEBUG = True
    assert look(page, f"{live_server.url}/patterns/{name}/", name, EVERY_LOOK) == []


def test_firefox_too_shows_what_goes_well_and_what_goes_badly(
    open_window: Callable[[str, Size], Window], live_server: LiveServer, settings: Settings
) -> None:
    settings.DEBUG = True
    window = open_window("firefox", DESK)
    window.go(f"{live_server.url}/patterns/components/")
    assert window.ask(BARS) == {"progress": False, "progress progress-ok": True}


@pytest.mark.spec("A11-03")
def test_a_dialog_takes_the_focus_and_gives_it_back(patterns: Page) -> None:
    opener = patterns.get_by_role("button", name="Ouvrir une fenêtre")
    opener.focus()
    patterns.keyboard.press("Enter")
    dialog = patterns.get_by_role("dialog", name="Nouvelle note")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")
    patterns.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


@pytest.mark.spec("A11-03")
def test_a_menu_works_by_keyboard(patterns: Page) -> None:
    button = patterns.get_by_role("button", name="Actions", exact=True)
    button.focus()
    patterns.keyboard.press("ArrowDown")
    expect(patterns.get_by_role("link", name="Modifier").last).to_be_focused()
    patterns.keyboard.press("ArrowDown")
    expect(patterns.get_by_role("link", name="Dupliquer")).to_be_focused()
    patterns.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")


@pytest.mark.spec("A11-03")
def test_tabs_work_by_keyboard(patterns: Page) -> None:
    patterns.get_by_role("tab", name="Lignes").focus()
    patterns.keyboard.press("ArrowRight")
    expect(patterns.get_by_role("tab", name="Notes")).to_have_attribute("aria-selected", "true")
    expect(patterns.get_by_role("tabpanel")).to_have_text("Deux notes.")


@pytest.mark.spec("A11-03")
def test_the_first_tab_stop_skips_to_the_content(page: Page, live_server: LiveServer, settings: Settings) -> None:
    settings.DEBUG = True
    page.goto(f"{live_server.url}/patterns/app/")  # the page of components shows a refused form, and begins there
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.spec("UXR-02")
def test_a_deletion_asks_first(patterns: Page) -> None:
    patterns.get_by_role("button", name="Supprimer", exact=True).last.click()
    dialog = patterns.get_by_role("dialog", name="Supprimer ce contact")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button").filter(has_not_text="Supprimer").last.click()
    expect(dialog).to_be_hidden()


def test_the_theme_chosen_stays_on_this_device(patterns: Page) -> None:
    patterns.locator("main [data-theme-set=dark]").click()
    expect(patterns.locator("html")).to_have_attribute("data-theme", "dark")
    patterns.reload()
    expect(patterns.locator("html")).to_have_attribute("data-theme", "dark")
    expect(patterns.locator("main [data-theme-set=dark]")).to_have_attribute("aria-pressed", "true")


def test_a_signature_is_kept_as_a_picture_and_as_points(patterns: Page) -> None:
    canvas = patterns.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    patterns.mouse.move(box["x"] + 30, box["y"] + 60)
    patterns.mouse.down()
    patterns.mouse.move(box["x"] + 120, box["y"] + 110, steps=8)
    patterns.mouse.up()
    expect(patterns.locator("[data-signature-image]")).to_have_value(re.compile("^data:image/png;base64,"))
    expect(patterns.locator("[data-signature-points]")).to_have_value(re.compile('"time":'))
    patterns.locator("[data-signature-clear]").click()
    expect(patterns.locator("[data-signature-points]")).to_have_value("")


@pytest.mark.spec("A11-05")
def test_the_error_summary_leads_to_the_field(patterns: Page) -> None:
    patterns.locator(".error-summary a").first.click()
    expect(patterns.locator("#id_bad_surface")).to_be_focused()
