"""Screens of the counter and the office: an agreement noted, a margin, a workflow without rework."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.projects.constants import PhotoMoment
from app.projects.models import Project
from app.projects.services.photo_rules import save_photo_settings
from app.projects.services.photos import add_photo
from app.projects.services.workflows import StepData, save_workflow
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.test_margin import launched, sold
from tests.app.projects import pictures
from tests.app.projects.test_photo_rules import NOTHING
from tests.e2e.looking import DRESS, look
from tests.e2e.test_photos import enter

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PICTURES_OF_COUNTER", "")


def keep(page: Page, name: str) -> None:
    """Pictures of the screen, when the one who runs the test wants to look at it."""
    for theme, width in (("light", 390), ("light", 1440), ("dark", 820)) if PICTURES else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(DRESS, theme)
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{theme}.png", full_page=True)


@pytest.fixture
def photographed(transactional_db: None) -> tuple[Workshop, Project]:
    workshop = factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")
    with workshop_scope(workshop.pk):
        save_photo_settings(workshop=workshop, actor=factories.ACTOR, wanted=NOTHING | {"shown_to_customers": True})
        project = factories.project(workshop)
        add_photo(workshop=workshop, actor=factories.ACTOR, project=project, content=pictures.photo(), name="a.jpg",
                  moment=PhotoMoment.AFTER)  # fmt: skip
    return workshop, project


@pytest.mark.spec("PRV-01", "A11-04", "BEY-11", "QUA-03")
def test_the_screens_of_the_counter(
    page: Page, live_server: LiveServer, photographed: tuple[Workshop, Project]
) -> None:
    workshop, project = photographed
    with workshop_scope(workshop.pk):
        batch = launched(workshop, sold(workshop, factories.powder(workshop), "417"))
        old = save_workflow(workshop=workshop, actor=factories.ACTOR, name="Court",
                            steps=[StepData("Sablage"), StepData("Poudrage", lays_powder=True)])  # fmt: skip
    enter(page, factories.member(workshop, Role.OWNER), live_server)
    base = f"{live_server.url}/app/{workshop.slug}/"
    problems = []
    for name, path in (
        ("project", f"projets/{project.pk}/"), ("batch", f"series/{batch.pk}/"), ("workflow", f"projets/gammes/{old.pk}/"),
        ("customer", f"clients/{project.customer_id}/modifier/"),
    ):  # fmt: skip
        problems += look(page, base + path, name)
        keep(page, name)
    page.set_viewport_size({"width": 820, "height": 900})
    page.goto(f"{base}projets/{project.pk}/")
    page.locator("[data-dialog-open='photo-consent']").click()
    keep(page, "consent")
    page.locator("#photo-consent button[type=submit], #photo-consent button.btn-primary").last.click()
    expect(page.locator(".photo-consent")).to_contain_text("Au comptoir")
    problems += look(page, f"{base}projets/{project.pk}/", "agreed")
    page.goto(f"{base}projets/gammes/{old.pk}/")
    page.locator("form[action$='retouche/'] button").click()
    expect(page.locator("input[value='Retouche']")).to_be_visible()
    assert problems == []
