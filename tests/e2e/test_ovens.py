"""In a browser: parts planned into oven loads, a piece moved by the keys, the plan adopted, printed and carried out."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.batches import oven_problem
from app.batches.models import Oven, OvenLoad, OvenPlan
from app.batches.oven_constants import LoadState, PlanState
from app.batches.selectors import get_parts
from app.batches.services.adopting import adopt_plan
from app.batches.services.batching import open_batch_of
from app.projects.models import Part
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches import ovens
from tests.conftest import signed_in

from .looking import look, wrong_with

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
#: Where the pictures go, when they are wanted.
PICTURES = os.environ.get("OVEN_PICTURES", "")


@pytest.fixture
def shop(transactional_db: None) -> Workshop:
    shop = factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")
    with workshop_scope(shop.pk):
        ovens.oven(shop, length_mm=4000, width_mm=1800, height_mm=2200, week=[[[0, 1440]]] * 7)
        ovens.open_planning(shop)
        ovens.short_search(shop)
        grey = factories.powder(shop)
        cream = factories.powder(shop, colour_code="RAL 1013", colour_name="Blanc perle", hex="#e3d9c6", finish="mat")
        red = factories.powder(shop, colour_code="RAL 3020", colour_name="Rouge signalisation", hex="#cc0605")
        ovens.part(shop, grey, pieces=12, days=2)
        ovens.part(shop, cream, pieces=5, days=0, length_mm=1600, height_mm=300)
        ovens.part(shop, cream, pieces=2, days=6)
        ovens.part(shop, red, pieces=3, days=None, length_mm=700)
        ovens.part(shop, grey, pieces=1, length_mm=9000)
        ovens.part(shop, grey, pieces=2, days=1, width_mm=None)
    return shop


@pytest.fixture
def desk(page: Page, live_server: LiveServer, shop: Workshop) -> Iterator[Page]:
    """The owner at a desk."""
    owner = factories.member(shop, Role.OWNER, email="olivia@vulcain.test", first_name="Olivia", last_name="Roche")
    cookie = signed_in(owner).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    yield page


def picture(page: Page, name: str) -> None:
    """A picture of the page in both themes and three widths, for people to look at."""
    if not PICTURES:
        return
    for theme, width in (("light", 1440), ("dark", 1440), ("light", 820), ("light", 390), ("dark", 390)):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        page.wait_for_timeout(250)
        page.screenshot(path=Path(PICTURES) / f"{name}-{theme}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.spec("BAT-11", "BAT-13", "BAT-14", "BEY-02")
def test_parts_become_loads_that_are_moved_adopted_printed_and_carried_out(
    desk: Page, live_server: LiveServer, shop: Workshop
) -> None:
    base = f"{live_server.url}/app/atelier-vulcain/series"
    wrong = look(desk, f"{base}/cuisson/nouveau/", "plan_create")
    desk.set_viewport_size({"width": 1440, "height": 900})
    lacking = desk.locator(".oven-part", has=desk.locator(".oven-part-mark")).last
    lacking.get_by_role("button").click()
    desk.locator(".oven-part-open [name$=width_mm]").fill("120")
    picture(desk, "plan_create")
    desk.locator(".oven-part-open button.btn-primary").click()
    expect(desk.locator(".oven-part-open")).to_have_count(0)
    expect(desk.locator(".oven-part input[type=checkbox]:checked")).to_have_count(6)
    desk.locator("button[form=plan-form]").click()
    desk.wait_for_url(re.compile(r"/cuisson/\d+/$"))
    expect(desk.locator(".oven-load").first).to_be_visible(timeout=60_000)
    expect(desk.locator("#plan-pill")).to_have_text("Plan trouvé", timeout=60_000)
    plan_address = desk.url
    wrong += look(desk, plan_address, "plan_detail")
    desk.set_viewport_size({"width": 1440, "height": 900})
    picture(desk, "plan_detail")

    desk.locator(".gantt a rect").first.click()
    desk.wait_for_url(re.compile(r"/fournees/0/$"))
    wrong += look(desk, desk.url, "plan_load")
    desk.set_viewport_size({"width": 1440, "height": 900})
    keep = desk.locator("[data-oven-keep]")
    piece = desk.locator("[data-piece]").last
    piece.focus()
    desk.keyboard.press("ArrowLeft")
    for _step in range(200):
        desk.keyboard.press("ArrowLeft")
    expect(desk.locator("[data-oven-said]")).to_have_class("is-wrong")
    expect(keep).to_be_disabled()
    desk.locator("[data-oven-undo]").click()
    first = desk.locator("[data-piece]").first.bounding_box()
    last = piece.bounding_box()
    assert first and last
    desk.mouse.move(last["x"] + 4, last["y"] + 4)
    desk.mouse.down()
    desk.mouse.move(first["x"] + 16, first["y"] + 4, steps=5)
    desk.mouse.up()
    expect(desk.locator("[data-piece].is-wrong")).not_to_have_count(0)  # one lies on the other
    desk.locator("[data-oven-undo]").click()
    expect(desk.locator("[data-piece].is-wrong")).to_have_count(0)
    piece.focus()
    lying = piece.locator("rect").get_attribute("width") or ""
    desk.keyboard.press("r")
    expect(piece.locator("rect")).not_to_have_attribute("width", lying)
    desk.locator("[data-oven-undo]").click()
    expect(piece.locator("rect")).to_have_attribute("width", lying)
    piece.focus()
    desk.keyboard.press("Shift+ArrowRight")
    desk.keyboard.press("Shift+ArrowLeft")
    expect(keep).to_be_enabled()
    picture(desk, "plan_load")
    keep.click()
    expect(keep).to_be_disabled()

    desk.goto(plan_address)
    desk.locator("form[action$='/adopter/'] button").click()
    desk.wait_for_url(re.compile(r"/fours/$"))
    wrong += look(desk, desk.url, "oven_board")
    desk.locator("form[action$='/entree/'] button").first.click()
    expect(desk.locator(".oven-card-in")).to_have_count(1)
    picture(desk, "oven_board")
    desk.locator("form[action$='/sortie/'] button").click()
    expect(desk.locator(".oven-card-in")).to_have_count(0)
    wrong += look(desk, f"{base}/fours/occupation/", "oven_usage")
    picture(desk, "oven_usage")
    wrong += look(desk, f"{live_server.url}/app/atelier-vulcain/pilotage/", "steering")

    desk.goto(plan_address)
    desk.locator("form[action$='/imprimer/'] button").click()
    expect(desk.locator("a[href*='/fichiers/']")).to_be_visible(timeout=60_000)
    with workshop_scope(shop.pk):
        assert OvenPlan.objects.get().state == PlanState.ADOPTED
        assert OvenPlan.objects.get().is_adjusted
        assert OvenLoad.objects.filter(state=LoadState.DONE).count() == 1
        load = OvenLoad.objects.filter(state=LoadState.DONE).get()
    wrong += look(desk, f"{base}/fours/fournees/{load.pk}/", "load_detail")
    picture(desk, "load_detail")
    for name, address in (("oven_list", "fours/reglages/"), ("oven_edit", "fours/reglages/nouveau/"),
                          ("load_create", "fours/fournees/nouvelle/"), ("plan_list", "cuisson/")):  # fmt: skip
        wrong += look(desk, f"{base}/{address}", name)
        picture(desk, name)
    assert wrong == []


@pytest.mark.spec("BAT-12", "BAT-14")
def test_what_no_load_takes_and_what_finds_no_hours_is_named_under_the_plan(
    desk: Page, live_server: LiveServer, shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oven_problem, "HORIZON_DAYS", 3)
    monkeypatch.setattr(oven_problem, "MOST_HORIZON_DAYS", 3)
    with workshop_scope(shop.pk):
        Oven.objects.update(week=[[[480, 520]]] * 7)
        long = "Garde-corps de la terrasse du premier étage, avec ses poteaux et ses lisses hautes"
        for days in range(20):
            row = ovens.part(shop, factories.powder(shop), pieces=days + 1, days=days, length_mm=3500, height_mm=900)
            Part.objects.filter(pk=row.pk).update(designation=long)
        Part.objects.filter(pk=row.pk).update(curing_minutes=200)
        plan = ovens.found_plan(shop, list(Oven.objects.all()), list(Part.objects.all()))
        left = plan.subject["left_out"]
        assert len(left) > 10 and plan.is_adoptable
    wrong = look(desk, f"{live_server.url}/app/atelier-vulcain/series/cuisson/{plan.pk}/", "plan_set_aside")
    banners = desk.locator(".banner", has=desk.locator(".oven-left"))
    expect(banners).to_have_count(4)  # too large, too long to cure, without its width, without hours
    for held in left:
        expect(banners.filter(has_text=f"{held['number']} {held['pieces']} × {held['designation']}")).to_have_count(1)
    assert wrong == []


@pytest.mark.spec("BAT-07", "BAT-14", "WSM-01")
def test_a_part_that_changed_is_marked_and_taken_out_at_the_desk_and_on_the_tablet(
    desk: Page, live_server: LiveServer, shop: Workshop
) -> None:
    base = f"{live_server.url}/app/atelier-vulcain"
    with workshop_scope(shop.pk):
        grey, cream = (
            Part.objects.get(quantity=12), Part.objects.get(quantity=5)
        )  # fmt: skip
        plan = ovens.found_plan(shop, list(Oven.objects.all()), [grey, cream])
        loads = adopt_plan(workshop=shop, actor=factories.ACTOR, plan=plan)
        batch = open_batch_of(workshop=shop, actor=factories.ACTOR, parts=get_parts([grey.pk]))
        Part.objects.filter(pk=grey.pk).update(height_mm=1150, designation="Vantail gauche du portail de l’entrée nord")
        Part.objects.filter(pk=cream.pk).update(curing_celsius=200)
        of_grey = [load for load in loads if load.parts.filter(part=grey).exists()]
        load = next(load for load in loads if load not in of_grey)
    wrong = look(desk, f"{base}/series/fours/", "changed-board")
    wrong += look(desk, f"{base}/series/cuisson/{plan.pk}/", "changed-plan")
    wrong += look(desk, f"{base}/series/{batch.pk}/", "changed-batch")
    wrong += look(desk, f"{base}/series/fours/fournees/{of_grey[0].pk}/", "changed-load")
    desk.goto(f"{base}/series/fours/fournees/{load.pk}/")
    desk.locator("form[action$='/entree/'] button").click()
    expect(desk.locator(".toast").first).to_contain_text("200 °C")
    with workshop_scope(shop.pk):
        held = load.parts.get(part=cream).pieces
    desk.goto(f"{base}/series/fours/fournees/{load.pk}/")
    desk.locator("input[name=pieces]").fill("1")
    desk.locator(".oven-take-out button").click()
    expect(desk.locator("input[name=pieces]")).to_have_value(str(held - 1))
    desk.goto(f"{base}/atelier/#/series")
    shown = desk.locator(f"[data-load='{load.pk}']")
    expect(shown).to_contain_text("200 °C")
    wrong += wrong_with(desk, "changed-tablet")
    shown.locator(f"[data-k='out-load-{load.pk}-{cream.pk}']").click()
    wrong += wrong_with(desk, "changed-tablet-asked")
    shown.locator(f"[data-k='all-load-{load.pk}-{cream.pk}']").click()
    expect(shown).to_have_count(0)
    desk.locator(f"[data-k='out-batch-{grey.pk}']").click()
    desk.locator(f"[data-k='all-batch-{grey.pk}']").click()
    expect(desk.locator(f"[data-batch='{batch.pk}']")).to_contain_text(batch.number)
    expect(desk.locator(f"[data-batch='{batch.pk}'] .f-batch-parts li")).to_have_count(0)
    with workshop_scope(shop.pk):
        assert not batch.items.exists()
        assert {left.state for left in OvenLoad.objects.filter(pk=load.pk)} == {LoadState.CANCELLED}
    assert wrong == []
