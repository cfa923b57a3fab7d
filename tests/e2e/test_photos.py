"""Photos in a browser: sent, looked at by keyboard, drawn over, discarded; nothing sticks out and axe is silent."""

import os
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.crm.services.portal_links import make_link
from app.dataio.demo.pictures import picture
from app.files.constants import PHOTO_LARGEST
from app.projects.constants import PhotoMoment
from app.projects.models import Photo, Project
from app.projects.selectors import list_steps
from app.projects.services.photo_rules import save_photo_settings
from app.projects.services.photos import add_photo, draw_marks
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in
from tests.e2e.held import held
from tests.e2e.looking import look

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
ARROW = {"shape": "arrow", "colour": "yellow", "points": [[620, 180], [420, 470]]}
RING = {"shape": "circle", "colour": "ember", "points": [[330, 560], [380, 640]]}
NOTE = {"shape": "text", "colour": "white", "points": [[560, 160]], "text": "Coulure à reprendre"}
SHOWN = {"shown_to_customers": True, "watermark": False, "attached_to_ready": False, "archive_after_months": None}
PICTURES = os.environ.get("PICTURES_OF_PHOTOS", "")


@cache
def gate(*, coated: bool) -> bytes:
    """The photo of a gate; drawing it takes longer than what is done with it."""
    return picture("gate", "#293133", coated=coated, seed=3)


@pytest.fixture
def shop(transactional_db: None) -> tuple[Workshop, Membership, Project]:
    """A project with photos before, during and after."""
    workshop = factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")
    owner = factories.member(workshop, Role.OWNER, email="olivia@vulcain.test", first_name="Olivia", last_name="Roche")
    actor = Actor.system("Omar Petit")
    with workshop_scope(workshop.pk):
        project = factories.project(workshop)
        step = list_steps(project)[1]
        for number, (moment, coated) in enumerate(
            [
                (PhotoMoment.BEFORE, False),
                (PhotoMoment.STEP, False),
                (PhotoMoment.DEFECT, True),
                (PhotoMoment.AFTER, True),
            ]
        ):
            added = add_photo(
                workshop=workshop, actor=actor, project=project, name="IMG_1.jpg", moment=moment,
                content=gate(coated=coated), step=step if number == 1 else None,
                caption="Portail avant sablage, côté rue, avec une légende très longue" if number == 0 else "",
            )  # fmt: skip
            if moment == PhotoMoment.DEFECT:
                draw_marks(workshop=workshop, actor=actor, photo=added, marks=[ARROW, RING, NOTE], version=0)
    return workshop, owner, project


def enter(page: Page, member: Membership, live_server: LiveServer) -> None:
    session = signed_in(member).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])


