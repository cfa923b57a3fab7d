"""The workshop mode in a real browser: a day without network, a shared tablet, what is shown and what is told."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserType, Error, Locator, Page, Playwright, expect
from pytest_django.live_server_helper import LiveServer

from app.entitlements.constants import Dimension
from app.entitlements.services import set_allowance
from app.projects.models import Nonconformity, Part, Photo, Project, Step
from app.projects.services.working import record_part
from app.shopfloor.models import DeviceAction
from app.tenancy.actor import Actor, Origin
from app.tenancy.constants import MemberStatus
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope, workshop_scope
from app.workshops.services.identity import change_slug
from tests import factories
from tests.conftest import signed_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FLOOR = "/app/atelier-vulcain/atelier/"
PROJECTS = 5
KARIM = Actor("Karim Benali", Origin.SCREEN)


@pytest.fixture
def shop(transactional_db: None) -> Workshop:
    return factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


@pytest.fixture
def omar(shop: Workshop) -> Membership:
    return factories.member(shop, Role.OPERATOR, email="omar@vulcain.test", first_name="Omar", last_name="Petit")


@pytest.fixture
def projects(shop: Workshop) -> list[Project]:
    with workshop_scope(shop.pk):
        return [factories.project(shop, title=f"Portail {rank}") for rank in range(PROJECTS)]


@pytest.fixture
def device(browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path) -> Iterator["Device"]:
    """A tablet whose browser can be killed: what it keeps is in a folder of its own."""
    held = Device(browser_type, {**browser_type_launch_args, "has_touch": True}, tmp_path / "tablet")
    yield held
    held.kill()


@pytest.fixture(params=["chromium", "firefox"])
def either_device(request: pytest.FixtureRequest, playwright: Playwright, tmp_path: Path) -> Iterator["Device"]:
    """A tablet as above, then one whose browser is Firefox."""
    if request.param == "chromium":
        yield request.getfixturevalue("device")
        return
    held = Device(playwright.firefox, request.getfixturevalue("firefox_arguments"), tmp_path / "firefox")
    yield held
    held.kill()


class Device:
    """A browser with a folder, started again on the same folder after it was killed."""

    def __init__(self, browser_type: BrowserType, arguments: dict[str, Any], folder: Path) -> None:
        self.folder = folder
        self._start = lambda: browser_type.launch_persistent_context(
            str(folder), viewport={"width": 820, "height": 1180}, locale="fr-FR", **arguments
        )
        self.page: Page = self._open()

    def _open(self) -> Page:
        self.context = self._start()
        return self.context.pages[0] if self.context.pages else self.context.new_page()

    def kill(self) -> None:
        """As when the battery is torn out: no process has time for anything."""
        for found in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if str(self.folder).encode() in found.read_bytes():
                    os.kill(int(found.parent.name), signal.SIGKILL)
        with suppress(Error):
            self.context.close()

    def start_again(self) -> None:
        self.page = self._open()

    def sign_in(self, live_server: LiveServer, member: Membership) -> None:
        cookie = signed_in(member).cookies["sessionid"].value
        self.context.add_cookies(
            [{"name": "sessionid", "value": cookie, "url": live_server.url, "expires": 4_000_000_000}]
        )


def picture(shade: int) -> dict[str, Any]:
    """A photo as the camera gives it."""
    content = BytesIO()
    Image.new("RGB", (640, 480), (shade, 90, 60)).save(content, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def do(page: Page, name: str) -> Locator:
    return page.locator(f"[data-k='{name}']")


def waiting(page: Page, count: int) -> None:
    expect(page.locator(f"[data-waiting='{count}']")).to_be_visible()


def work_offline(device: Device, live_server: LiveServer, member: Membership, project: Project) -> Page:
    """A member's own tablet, once visited, then without network: one step is validated there and waits."""
    page, address = device.page, live_server.url + FLOOR
    device.sign_in(live_server, member)
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    device.context.set_offline(True)
    open_project(page, address, project)
    validate(page)
    waiting(page, 1)
    return page


