"""The screens of the workshop mode, looked at as everybody who uses them: axe, both themes, three widths, by keyboard."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from app.projects.constants import PhotoMoment
from app.projects.models import Part, Project
from app.projects.services.photos import add_photo
from app.projects.services.working import record_part
from app.shopfloor.models import DeviceAction
from app.shopfloor.services.pins import set_pin
from app.shopfloor.services.tablets import register_tablet
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.projects.pictures import drawn, encoded
from tests.conftest import signed_in
from tests.e2e import looking
from tests.e2e.looking import WIDTHS, look, violations

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FLOOR = "/app/atelier-vulcain/atelier/"
SMALLEST = """() => [...document.querySelectorAll('#floor a, #floor button, #floor input, #floor select, #floor textarea')]
  .filter((one) => one.getClientRects().length && !one.closest('[hidden]'))
  .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 56 || box.width < 44)).map(([html, box]) => `${html} ${box.width}x${box.height}`)"""


def enter(page: Page, live_server: LiveServer, member: Membership) -> None:
    cookie = signed_in(member).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


@pytest.fixture
def shop(transactional_db: None) -> Workshop:
    return factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


@pytest.fixture
def omar(shop: Workshop) -> Membership:
    return factories.member(shop, Role.OPERATOR, email="omar@vulcain.test", first_name="Omar", last_name="Petit")


@pytest.fixture
def projects(shop: Workshop) -> list[Project]:
    """Work of every look: late, urgent, long words, several powders, a note, a conflict."""
    with workshop_scope(shop.pk):
        made = [
            factories.project(shop, title="Portail coulissant et portillon", promised_on="2026-01-12", priority=4),
            factories.project(
                shop, title="Garde-corps de terrasse, dix-huit éléments sur mesure", note="Angle à part."
            ),
            factories.project(shop, title="Jantes 17 pouces"),
        ]
        part = Part.objects.select_related("powder").get(project=made[0])
        record_part(
            workshop=shop, actor=Actor("Karim Benali", Origin.SCREEN), part=part, powder=part.powder, coats=2,
            primer=True, varnish=False, curing_celsius=200, curing_minutes=18,
        )  # fmt: skip
        DeviceAction.objects.create(
            workshop=shop, key="018f0000-0000-7000-8000-000000000001", kind="part", user_name="Omar Petit",
            project=made[0], made_at="2026-01-12T14:02:00Z", at="2026-01-12T14:02:00Z", outcome="conflict",
            payload={"project": made[0].pk, "part": part.pk, "curing_celsius": 180},
            theirs={"part": part.designation, "by": "Karim Benali", "at": "2026-01-12T13:50:00Z",
                    "values": {"curing_celsius": [180, 200]}},
        )  # fmt: skip
    return made


def wrong_with(page: Page, name: str) -> list[str]:
    """What axe, the widths and the size of targets say against the screen that is shown."""
    problems = looking.wrong_with(page, name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        problems += [f"{name} at {width}, too small: {one}" for one in page.evaluate(SMALLEST)]
    return problems


@pytest.mark.spec("WSM-01", "WSM-07", "SCR-03", "A11-01", "A11-02", "A11-03")
def test_the_screens_are_large_clear_and_hold_at_every_width(
    page: Page, live_server: LiveServer, shop: Workshop, omar: Membership, projects: list[Project]
) -> None:
    errors: list[Any] = []
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.emulate_media(reduced_motion="reduce")
    enter(page, live_server, omar)
    address = live_server.url + FLOOR
    page.goto(address)
    expect(page.locator("[data-project]")).to_have_count(3)
    first, second = projects[0], projects[1]
    with workshop_scope(shop.pk):
        part = Part.objects.get(project=first)
        photo = add_photo(
            workshop=shop, actor=factories.ACTOR, project=first, content=encoded(drawn()), name="",
            moment=PhotoMoment.BEFORE, caption="Rouille au pied",
        )  # fmt: skip
    page.reload()
    screens = {
        "queue": "", "project": f"projet/{first.pk}", "note": f"note/{second.pk}", "nc": f"nc/{first.pk}", "scan": "scan",
        "part": f"piece/{first.pk}/{part.pk}", "outbox": "envois", "conflicts": "conflits", "me": "moi",
        "caption": f"legende/{first.pk}/{photo.pk}",
    }  # fmt: skip
    problems = []
    for name, route in screens.items():
        page.goto(f"{address}#/{route}")
        if route:
            expect(page.locator("h1")).to_be_focused()
        problems += wrong_with(page, name)
    page.locator("h1").evaluate("old => { old.dataset.old = ''; dispatchEvent(new Event('hashchange')) }")
    expect(page.locator("h1[data-old]")).to_have_count(0)
    expect(page.locator("h1"), "a screen that is drawn again keeps its reader").to_be_focused()
    text = "".join(page.locator("body").all_inner_texts())
    assert "€" not in text
    page.context.set_offline(True)
    page.goto(f"{address}#/projet/{second.pk}")
    page.locator("[data-k=validate]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-waiting='1']")).to_be_visible()
    page.goto(f"{address}#/envois")
    expect(page.locator("[data-entry]")).to_have_count(1)
    problems += wrong_with(page, "outbox-waiting")
    assert problems == []
    assert [one for one in errors if "ERR_INTERNET_DISCONNECTED" not in one] == []


@pytest.mark.spec("WSM-06", "A11-01")
def test_a_shared_tablet_opens_with_a_code_with_and_without_network(
    page: Page, live_server: LiveServer, shop: Workshop, omar: Membership, projects: list[Project]
) -> None:
    with workshop_scope(shop.pk):
        actor = Actor("Omar", Origin.SCREEN, user_id=omar.user_id)
        _tablet, token = register_tablet(workshop=shop, actor=actor, name="Cabine")
        set_pin(workshop=shop, actor=actor, membership=omar, code="2580")

    def type_code(code: str) -> None:
        page.locator(f"[data-operator='{omar.pk}']").click()
        page.keyboard.type(code)
        page.keyboard.press("Enter")

    page.goto(f"{live_server.url}/tablette/{token}/")
    page.locator("main button.btn-primary").click()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator("[data-operator]")).to_have_count(1)
    expect(page.locator("[data-project]")).to_have_count(0)
    problems = wrong_with(page, "locked")
    type_code("2581")
    expect(page.get_by_role("alert")).to_contain_text("4")
    problems += wrong_with(page, "keypad")
    page.keyboard.type("2580")
    page.keyboard.press("Enter")
    expect(page.locator("[data-project]")).to_have_count(3)

    page.context.set_offline(True)
    page.reload()  # whoever takes the tablet next types their code
    expect(page.locator("[data-project]")).to_have_count(0)
    type_code("0000")
    expect(page.get_by_role("alert")).to_contain_text("4")
    page.keyboard.type("2580")
    page.keyboard.press("Enter")
    page.locator(f"[data-project='{projects[2].pk}']").click()
    page.locator("[data-k=validate]").click()
    expect(page.locator("[data-waiting='1']")).to_be_visible()
    page.goto(f"{live_server.url}{FLOOR}#/moi")
    page.locator("[data-k=lock]").click()
    expect(page.locator("[data-operator]")).to_have_count(1)
    page.context.set_offline(False)
    for _ in range(60):
        with workshop_scope(shop.pk):
            if DeviceAction.objects.filter(outcome="applied", user_name="Omar Petit").exists():
                break
        page.wait_for_timeout(250)
    with workshop_scope(shop.pk):
        assert DeviceAction.objects.get(outcome="applied").tablet
    assert problems == []


@pytest.mark.spec("WSM-06", "A11-01")
def test_the_office_puts_a_tablet_in_service(
    page: Page, live_server: LiveServer, settings: Settings, shop: Workshop, omar: Membership
) -> None:
    settings.BASE_URL = live_server.url
    owner = factories.member(shop, Role.OWNER, email="olivia@vulcain.test", first_name="Olivia", last_name="Roche")
    with workshop_scope(shop.pk):
        register_tablet(workshop=shop, actor=factories.ACTOR, name="Réception et expédition des pièces")
        DeviceAction.objects.create(
            workshop=shop, key="018f0000-0000-7000-8000-000000000002", kind="note", user_name="Omar Petit",
            made_at="2026-01-12T14:02:00Z", at="2026-01-12T14:02:00Z", outcome="refused", reason="Ce projet est clos.",
            payload={"text": "Prévoir une palette de plus"},
        )  # fmt: skip
    enter(page, live_server, owner)
    tablets = f"{live_server.url}/app/atelier-vulcain/reglages/tablettes/"
    assert look(page, tablets, "tablets") == []
    page.locator("#id_name").fill("Cabine")
    page.locator("#id_name").press("Enter")
    link = page.locator("#link").input_value()
    assert violations(page) == []
    page.goto(link)
    assert violations(page) == []
    page.locator("main button.btn-primary").click()
    expect(page.locator("[data-operator]")).to_have_count(2)  # nobody has a code yet, and they are named
    expect(page.locator("[data-operator]:disabled")).to_have_count(2)
    page.goto(tablets)
    expect(page).to_have_url(re.compile("/compte/login/"))  # the tablet opens nothing of the office
