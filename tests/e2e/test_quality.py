"""In a browser: a workflow put in order by keyboard and by hand, a defect declared, both passes seen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.projects.models import Nonconformity, Photo, Workflow
from app.projects.selectors import list_steps, list_workflow_steps
from app.projects.services.workflows import StepData, save_workflow
from app.projects.services.working import validate_step
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
NAMES = ["Sablage", "Poudrage", "Cuisson", "Contrôle"]


@pytest.fixture
def shop(transactional_db: None) -> Workshop:
    return factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


@pytest.fixture
def desk(page: Page, live_server: LiveServer, shop: Workshop) -> Iterator[Page]:
    """The owner at a desk."""
    owner = factories.member(shop, Role.OWNER, email="olivia@vulcain.test", first_name="Olivia", last_name="Roche")
    cookie = signed_in(owner).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    yield page


def order(page: Page) -> list[str]:
    return [field.input_value() for field in page.locator("[data-sortable-row] input[type=text]").all()]


@pytest.mark.spec("PRJ-02", "A11-03")
def test_a_workflow_is_put_in_order_by_keys_by_buttons_and_by_hand(
    desk: Page, live_server: LiveServer, shop: Workshop
) -> None:
    with workshop_scope(shop.pk):
        steps = [StepData(name) for name in NAMES]
        workflow = save_workflow(workshop=shop, actor=factories.ACTOR, name="Portails", steps=steps, is_default=True)
    desk.goto(f"{live_server.url}/app/atelier-vulcain/projets/gammes/{workflow.pk}/")
    rows = desk.locator("[data-sortable-row]")
    rows.nth(3).locator("[data-sortable-handle]").focus()
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("ArrowUp")
    assert order(desk) == ["Sablage", "Contrôle", "Poudrage", "Cuisson"]
    expect(desk.locator("[data-sortable-said]")).to_have_text(re.compile("2$"))
    expect(rows.nth(1).locator("[data-sortable-handle]")).to_be_focused()
    rows.nth(1).locator("[data-sortable-move=down]").click()
    assert order(desk) == ["Sablage", "Poudrage", "Contrôle", "Cuisson"]
    rows.nth(3).locator("[data-sortable-handle]").hover()
    desk.mouse.down()
    top = rows.nth(0).bounding_box()
    assert top
    desk.mouse.move(top["x"] + 30, top["y"] + 4, steps=8)
    desk.mouse.up()
    assert order(desk) == ["Cuisson", "Sablage", "Poudrage", "Contrôle"]
    desk.locator("[data-sortable-add]").click()
    desk.keyboard.type("Emballage")
    rows.nth(4).locator("input[name$=needs_photo]").check()
    expect(rows.nth(4).locator("[data-shown-by=needs_photo]")).to_be_visible()
    rows.nth(1).locator("[data-sortable-remove]").click()
    desk.locator("main form button[type=submit]").last.click()
    desk.wait_for_url("**/gammes/")
    with workshop_scope(shop.pk):
        saved = list_workflow_steps(Workflow.objects.get(pk=workflow.pk))
    assert [(step.name, step.needs_photo) for step in saved] == [
        ("Cuisson", False), ("Poudrage", False), ("Contrôle", False), ("Emballage", True),
    ]  # fmt: skip


@pytest.mark.spec("QUA-02", "QUA-03", "PRJ-12")
def test_a_defect_is_declared_with_its_photo_and_both_passes_are_seen(
    desk: Page, live_server: LiveServer, shop: Workshop, tmp_path: Path
) -> None:
    picture = tmp_path / "defaut.jpg"
    Image.new("RGB", (800, 600), "#8a3b12").save(picture)
    with workshop_scope(shop.pk):
        save_workflow(workshop=shop, actor=factories.ACTOR, name="Portails", is_default=True,
                      steps=[StepData(name) for name in NAMES])  # fmt: skip
        project = factories.project(shop)
        for step in list_steps(project)[:3]:
            validate_step(workshop=shop, actor=factories.ACTOR, step=step)
    desk.goto(f"{live_server.url}/app/atelier-vulcain/projets/{project.pk}/")
    desk.locator(f"a[href$='/projets/{project.pk}/non-conformites/nouvelle/']").click()
    desk.locator("select[name=defect]").select_option(index=1)
    desk.locator("textarea[name=comment]").fill("Coulure en bas du vantail")
    desk.locator("input[name=photos]").set_input_files(picture)
    desk.get_by_label("Poudrage").check()
    desk.locator("main form button[type=submit]").last.click()
    desk.wait_for_url(f"**/projets/{project.pk}/")
    timeline = desk.locator(".timeline").first
    expect(timeline.locator(".timeline-pass")).to_have_count(2)
    expect(timeline).to_contain_text("Coulure en bas du vantail")
    expect(timeline.locator("li strong", has_text=re.compile("^Poudrage$"))).to_have_count(2)
    with workshop_scope(shop.pk):
        held = Nonconformity.objects.get()
        assert Photo.objects.get(nonconformity=held).moment == "defect"
        assert [step.name for step in list_steps(project) if not step.is_done] == ["Poudrage", "Cuisson", "Contrôle"]