def open_project(page: Page, address: str, project: Project) -> None:
    page.goto(f"{address}#/projet/{project.pk}")
    expect(page.get_by_role("heading", name=project.title)).to_be_visible()


def validate(page: Page, *, photo: int | None = None) -> None:
    """The current step: a photo when asked, then the large button."""
    step = page.locator("[data-step]").get_attribute("data-step")
    if photo is not None:
        page.locator(f"[data-k='photo-{step}']").set_input_files(picture(photo))
        expect(page.locator(".f-now .f-shot")).to_be_visible()
    do(page, "validate").click()
    expect(page.locator(f"[data-step='{step}']")).to_have_count(0)


def declare(page: Page, address: str, project: Project) -> None:
    page.goto(f"{address}#/nc/{project.pk}")
    page.locator(".f-tile").first.click()
    do(page, "declare").click()
    expect(page.locator(".f-now[data-step*=':1']")).to_contain_text("Retouche")  # at once, without network


@pytest.mark.spec("WSM-02", "WSM-03", "WSM-04", "WSM-05", "BEY-04", "ACC-24", "TST-03")
def test_a_day_without_network_is_on_the_server_once(
    either_device: Device, live_server: LiveServer, shop: Workshop, omar: Membership, projects: list[Project]
) -> None:
    device, address = either_device, live_server.url + FLOOR
    device.sign_in(live_server, omar)
    page = device.page
    page.goto(address)
    expect(page.locator("[data-project]")).to_have_count(PROJECTS)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    device.context.set_offline(True)

    for rank, project in enumerate(projects[:3]):  # 12 validations, 6 photos
        open_project(page, address, project)
        for step in range(4):
            validate(page, photo=20 * rank + step if step < 2 else None)
    waiting(page, 18)
    page.reload()  # in the middle of the day
    waiting(page, 18)
    open_project(page, address, projects[3])
    for step in range(4):
        validate(page, photo=100 + step if step < 2 else None)
    device.kill()
    device.start_again()
    page = device.page
    device.context.set_offline(True)
    page.goto(address)  # without network: the shell and the day are on the tablet
    waiting(page, 24)
    open_project(page, address, projects[4])
    for step in range(4):
        validate(page, photo=200 + step if step < 2 else None)
    declare(page, address, projects[0])
    declare(page, address, projects[1])
    validate(page)  # the rework; what waited follows it
    expect(page.locator(".f-now[data-step]")).to_contain_text("Cuisson")
    page.goto(f"{address}#/piece/{projects[2].pk}/{part_of(projects[2]).pk}")
    do(page, "Température-more").or_(do(page, "Temperature-more")).click()  # 180 °C, as on the sheet
    do(page, "save").click()
    waiting(page, 34)
    page.goto(f"{address}#/envois")
    expect(page.locator("[data-entry]")).to_have_count(34)

    with workshop_scope(shop.pk):  # meanwhile, in the office
        part = part_of(projects[2])
        record_part(
            workshop=shop, actor=KARIM, part=part, powder=part.powder, coats=1, primer=False, varnish=False,
            curing_celsius=200, curing_minutes=None,
        )  # fmt: skip
    device.sign_in(live_server, omar)
    device.context.set_offline(False)
    expect(page.locator("[data-sync='online'][data-waiting='0']")).to_be_visible(timeout=30_000)

    with workshop_scope(shop.pk):
        assert Step.objects.exclude(done_at=None).filter(done_by_id=omar.user_id).count() == 21
        assert Photo.objects.count() == 10
        assert set(Photo.objects.values_list("step__name", "moment")) == {
            ("Réception", "before"),
            ("Grenaillage", "step"),
        }
        assert Nonconformity.objects.count() == 2
        assert DeviceAction.objects.count() == 34
        again = Step.objects.filter(project=projects[1], pass_number=2, is_rework=True).get()
        assert again.done_by_id == omar.user_id
        assert sorted(set(DeviceAction.objects.values_list("outcome", flat=True))) == ["applied", "conflict"]
    page.goto(f"{address}#/conflits")
    conflict = page.locator("[data-conflict]")
    expect(conflict).to_contain_text("180 °C")
    expect(conflict).to_contain_text("200 °C")
    expect(conflict).to_contain_text("Karim Benali")
    conflict.locator("[data-k^='mine-']").click()
    expect(conflict).to_have_count(0)
    assert part_of(projects[2]).curing_celsius == 180


