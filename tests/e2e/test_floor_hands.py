"""The workshop mode under real hands and on real networks: gloves that tap twice, a disk that fails, a line that stalls."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from app.projects.models import Nonconformity, Project, Step
from app.projects.selectors import list_steps
from app.projects.services.working import record_part, validate_step
from app.shopfloor import selectors
from app.shopfloor.constants import Choice
from app.shopfloor.models import DeviceAction
from app.shopfloor.services.pins import set_pin
from app.shopfloor.services.resolving import resolve_conflict
from app.shopfloor.services.tablets import register_tablet
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope, workshop_scope
from tests import factories
from tests.e2e.test_floor_offline import (
    FLOOR,
    KARIM,
    Device,
    device,
    do,
    filming,
    frame,
    omar,
    open_project,
    part_of,
    picture,
    projects,
    scan,
    shop,
    validate,
    waiting,
    work_offline,
)

__all__ = ["device", "omar", "projects", "shop"]  # the fixtures of the other file

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PIN = "2580"
ONLINE = "[data-sync='online'][data-waiting='0']"
SYNCHRONISE = "() => document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def page(device: Device, live_server: LiveServer, omar: Membership, projects: list[Project]) -> Page:
    """Omar's own tablet, which has the day."""
    device.sign_in(live_server, omar)
    device.page.goto(live_server.url + FLOOR)
    device.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(device.page.locator(ONLINE)).to_be_visible()
    return device.page


@pytest.fixture
def address(live_server: LiveServer) -> str:
    return live_server.url + FLOOR


def declaration(page: Page, address: str, project: Project, *, photo: bool) -> None:
    """A non-conformity filled in, not yet declared."""
    page.goto(f"{address}#/nc/{project.pk}")
    page.locator(".f-tile").first.click()
    expect(do(page, "declare")).to_be_enabled()
    if photo:
        do(page, "camera").set_input_files(picture(10))
        expect(page.locator(".f-shot")).to_be_visible()


@pytest.mark.spec("WSM-03", "QUA-02", "BEY-04")
def test_a_glove_that_taps_twice_does_it_once(
    page: Page, device: Device, address: str, shop: Workshop, projects: list[Project]
) -> None:
    device.context.set_offline(True)
    declaration(page, address, projects[0], photo=True)
    twice = "(name) => { const found = document.querySelector(`[data-k='${name}']`); found.click(); found.click(); }"
    page.evaluate(twice, "declare")
    waiting(page, 2)  # the declaration and its photo
    page.goto(f"{address}#/projet/{projects[1].pk}")
    expect(do(page, "validate")).to_be_visible()
    page.evaluate(twice, "validate")
    waiting(page, 3)
    device.context.set_offline(False)
    expect(page.locator(ONLINE)).to_be_visible()
    with workshop_scope(shop.pk):
        noted = Nonconformity.objects.get()
        assert (noted.photos.count(), DeviceAction.objects.count()) == (1, 3)


@pytest.mark.spec("WSM-01", "WSM-03")
def test_a_finger_is_heard_though_the_screen_changes_under_it(
    page: Page, address: str, shop: Workshop, projects: list[Project]
) -> None:
    open_project(page, address, projects[0])
    box = do(page, "validate").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    with workshop_scope(shop.pk):
        Project.objects.filter(pk=projects[1].pk).update(note="Angle à part")
    with page.expect_response("**/journee/*"):
        page.evaluate(SYNCHRONISE)
    page.wait_for_function(
        """() => new Promise((done) => { const ask = indexedDB.open('thermo-floor'); ask.onsuccess = () => setTimeout(() => done(true), 300); })"""
    )
    page.mouse.up()
    expect(page.locator(ONLINE)).to_be_visible()
    expect(page.locator(".f-now-step")).to_have_text("Grenaillage")
    page.goto(f"{address}#/projet/{projects[1].pk}")
    expect(page.locator(".f-note")).to_contain_text("Angle à part")  # what had changed is shown


