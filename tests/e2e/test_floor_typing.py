"""In a browser: what is typed on a tablet, by a scanner or by hand, is understood and is not lost."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.projects.models import Nonconformity, Project
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope

from .test_floor_hands import ONLINE, address, declaration, nadia, page, take_tablet
from .test_floor_offline import FLOOR, Device, device, do, omar, part_of, projects, shop, waiting

__all__ = ["address", "device", "nadia", "omar", "page", "projects", "shop"]  # the fixtures of the other files

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
#: What a French keyboard writes for the keys of an American one.
FRENCH = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/", "QBCDEFGHIJKL?NOPARSTUVZXYWà&é\"'(-è_ç!", strict=True))


@pytest.mark.spec("LAB-03", "ACC-04")
def test_an_american_scanner_is_understood_by_a_french_tablet(
    page: Page, address: str, shop: Workshop, projects: list[Project]
) -> None:
    page.goto(f"{address}#/series")  # whatever the screen
    for project, text in ((projects[1], "{code}"), (projects[2], "//LABEL/E/{shop}/{code}")):
        wanted = text.format(code=part_of(project).code, shop=shop.pk)
        page.evaluate(
            """(keys) => { for (const [key, code] of keys) dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true })); }""",
            [[FRENCH[char], _place(char)] for char in wanted] + [["Enter", "Enter"]],
        )
        expect(page.get_by_role("heading", name=project.title)).to_be_visible()


@pytest.mark.spec("LAB-03", "ACC-04")
def test_a_scanner_is_understood_in_the_field_where_numbers_are_typed(
    page: Page, address: str, shop: Workshop, projects: list[Project]
) -> None:
    """The layout has written letters that are none of a number, or of another one, after what was typed by hand."""
    for project, text in ((projects[1], "{code}"), (projects[2], "//LABEL/E/{shop}/{code}")):
        wanted = text.format(code=part_of(project).code, shop=shop.pk)
        page.goto(f"{address}#/scan")
        page.locator("#code").focus()
        page.evaluate(
            """(keys) => {
                const field = document.activeElement;
                for (const [key, code] of keys) {
                    const strike = new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true });
                    if (field.dispatchEvent(strike) && key.length === 1) field.value += key;
                }
                field.form.requestSubmit();
            }""",
            [[FRENCH[char], _place(char)] for char in wanted] + [["Enter", "Enter"]],
        )
        expect(page.get_by_role("heading", name=project.title)).to_be_visible()


def drafts_of(page: Page) -> list[str]:
    """The comments of the declarations that are only begun and that this device keeps on its disk."""
    comments: list[str] = page.evaluate(
        """async () => {
            const comments = [];
            for (const { name } of await indexedDB.databases()) {
                if (!/^thermo-floor-/.test(name)) continue;
                const db = await new Promise((done) => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
                const asked = db.transaction('drafts').objectStore('drafts').getAll();
                const rows = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
                comments.push(...rows.map((row) => row.typed.comment));
                db.close();
            }
            return comments;
        }"""
    )
    return comments


def keeps(page: Page, comments: list[str]) -> bool:
    """Whether the device comes to keep these, and nothing else, within five seconds."""
    for _ in range(100):
        if drafts_of(page) == comments:
            return True
        page.wait_for_timeout(50)
    return False


@pytest.mark.spec("QUA-02", "WSM-02", "WSM-06", "BEY-04")
def test_a_declaration_that_is_begun_survives_a_reload_and_goes_when_it_is_given_up(
    page: Page, device: Device, address: str, shop: Workshop, projects: list[Project]
) -> None:
    device.context.set_offline(True)
    declaration(page, address, projects[0], photo=True)
    page.locator("#nc-comment").fill("Coulure en bas")
    assert keeps(page, ["Coulure en bas"])
    page.reload()
    expect(page.locator(".f-shot")).to_be_visible()
    expect(page.locator("#nc-comment")).to_have_value("Coulure en bas")
    expect(page.locator(".f-tile").first).to_have_attribute("aria-pressed", "true")
    do(page, "declare").click()
    waiting(page, 2)
    assert keeps(page, [])
    declaration(page, address, projects[1], photo=True)
    assert keeps(page, [""])
    do(page, "give-up").click()
    expect(page.get_by_role("heading", name=projects[1].title)).to_be_visible()
    assert keeps(page, [])
    page.goto(f"{address}#/nc/{projects[1].pk}")
    page.reload()
    expect(do(page, "declare")).to_be_disabled()
    expect(page.locator(".f-shot")).to_have_count(0)
    waiting(page, 2)
    device.context.set_offline(False)
    expect(page.locator(ONLINE)).to_be_visible()
    with workshop_scope(shop.pk):
        noted = Nonconformity.objects.get()
        assert (noted.comment, noted.photos.count()) == ("Coulure en bas", 1)
    declaration(page, address, projects[2], photo=True)
    page.goto(f"{address}#/moi")
    do(page, "sign-out").click()
    page.wait_for_function(
        "async () => (await indexedDB.databases()).every(({ name }) => !/^thermo-floor-/.test(name))"
    )


def _place(char: str) -> str:
    return "Slash" if char == "/" else f"Digit{char}" if char.isdecimal() else f"Key{char}"


@pytest.mark.spec("WSM-06", "QUA-02")
def test_a_declaration_that_is_begun_comes_back_to_its_operator_and_to_nobody_else(
    device: Device, live_server: LiveServer, omar: Membership, nadia: Membership, projects: list[Project]
) -> None:
    """The shared tablet is started again each time: nothing but its disk remembers."""
    screen, address = device.page, live_server.url + FLOOR
    for member, found in ((omar, 0), (omar, 1), (nadia, 0), (omar, 0)):
        take_tablet(screen, member, projects)
        screen.goto(f"{address}#/nc/{projects[0].pk}")
        expect(do(screen, "declare")).to_be_visible()
        expect(screen.locator(".f-shot")).to_have_count(found)
        if member == omar and not found:
            declaration(screen, address, projects[0], photo=True)
        screen.goto(f"{address}#/")
        screen.reload()