def part_of(project: Project) -> Part:
    with workshop_scope(project.workshop_id):
        return Part.objects.select_related("powder").get(project=project)


@pytest.mark.spec("WSM-06", "BEY-04")
def test_a_session_that_is_over_keeps_everything_and_another_person_finds_nothing(
    device: Device, live_server: LiveServer, shop: Workshop, omar: Membership, projects: list[Project]
) -> None:
    address, page = live_server.url + FLOOR, device.page
    device.sign_in(live_server, omar)
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    device.context.clear_cookies(name="sessionid")
    open_project(page, address, projects[0])
    validate(page)
    expect(page.locator("[data-sync='signedout']")).to_be_visible()
    expect(page.locator(".f-strip a[href*='login']")).to_be_visible()
    device.sign_in(live_server, omar)
    page.reload()
    expect(page.locator("[data-sync='online'][data-waiting='0']")).to_be_visible()
    with workshop_scope(shop.pk):
        assert Step.objects.get(project=projects[0], position=1).done_by_id == omar.user_id

    device.context.clear_cookies(name="sessionid")
    validate(page)  # waits, and then somebody else signs in on the device
    nadia = factories.member(shop, Role.OPERATOR, email="nadia@vulcain.test", first_name="Nadia", last_name="Roux")
    device.sign_in(live_server, nadia)
    page.request.get(f"{live_server.url}/app/atelier-vulcain/")
    device.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="En attente du réseau")).to_be_visible()
    expect(page.locator("[data-project], [data-waiting], [data-step]")).to_have_count(0)
    device.context.set_offline(False)
    page.reload()
    expect(page.locator("[data-sync='online'][data-waiting='0']")).to_be_visible()
    with workshop_scope(shop.pk):
        left = DeviceAction.objects.get(outcome="refused")
        assert "Omar Petit" in left.reason
        assert not Step.objects.get(project=projects[0], position=2).is_done
    kept = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert [name for name in kept if name.endswith(f"-u{omar.user_id}")] == []

    page.goto(f"{address}#/moi")
    do(page, "sign-out").click()
    expect(page).to_have_url(f"{live_server.url}/compte/login/")
    assert page.evaluate("indexedDB.databases().then((all) => all.filter((one) => /-u/.test(one.name)).length)") == 0
    device.context.set_offline(True)
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("[data-project]")).to_have_count(0)


@pytest.mark.spec("WSM-06", "BEY-04")
def test_an_access_withdrawn_while_there_was_no_network_is_told_and_the_device_is_emptied(
    device: Device, live_server: LiveServer, shop: Workshop, omar: Membership, projects: list[Project]
) -> None:
    page = work_offline(device, live_server, omar, projects[0])
    with platform_scope():
        Membership.objects.filter(pk=omar.pk).update(status=MemberStatus.INACTIVE)
    device.context.set_offline(False)
    expect(page.get_by_text("1 action")).to_be_visible()
    expect(page.locator("[data-project]")).to_have_count(0)
    with workshop_scope(shop.pk):
        assert DeviceAction.objects.get().outcome == "refused"
    kept = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert [name for name in kept if "-u" in name] == []


def filming(arguments: dict[str, Any], film: Path) -> dict[str, Any]:
    """How a browser is started whose camera shows a film, without asking."""
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    return {**arguments, "args": [*arguments["args"], *camera, f"--use-file-for-fake-video-capture={film}"]}