@pytest.mark.spec("WSM-02", "LAB-03", "WSM-04")
def test_a_project_that_is_worked_on_stays_though_it_is_not_in_the_queue(
    page: Page, device: Device, address: str, shop: Workshop, projects: list[Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scanned far down the queue, or just finished: what is on the screen does not become unknown."""
    monkeypatch.setattr(selectors, "QUEUE_SIZE", 2)
    with workshop_scope(shop.pk):
        Step.objects.filter(project=projects[4], position__gt=1).delete()
    page.reload()
    expect(page.locator("[data-project]")).to_have_count(2)
    heading = page.get_by_role("heading", name=projects[4].title)
    scan(page, part_of(projects[4]).code, heading)
    for rank in range(2):
        with workshop_scope(shop.pk):
            Project.objects.filter(pk=projects[0].pk).update(note=f"Angle {rank}")
        with page.expect_response("**/journee/*"):
            page.evaluate(SYNCHRONISE)
        expect(page.locator(ONLINE)).to_be_visible()
        expect(heading).to_be_visible()
    validate(page)  # its last step
    expect(page.locator(ONLINE)).to_be_visible()
    with workshop_scope(shop.pk):
        assert Project.objects.get(pk=projects[4].pk).status == "ready"
    expect(page.locator(".f-now[data-tone='ok']")).to_be_visible()
    expect(heading).to_be_visible()


@pytest.mark.spec("WSM-04", "PRJ-04")
def test_who_records_a_part_twice_has_no_conflict_with_themselves(
    page: Page, device: Device, address: str, shop: Workshop, projects: list[Project]
) -> None:
    part = part_of(projects[2])
    powder_pk = part.powder_id
    with workshop_scope(shop.pk):
        another = factories.powder(shop, reference="EPX-2")
    page.reload()
    expect(page.locator(ONLINE)).to_be_visible()
    device.context.set_offline(True)
    for powder in (another, part.powder):
        page.goto(f"{address}#/piece/{projects[2].pk}/{part.pk}")
        do(page, "Température-more").click()
        page.locator("#powder").select_option(str(powder.pk))
        do(page, "save").click()
        expect(page.get_by_role("heading", name=projects[2].title)).to_be_visible()
        expect(page.locator(".f-parts .f-powder")).to_contain_text(powder.reference)  # what was noted is what is shown
    waiting(page, 2)
    device.context.set_offline(False)
    expect(page.locator(ONLINE)).to_be_visible()
    with workshop_scope(shop.pk):
        assert list(DeviceAction.objects.values_list("outcome", flat=True)) == ["applied", "applied"]
    part = part_of(projects[2])
    assert (part.curing_celsius, part.powder_id) == (185, powder_pk)


@pytest.mark.spec("BEY-04", "QUA-02")
@pytest.mark.parametrize("error", ["QuotaExceededError", "UnknownError"])
def test_a_disk_that_fails_is_said_and_writes_a_declaration_whole_or_not_at_all(
    page: Page, device: Device, address: str, shop: Workshop, projects: list[Project], error: str
) -> None:
    device.context.set_offline(True)
    declaration(page, address, projects[0], photo=True)
    page.evaluate(
        """(name) => { const kept = IDBObjectStore.prototype.put; window.mend = () => { IDBObjectStore.prototype.put = kept; };
        IDBObjectStore.prototype.put = function (row) {
          if (row?.blob) throw new DOMException('disk', name); return kept.apply(this, arguments); }; }""",
        error,
    )
    do(page, "declare").click()
    expect(page.locator(".f-toast[data-tone='bad']")).to_be_visible()
    waiting(page, 0)
    page.evaluate("() => window.mend()")
    do(page, "declare").click()
    waiting(page, 2)
    device.context.set_offline(False)
    expect(page.locator(ONLINE)).to_be_visible()
    with workshop_scope(shop.pk):
        assert Nonconformity.objects.get().photos.count() == 1


@pytest.mark.spec("BEY-04", "WSM-06")
def test_a_server_that_is_being_replaced_empties_no_tablet(
    page: Page, address: str, shop: Workshop, projects: list[Project]
) -> None:
    page.route(
        "**/atelier/**/", lambda route: route.fulfill(status=404, body="<h1>No such app</h1>", content_type="text/html")
    )
    open_project(page, address, projects[0])
    validate(page)
    expect(page.locator("[data-sync='busy'][data-waiting='1']")).to_be_visible()
    page.unroute("**/atelier/**/")
    page.evaluate(SYNCHRONISE)
    expect(page.locator(ONLINE)).to_be_visible()
    with workshop_scope(shop.pk):
        assert DeviceAction.objects.get().outcome == "applied"


@pytest.mark.spec("BEY-04", "WSM-03")
def test_a_line_that_stalls_in_the_middle_of_an_answer_is_left_and_tried_again(
    device: Device, live_server: LiveServer, omar: Membership, shop: Workshop, projects: list[Project]
) -> None:
    page, address = device.page, live_server.url + FLOOR
    device.sign_in(live_server, omar)
    page.clock.install()
    page.goto(address)
    expect(page.locator(ONLINE)).to_be_visible()
    page.evaluate("""() => { const real = window.fetch; window.fetch = (url, how) => {
        if (!String(url).includes('/actions/')) return real(url, how);
        window.fetch = real; window.stalled = true;
        return Promise.resolve(new Response(new ReadableStream({ start(body) {
          how.signal.addEventListener('abort', () => body.error(new DOMException('', 'AbortError'))); } }),
          { headers: { 'Content-Type': 'application/json' } })); }; }""")
    open_project(page, address, projects[0])
    validate(page)
    page.wait_for_function("() => window.stalled", polling=100)
    page.clock.run_for(31_000)
    expect(page.locator(ONLINE)).to_be_visible()
    with workshop_scope(shop.pk):
        assert DeviceAction.objects.get().outcome == "applied"


@pytest.mark.spec("WSM-04", "BEY-04")
def test_a_decision_that_somebody_else_has_taken_is_said(
    page: Page, device: Device, address: str, shop: Workshop, projects: list[Project]
) -> None:
    part = part_of(projects[2])
    device.context.set_offline(True)
    page.goto(f"{address}#/piece/{projects[2].pk}/{part.pk}")
    do(page, "Température-more").click()
    do(page, "save").click()
    waiting(page, 1)
    with workshop_scope(shop.pk):
        record_part(workshop=shop, actor=KARIM, part=part, powder=part.powder, coats=1, primer=False, varnish=False,
                    curing_celsius=200, curing_minutes=None)  # fmt: skip
    device.context.set_offline(False)
    page.goto(f"{address}#/conflits")
    mine = page.locator("[data-conflict] [data-k^='mine-']")
    expect(mine).to_be_enabled()
    with workshop_scope(shop.pk):
        resolve_conflict(workshop=shop, actor=KARIM, action=DeviceAction.objects.get(), choice=Choice.THEIRS)
    mine.click()
    expect(page.locator(".f-toast[data-tone='bad']")).to_contain_text("Karim Benali")
    assert part_of(projects[2]).curing_celsius == 200


@pytest.mark.spec("WSM-06", "BEY-04")
def test_a_role_that_no_longer_works_the_parts_is_told_and_the_device_is_emptied(
    device: Device, live_server: LiveServer, shop: Workshop, omar: Membership, projects: list[Project]
) -> None:
    page = work_offline(device, live_server, omar, projects[0])
    with platform_scope():
        Membership.objects.filter(pk=omar.pk).update(roles=["viewer"])
    device.context.set_offline(False)
    expect(page.get_by_text("1 action")).to_be_visible()
    expect(page.locator("[data-project]")).to_have_count(0)
    with workshop_scope(shop.pk):
        assert DeviceAction.objects.get().outcome == "refused"
        assert not Step.objects.exclude(done_at=None).exists()
    kept = page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert [name for name in kept if "-u" in name] == []


@pytest.mark.spec("WSM-06", "BEY-04")
def test_signing_out_counts_what_waits_in_the_person_s_other_workshop(
    page: Page, device: Device, live_server: LiveServer, omar: Membership, projects: list[Project]
) -> None:
    second = factories.workshop(name="Atelier Mercure", slug="atelier-mercure")
    factories.member(second, Role.OPERATOR, user=omar.user)
    with workshop_scope(second.pk):
        project = factories.project(second, title="Grille")
    address = f"{live_server.url}/app/atelier-mercure/atelier/"
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator(ONLINE)).to_be_visible()
    device.context.set_offline(True)
    open_project(page, address, project)
    validate(page)
    waiting(page, 1)
    page.goto(f"{live_server.url}{FLOOR}#/moi")
    do(page, "sign-out").click()
    expect(page.locator(".f-why")).to_contain_text("1 action")
    device.context.set_offline(False)
    page.goto(address)
    expect(page.locator(ONLINE)).to_be_visible()
    with workshop_scope(second.pk):
        assert DeviceAction.objects.get().outcome == "applied"


@pytest.fixture
def nadia(device: Device, live_server: LiveServer, shop: Workshop, omar: Membership) -> Membership:
    """Another operator beside Omar, at a tablet that both share and that is open for either."""
    other = factories.member(shop, Role.OPERATOR, email="nadia@vulcain.test", first_name="Nadia", last_name="Roux")
    with workshop_scope(shop.pk):
        _tablet, token = register_tablet(workshop=shop, actor=KARIM, name="Cabine")
        for member in (omar, other):
            set_pin(workshop=shop, actor=KARIM, membership=member, code=PIN)
    device.page.goto(f"{live_server.url}/tablette/{token}/")
    device.page.locator("main button.btn-primary").click()
    return other


def take_tablet(page: Page, member: Membership, projects: list[Project]) -> None:
    """An operator types their code and sees the day."""
    page.locator(f"[data-operator='{member.pk}']").click()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator("[data-project]")).to_have_count(len(projects))


@pytest.mark.spec("WSM-06", "PRJ-03")
def test_nobody_signs_what_another_operator_was_typing(
    device: Device, live_server: LiveServer, omar: Membership, nadia: Membership, projects: list[Project]
) -> None:
    page, address = device.page, live_server.url + FLOOR
    comment = page.locator(".f-now textarea")
    for member, found in ((omar, ""), (omar, "Rayure au dos"), (nadia, "")):
        take_tablet(page, member, projects)
        open_project(page, address, projects[0])
        if not found:
            expect(comment).to_have_count(0)
            do(page, "Commentaire").click()
        expect(comment).to_have_value(found)
        comment.fill("Rayure au dos")
        page.goto(f"{address}#/moi")
        do(page, "lock").click()


@pytest.mark.spec("WSM-02", "QUA-01")
def test_a_failed_item_holds_the_end_of_the_work_back_on_the_tablet_too(
    page: Page, device: Device, address: str, shop: Workshop, projects: list[Project]
) -> None:
    """Told at once, and not hours later by the server."""
    with workshop_scope(shop.pk):
        *before, last = list_steps(projects[0])
        for step in before:
            validate_step(workshop=shop, actor=KARIM, step=step)
        assert last.checklist
    page.reload()
    expect(page.locator(ONLINE)).to_be_visible()
    device.context.set_offline(True)
    open_project(page, address, projects[0])
    items = page.locator(".f-checks li")
    for rank in range(len(last.checklist)):
        items.nth(rank).locator(".f-tile").first.click()
    expect(do(page, "validate")).to_be_enabled()
    items.first.locator(".f-tile").nth(1).click()
    expect(do(page, "validate")).to_be_disabled()
    expect(page.locator(".f-now .f-why")).to_contain_text("non-conformité")
    items.first.locator(".f-tile").nth(2).click()
    do(page, "validate").click()
    waiting(page, 1)
    device.context.set_offline(False)
    expect(page.locator(ONLINE)).to_be_visible()
    with workshop_scope(shop.pk):
        assert Project.objects.get(pk=projects[0].pk).status == "ready"


@pytest.mark.spec("WSM-02", "PRJ-11")
def test_the_days_that_pass_without_network_are_counted(
    page: Page, device: Device, shop: Workshop, projects: list[Project]
) -> None:
    with workshop_scope(shop.pk):
        Project.objects.filter(pk=projects[0].pk).update(promised_on=timezone.localdate())
    page.reload()
    card = page.locator(f"[data-project='{projects[0].pk}'] .f-pill").first
    expect(card).to_have_attribute("data-tone", "warn")
    device.context.set_offline(True)
    page.clock.set_system_time(timezone.now() + timedelta(days=1))
    page.evaluate("() => dispatchEvent(new Event('offline'))")
    expect(card).to_have_attribute("data-tone", "bad")


@pytest.mark.spec("LAB-03", "WSM-01")
def test_the_camera_stays_open_while_the_screen_is_drawn_again_and_closes_when_it_is_left(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path, live_server: LiveServer,
    omar: Membership, projects: list[Project],
) -> None:  # fmt: skip
    film = tmp_path / "wall.mjpeg"
    film.write_bytes(frame("HTTP://LABEL/NOTHING") * 30)
    device = Device(browser_type, filming(browser_type_launch_args, film), tmp_path / "tablet")
    try:
        address, page = live_server.url + FLOOR, device.page
        device.sign_in(live_server, omar)
        page.goto(address)
        expect(page.locator(ONLINE)).to_be_visible()
        page.evaluate("""() => { const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); window.streams = [];
            navigator.mediaDevices.getUserMedia = async (asked) => {
              if (window.slow) await new Promise((done) => { window.answer = done; });
              const stream = await real(asked); window.streams.push(stream); return stream; }; }""")
        live = (
            "() => window.streams.flatMap((one) => one.getTracks()).filter((one) => one.readyState === 'live').length"
        )
        page.goto(f"{address}#/scan")
        do(page, "open-camera").click()
        video = page.locator(".f-video")
        expect(video).to_be_visible()
        page.wait_for_function("() => document.querySelector('.f-video')?.currentTime > 0.3")
        page.evaluate("() => dispatchEvent(new Event('offline'))")  # the screen is drawn again
        expect(page.locator("[data-sync='offline']")).to_be_visible()
        expect(video).to_be_visible()
        page.wait_for_function(
            "() => { const one = document.querySelector('.f-video'); return one && !one.paused && one.currentTime > 1; }"
        )
        page.goto(f"{address}#/series")
        expect(video).to_have_count(0)
        assert page.evaluate(live) == 0
        page.evaluate("() => { window.slow = true; }")  # the permission is given once the screen is left
        page.goto(f"{address}#/scan")
        do(page, "open-camera").click()
        page.wait_for_function("() => window.answer")
        page.goto(f"{address}#/series")
        expect(page.get_by_role("heading", name="Séries")).to_be_visible()
        page.evaluate("() => window.answer()")
        page.wait_for_function(
            "() => window.streams.length === 2 && window.streams[1].getTracks().every((one) => one.readyState === 'ended')"
        )
    finally:
        device.kill()