def keep(page: Page, name: str) -> None:
    """A picture of the screen, when the one who runs the test wants to look at it."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.spec("PHO-01", "PHO-04", "A11-04")
def test_photos_are_sent_looked_at_and_drawn_over(
    page: Page, live_server: LiveServer, shop: tuple[Workshop, Membership, Project], tmp_path: Path
) -> None:
    workshop, owner, project = shop
    enter(page, owner, live_server)
    page.goto(f"{live_server.url}/app/{workshop.slug}/projets/{project.pk}/")
    sent = tmp_path / "IMG_2041.jpg"
    sent.write_bytes(picture("wheel", "#c1121f", coated=True, seed=1))
    wrong = tmp_path / "portail.jpg"
    wrong.write_bytes(b"%PDF-1.7 not a photo")
    page.locator("#id_moment").select_option("after")
    page.locator("#photos input[type=file]").set_input_files([sent, wrong])
    expect(page.locator(".photo-sending li[data-state=bad]")).to_contain_text("portail.jpg")
    expect(page.locator("#photo-grid .photo-tile")).to_have_count(5)
    keep(page, "panel")

    page.locator(".photo-tile").first.click()
    viewer = page.locator("#photo-viewer")
    expect(viewer.locator(".photo-view-head")).to_contain_text("1 / 5")
    page.keyboard.press("ArrowRight")
    expect(viewer.locator(".photo-view-head")).to_contain_text("2 / 5")
    expect(viewer.locator(".photo-stage img")).to_have_js_property("complete", True)  # it has its size, and stays
    viewer.locator("[data-annotate]").click()
    box = viewer.locator(".photo-stage .marks").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
    page.mouse.up()
    viewer.locator("[data-tool=text]").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("À reprendre")
    page.keyboard.press("Enter")
    keep(page, "editor")
    viewer.locator("[data-save-marks]").click()
    expect(viewer.locator("[data-photo-editor]")).to_be_hidden()
    with workshop_scope(workshop.pk):
        marked = Photo.objects.get(number=2)
    assert [mark["shape"] for mark in marked.marks] == ["arrow", "text"]
    assert [abs(got - wanted) <= 3 for got, wanted in zip(marked.marks[0]["points"][0], (700, 300), strict=True)] == [
        True
    ] * 2

    viewer.locator("summary").click()
    viewer.locator("#photo-reason").fill("Doigt devant l’objectif")
    viewer.locator(".btn-danger").click()
    expect(viewer.locator(".photo-facts")).to_contain_text("Doigt devant l’objectif")
    keep(page, "discarded")
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(page.locator(".photo-tile-discarded")).to_have_count(1)
    expect(page.locator(".photo-tile").first).to_be_focused()
    late_answers_are_not_shown(page)


def late_answers_are_not_shown(page: Page) -> None:
    """What comes after another photo was asked for, or after the viewer was closed, changes nothing."""
    viewer, tiles = page.locator("#photo-viewer"), page.locator(".photo-tile")
    with held(page, "**/photos/*/") as late:
        for rank in (0, 2):
            with page.expect_request("**/photos/*/"):
                tiles.nth(rank).click()
        late.answer(1)
        late.answer(0)
        page.wait_for_timeout(50)
        expect(viewer.locator(".photo-view-head")).to_contain_text("3 / 5")
        with page.expect_request("**/photos/*/"):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Escape")
        late.answer(0)
        page.wait_for_timeout(50)
        expect(viewer).to_be_hidden()


@pytest.mark.spec("PHO-04")
def test_before_and_after_are_compared_by_keyboard(
    page: Page, live_server: LiveServer, shop: tuple[Workshop, Membership, Project]
) -> None:
    workshop, owner, project = shop
    enter(page, owner, live_server)
    page.goto(f"{live_server.url}/app/{workshop.slug}/projets/{project.pk}/")
    page.locator("[data-dialog-open=photo-compare]").click()
    page.locator("#photo-compare-range").focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.locator("[data-photo-compare]").evaluate("box => box.style.getPropertyValue('--share')") == "3%"
    page.locator("#photo-compare-range").fill("55")
    keep(page, "compare")


def test_the_screens_of_photos_are_sound(
    page: Page, live_server: LiveServer, shop: tuple[Workshop, Membership, Project]
) -> None:
    workshop, owner, project = shop
    enter(page, owner, live_server)
    with workshop_scope(workshop.pk):
        marked = Photo.objects.get(moment=PhotoMoment.DEFECT)
    address = f"{live_server.url}/app/{workshop.slug}/projets/{project.pk}/"
    problems = look(page, address, "project") + look(page, f"{address}photos/{marked.pk}/", "photo")
    problems += look(page, f"{live_server.url}/app/{workshop.slug}/projets/photos/reglages/", "settings")
    keep(page, "settings")
    for width in (390, 820) if PICTURES else ():
        page.set_viewport_size({"width": width, "height": 900})
        for name, path in (("photo", f"photos/{marked.pk}/"), ("project", "")):
            page.goto(address + path)
            keep(page, f"{name}-{width}")
    assert problems == []


@pytest.mark.spec("PHO-12")
def test_a_customer_agrees_on_a_telephone_and_sees_the_photos(
    phone: Page, live_server: LiveServer, settings: Any, shop: tuple[Workshop, Membership, Project]
) -> None:
    settings.BASE_URL = live_server.url
    workshop, _owner, project = shop
    path = f"/espace/{workshop.slug}/projets/{project.pk}/"
    with workshop_scope(workshop.pk):
        save_photo_settings(workshop=workshop, actor=factories.ACTOR, wanted=SHOWN)
        link = make_link(workshop=workshop, customer=project.customer, path=path)
    phone.goto(link)
    phone.locator("form button[type=submit]").first.click()
    keep(phone, "portal-question")
    phone.locator("#photos button.btn-primary").click()
    expect(phone.locator("#photos .photo-tile")).to_have_count(3)  # the one of a defect stays in the workshop
    expect(phone.locator("#photos .photo-compare")).to_be_visible()
    for image in phone.locator("#photos .photo-tile img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 0
    keep(phone, "portal")
    assert look(phone, f"{live_server.url}{path}", "portal") == []
    phone.locator("#photos button.btn-ghost").click()
    expect(phone.locator("#photos .photo-tile")).to_have_count(0)


@pytest.mark.spec("PHO-02", "WSM-05")
def test_a_photo_that_is_too_heavy_is_reduced_on_the_device(
    page: Page, live_server: LiveServer, shop: tuple[Workshop, Membership, Project], tmp_path: Path
) -> None:
    workshop, owner, project = shop
    heavy = tmp_path / "IMG_9000.jpg"
    noise = Image.frombytes("RGB", (2600, 2000), Random(1).randbytes(2600 * 2000 * 3))
    noise.save(heavy, "JPEG", quality=96, subsampling=0)
    assert heavy.stat().st_size > PHOTO_LARGEST
    enter(page, owner, live_server)
    page.goto(f"{live_server.url}/app/{workshop.slug}/projets/{project.pk}/")
    page.locator("#photos input[type=file]").set_input_files(heavy)
    expect(page.locator("#photo-grid .photo-tile")).to_have_count(5, timeout=30_000)
    with workshop_scope(workshop.pk):
        added = Photo.objects.select_related("original").latest("pk")
    assert added.original
    assert added.original.size <= PHOTO_LARGEST
    assert (added.width, added.height) == (2600, 2000)