def scan(page: Page, text: str, answer: Locator) -> None:
    """Scan with a scanner that types. A busy machine may cut its burst in two: then it is scanned once more."""
    for _time in range(4):
        page.keyboard.type(f"{text}\n")
        with suppress(AssertionError):
            expect(answer).to_be_visible(timeout=4_000)
            return
    raise AssertionError(f"{text} was scanned four times, to no effect")


@pytest.mark.spec("LAB-03", "ACC-04", "WSM-02", "WSM-08")
def test_a_number_opens_its_project_without_network_typed_or_scanned(
    device: Device, live_server: LiveServer, shop: Workshop, omar: Membership, projects: list[Project]
) -> None:
    address, page = live_server.url + FLOOR, device.page
    device.sign_in(live_server, omar)
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    asked = device.context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    assert asked["installabilityErrors"] == []
    device.context.set_offline(True)
    codes = [part_of(project).code for project in projects]

    page.goto(f"{address}#/scan")
    said = page.locator("#code-said")
    page.locator("#code").fill("GTM4D7" if codes[0] != "GTM4D7" else "GTM4D6")
    page.locator("#code").press("Enter")
    expect(said).not_to_be_empty()
    expect(page).to_have_url(re.compile("#/scan$"))
    page.locator("#code").fill(f"  {codes[1][:3].lower()}-{codes[1][3:]} ")
    page.locator("#code").press("Enter")
    expect(page.get_by_role("heading", name=projects[1].title)).to_be_visible()
    expect(page.locator("[data-found]")).to_contain_text(codes[1])

    scan(page, codes[2], page.get_by_role("heading", name=projects[2].title))  # on any screen
    scan(page, f"HTTP://LABEL/E/{shop.pk}/{codes[3]}", page.get_by_role("heading", name=projects[3].title))
    scan(page, f"HTTP://LABEL/E/{shop.pk + 1}/{codes[0]}", page.locator(".f-toast"))  # another workshop's label
    expect(page.get_by_role("heading", name=projects[3].title)).to_be_visible()


@pytest.mark.spec("BEY-04")
def test_a_full_tablet_says_so_and_a_new_version_keeps_what_waits(
    device: Device, live_server: LiveServer, shop: Workshop, omar: Membership, projects: list[Project]
) -> None:
    address, page = live_server.url + FLOOR, device.page
    device.sign_in(live_server, omar)
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    device.context.set_offline(True)
    open_project(page, address, projects[0])
    validate(page)
    page.evaluate("""() => { IDBObjectStore.prototype.kept = IDBObjectStore.prototype.add;
        IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); }; }""")
    step = page.locator("[data-step]").get_attribute("data-step")
    do(page, "validate").click()
    expect(page.locator(".f-toast[data-tone='bad']")).to_be_visible()
    expect(page.locator(f"[data-step='{step}']")).to_be_visible()  # not shown as done
    waiting(page, 1)
    page.evaluate("() => { IDBObjectStore.prototype.add = IDBObjectStore.prototype.kept; }")
    do(page, "validate").click()
    waiting(page, 2)

    with platform_scope():  # what the shell is made of changes: the worker has another version
        Workshop.objects.filter(pk=shop.pk).update(name="Atelier Vulcain et fils")
    device.context.clear_cookies(name="csrftoken")  # what waits cannot leave before the page is there again
    page.route("**/atelier/actions/", lambda route: route.abort())
    device.context.set_offline(False)
    page.reload()
    update = page.locator(".f-strip button")
    expect(update).to_be_visible(timeout=15_000)
    waiting(page, 2)
    update.click()
    expect(page.locator(".f-brand")).to_contain_text("et fils")
    waiting(page, 2)
    page.unroute("**/atelier/actions/")
    page.reload()
    expect(page.locator("[data-sync='online'][data-waiting='0']")).to_be_visible(timeout=15_000)
    with workshop_scope(shop.pk):
        assert Step.objects.filter(project=projects[0]).exclude(done_at=None).count() == 2


