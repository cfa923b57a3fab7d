"""In a browser: a batch from its recommendation to its closing, at the desk and on the tablet."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.batches.models import Batch
from app.batches.services.batching import open_batch_of
from app.batches.services.launching import launch_batch
from app.projects.models import Photo, Project, Step
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.stage import parts_of, project_of, ready_project
from tests.app.projects.pictures import photo
from tests.conftest import signed_in
from tests.e2e.looking import look, wrong_with

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
HERE = "/app/atelier-vulcain/series/"


@pytest.fixture
def shop(transactional_db: None) -> Workshop:
    return factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


@pytest.fixture
def desk(page: Page, live_server: LiveServer, shop: Workshop) -> Iterator[Page]:
    """An operator at a desk."""
    operator = factories.member(shop, Role.OPERATOR, email="omar@vulcain.test", first_name="Omar", last_name="Petit")
    cookie = signed_in(operator).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    yield page


@pytest.fixture
def projects(shop: Workshop) -> list[Project]:
    """Two ready for the powder, one that is not; one of the same RAL in another finish."""
    today = timezone.localdate()
    with workshop_scope(shop.pk):
        matt = factories.powder(shop, reference="7016", finish="mat")
        gloss = factories.powder(shop, reference="7016", finish="brillant")
        return [
            ready_project(shop, matt, promised_on=today - timedelta(days=1)),
            ready_project(shop, matt, promised_on=today + timedelta(days=4)),
            project_of(shop, matt, promised_on=today),
            project_of(shop, gloss),
        ]


@pytest.mark.spec("BAT-06", "BAT-07", "BAT-09", "ACC-02", "SCR-07")
def test_a_batch_from_its_recommendation_to_its_closing(
    desk: Page, live_server: LiveServer, shop: Workshop, projects: list[Project]
) -> None:
    desk.goto(f"{live_server.url}{HERE}")
    expect(desk.locator("tbody tr")).to_have_count(2)
    desk.locator("tbody tr").first.locator("button").click()
    with workshop_scope(shop.pk):
        batch = Batch.objects.get()
        [other] = parts_of(projects[3])
    expect(desk).to_have_url(f"{live_server.url}{HERE}{batch.pk}/")
    desk.locator("#id_code").fill(other.code)
    desk.locator("#id_code").press("Enter")
    expect(desk.locator(".toast").first).to_contain_text("Brillant")
    desk.locator("form[action$='retirer-les-non-pretes/'] button").click()
    desk.locator("[data-dialog-open=launch]").click()
    desk.locator("#launch button[type=submit]").click()
    desk.locator("[data-dialog-open=close]").click()
    desk.locator("#close form button[type=submit], #close form .btn-primary").last.click()
    expect(desk.locator("[data-dialog-open=close]")).to_have_count(0)
    with workshop_scope(shop.pk):
        assert Batch.objects.get().state == "closed"
        assert Project.objects.get(pk=projects[2].pk).current_step == projects[2].current_step


@pytest.mark.spec("WSM-01")
def test_the_tablet_launches_and_closes_a_batch(
    desk: Page, live_server: LiveServer, shop: Workshop, projects: list[Project]
) -> None:
    with workshop_scope(shop.pk):
        batch = open_batch_of(workshop=shop, actor=factories.ACTOR, parts=parts_of(*projects[:2]))
    desk.set_viewport_size({"width": 1024, "height": 768})
    desk.goto(f"{live_server.url}/app/atelier-vulcain/atelier/#/series")
    desk.locator(f"[data-k=launch-{batch.pk}]").click()
    desk.locator(f"[data-k=close-{batch.pk}]").click()
    expect(desk.locator(f"[data-batch='{batch.pk}']")).to_have_count(0)
    with workshop_scope(shop.pk):
        assert Batch.objects.get().state == "closed"
    for button in desk.locator(".f-main button, .f-nav a").all():
        box = button.bounding_box()
        assert box and box["height"] >= 44
    desk.context.set_offline(True)
    desk.evaluate("dispatchEvent(new Event('offline'))")
    expect(desk.locator("[data-group] button").first).to_be_disabled()


@pytest.mark.spec("WSM-01", "WSM-05")
def test_the_tablet_takes_the_photo_that_a_batch_wants(
    desk: Page, live_server: LiveServer, shop: Workshop, projects: list[Project]
) -> None:
    with workshop_scope(shop.pk):
        ready = projects[:2]
        Step.objects.filter(project__in=ready, lays_powder=True).update(needs_photo=True)
        batch = open_batch_of(workshop=shop, actor=factories.ACTOR, parts=parts_of(*ready))
        launch_batch(workshop=shop, actor=factories.ACTOR, batch=batch)
        steps = {step.project_id: step.pk for step in Step.objects.filter(project__in=ready, lays_powder=True)}
    wanted = desk.locator("[data-photo]")
    desk.goto(f"{live_server.url}/app/atelier-vulcain/atelier/#/series")
    expect(wanted).to_have_count(2)
    expect(desk.locator(f"[data-k=close-{batch.pk}]")).to_be_disabled()
    for project in ready:
        expect(desk.locator(f"[data-batch='{batch.pk}'] .f-why")).to_contain_text(project.number)
    assert wrong_with(desk, "batch-photos") == []
    one = {"name": "une.jpg", "mimeType": "image/jpeg", "buffer": photo(640, 480)}
    broken = {"name": "lettre.jpg", "mimeType": "image/jpeg", "buffer": b"Bonjour"}
    desk.locator(f"[data-k='photo-{steps[ready[0].pk]}']").set_input_files(broken)
    expect(desk.locator(".f-toast, [role=alert], [role=status]").first).to_be_visible()
    expect(desk.locator(f"[data-k=close-{batch.pk}]")).to_be_disabled()
    desk.locator(f"[data-k='photos-{batch.pk}']").set_input_files(one)  # one for all
    expect(wanted.locator("[data-tone=ok]")).to_have_count(2)
    desk.locator(f"[data-k=close-{batch.pk}]").click()
    expect(desk.locator(f"[data-batch='{batch.pk}']")).to_have_count(0)
    with workshop_scope(shop.pk):
        assert Batch.objects.get().state == "closed"
        assert {taken.step_id for taken in Photo.objects.all()} == set(steps.values())


@pytest.mark.spec("A11-01")
def test_the_pages_of_batches_are_clean_in_both_themes(
    desk: Page, live_server: LiveServer, shop: Workshop, projects: list[Project]
) -> None:
    problems = look(desk, f"{live_server.url}{HERE}", "recommended")
    with workshop_scope(shop.pk):
        batch = open_batch_of(workshop=shop, actor=factories.ACTOR, parts=parts_of(*projects[:3]))
    for name, path in (("batch", f"{batch.pk}/"), ("list", "liste/"), ("by hand", "nouvelle/")):
        problems += look(desk, f"{live_server.url}{HERE}{path}", name)
    assert problems == []