@pytest.mark.spec("BEY-04", "WSM-05", "PHO-05")
def test_a_step_waits_with_the_photo_that_the_server_has_no_room_for(
    device: Device, live_server: LiveServer, shop: Workshop, omar: Membership, projects: list[Project]
) -> None:
    address, page = live_server.url + FLOOR, device.page
    with workshop_scope(shop.pk):
        Step.objects.filter(project=projects[0], position=1).update(needs_photo=True)
        set_allowance(workshop=shop, actor=KARIM, dimension=Dimension.STORAGE, limit=1)
    device.sign_in(live_server, omar)
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    device.context.set_offline(True)
    open_project(page, address, projects[0])
    validate(page, photo=1)
    validate(page)  # follows it
    open_project(page, address, projects[1])
    validate(page)
    waiting(page, 4)
    device.context.set_offline(False)
    page.goto(f"{address}#/envois")
    expect(page.locator("[data-sync='online'][data-waiting='3']")).to_be_visible()
    expect(page.locator("[data-entry] .f-why")).to_have_count(3)  # each says that the storage is full
    expect(page.locator("[data-refused]")).to_have_count(0)
    with workshop_scope(shop.pk):
        assert DeviceAction.objects.get().project_id == projects[1].pk
        set_allowance(workshop=shop, actor=KARIM, dimension=Dimension.STORAGE, limit=10**9)
    page.get_by_role("button", name="Envoyer maintenant").click()
    expect(page.locator("[data-sync='online'][data-waiting='0']")).to_be_visible()
    with workshop_scope(shop.pk):
        assert Step.objects.filter(project=projects[0], done_by_id=omar.user_id).count() == 2
        assert DeviceAction.objects.filter(outcome="applied").count() == 4


@pytest.mark.spec("BEY-04")
def test_what_waits_follows_the_workshop_to_its_new_address(
    device: Device, live_server: LiveServer, shop: Workshop, omar: Membership, projects: list[Project]
) -> None:
    page = work_offline(device, live_server, omar, projects[0])
    with workshop_scope(shop.pk):
        change_slug(workshop=shop, actor=factories.ACTOR, slug="vulcain-et-fils")
    device.context.set_offline(False)
    expect(page).to_have_url(re.compile("/app/vulcain-et-fils/atelier/"), timeout=15_000)
    expect(page.locator("[data-sync='online'][data-waiting='0']")).to_be_visible(timeout=15_000)
    with workshop_scope(shop.pk):
        assert DeviceAction.objects.get().outcome == "applied"


@pytest.mark.spec("LAB-03", "ACC-04")
def test_the_camera_reads_a_label_without_network(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
    live_server: LiveServer,
    shop: Workshop,
    omar: Membership,
    projects: list[Project],
) -> None:
    """The reader is WebAssembly of our own: it runs under the policy of the page, and once read it is kept."""
    film = tmp_path / "label.mjpeg"
    film.write_bytes(frame(f"HTTP://LABEL/E/{shop.pk}/{part_of(projects[2]).code}") * 30)
    device = Device(browser_type, filming(browser_type_launch_args, film), tmp_path / "tablet")
    try:
        address, page = live_server.url + FLOOR, device.page
        device.sign_in(live_server, omar)
        page.goto(address)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        for offline in (False, True):
            device.context.set_offline(offline)
            page.goto(f"{address}#/scan")
            do(page, "open-camera").click()
            expect(page.get_by_role("heading", name=projects[2].title)).to_be_visible(timeout=20_000)
            page.reload()
    finally:
        device.kill()


def frame(text: str) -> bytes:
    """What a camera sees of a label."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, options="EcLevel=M")
    seen = Image.new("RGB", (640, 480), "#d8d2c8")
    seen.paste(Image.fromarray(code.to_image(scale=9)).convert("RGB").resize((400, 400)), (120, 40))
    content = BytesIO()
    seen.save(content, "JPEG", quality=90)
    return content.getvalue()
