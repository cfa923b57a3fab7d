"""The pages of ovens and plans: who may, what is refused, what is wrong."""

import json
from typing import Any

import pytest
from django.test import Client

from app.batches.models import Oven, OvenLoad, OvenPlan, OvenSettings
from app.batches.oven_constants import PlanState
from app.projects.models import Part
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.queries import at_most

from . import ovens

BASE = "/app/atelier-vulcain/series"
OVEN = {
    "name": "Four long", "length_mm": 7000, "width_mm": 1800, "height_mm": 2200, "max_load_kg": "", "gap_mm": 50,
    "wall_mm": 100, "floor_mm": 200, "hook_mm": 150, "one_level": "on", "rails": "600, 1200", "heat_up_minutes": 20,
    "changeover_minutes": 10, "cost_per_hour": "30", "monday": "08:00-18:00",
}  # fmt: skip


@pytest.fixture
def shop(workshop: Workshop) -> Workshop:
    """The workshop with curing plans."""
    with workshop_scope(workshop.pk):
        ovens.open_planning(workshop)
    return workshop


@pytest.fixture
def plan(shop: Workshop) -> OvenPlan:
    """A plan of two pieces."""
    with workshop_scope(shop.pk):
        waiting = ovens.part(shop, factories.powder(shop), pieces=2)
        return ovens.found_plan(shop, [ovens.oven(shop)], [waiting])


@pytest.mark.spec("BAT-11")
def test_an_oven_is_set_on_its_page_and_wrong_values_are_said_beside_their_field(
    owner_client: Client, shop: Workshop
) -> None:
    answer = owner_client.post(f"{BASE}/fours/reglages/nouveau/", OVEN)
    assert answer.status_code == 302
    with workshop_scope(shop.pk):
        held = Oven.objects.get()
    assert (held.rails_y, held.week[0], held.week[6]) == ([600, 1200], [[480, 1080]], [])
    for wrong in ({"length_mm": 10_000_000}, {"length_mm": 0}, {"height_mm": -5}, {"rails": "six"}, {"rails": "9000"},
                  {"monday": "18:00-08:00"}, {"monday": "matin"}, {"tuesday": "08:00-12:00, 11:00-14:00"},
                  {"monday": ""}, {"wall_mm": 1500}, {"cost_per_hour": "-1"}):  # fmt: skip
        answer = owner_client.post(f"{BASE}/fours/reglages/nouveau/", {**OVEN, "name": "Autre", **wrong})
        assert answer.status_code == 422, wrong
    with workshop_scope(shop.pk):
        assert Oven.objects.count() == 1


def test_what_plans_weigh_is_set_within_its_limits(owner_client: Client, shop: Workshop) -> None:
    good = {"load_cost": "12", "changeover_cost": "15", "late_day_cost": "60", "days_before_promise": "1"}
    for seconds, status in (("9", 422), ("121", 422), ("30", 302)):
        answer = owner_client.post(f"{BASE}/fours/reglages/", {**good, "time_limit_s": seconds})
        assert answer.status_code == status
    with workshop_scope(shop.pk):
        assert OvenSettings.objects.get().time_limit_s == 30


def test_without_the_feature_the_page_says_what_holds_it(owner_client: Client, workshop: Workshop) -> None:
    for address in ("cuisson/nouveau/", "fours/reglages/nouveau/", "fours/fournees/nouvelle/"):
        assert owner_client.get(f"{BASE}/{address}").status_code == 403
    assert owner_client.get(f"{BASE}/fours/").status_code == 200  # what was made stays readable


@pytest.mark.parametrize("address", ["cuisson/nouveau/", "fours/reglages/", "fours/fournees/nouvelle/"])
def test_roles_without_the_right_are_refused(
    address: str, viewer_client: Client, accountant_client: Client, shop: Workshop
) -> None:
    for client in (viewer_client, accountant_client):
        assert client.get(f"{BASE}/{address}").status_code == 403


def test_parts_are_chosen_measured_and_planned(
    operator_client: Client, shop: Workshop, django_capture_on_commit_callbacks: Any
) -> None:
    with workshop_scope(shop.pk):
        held = ovens.oven(shop)
        ovens.short_search(shop)
        waiting = ovens.part(shop, factories.powder(shop), width_mm=None)
    answer = operator_client.post(f"{BASE}/cuisson/nouveau/", {"ovens": str(held.pk), "parts": [str(waiting.pk)]})
    assert answer.status_code == 422
    measure = f"{BASE}/cuisson/pieces/{waiting.pk}/"
    name = f"part-{waiting.pk}"
    size = {f"{name}-length_mm": "1000", f"{name}-width_mm": "0", f"{name}-height_mm": "800", f"{name}-mass_kg": "",
            f"{name}-carry": "hang", f"{name}-turning": "upright"}  # fmt: skip
    assert operator_client.post(measure, size).status_code == 422
    assert operator_client.post(measure, {**size, f"{name}-width_mm": "10000000"}).status_code == 422
    assert operator_client.post(measure, {**size, f"{name}-width_mm": "120"}).status_code == 200
    with workshop_scope(shop.pk):
        assert Part.objects.get().size_mm == (1000, 120, 800)
    with django_capture_on_commit_callbacks(execute=True):
        answer = operator_client.post(f"{BASE}/cuisson/nouveau/", {"ovens": str(held.pk), "parts": [str(waiting.pk)]})
    assert answer.status_code == 302
    page = operator_client.get(answer["Location"])
    assert page.status_code == 200
    assert "€" not in page.content.decode()  # an operator does not see prices
    for wrong in ({"ovens": "999", "parts": [str(waiting.pk)]}, {"ovens": str(held.pk), "parts": ["77777777"]},
                  {"ovens": str(held.pk)}, {"ovens": str(held.pk), "parts": ["x"]}):  # fmt: skip
        assert operator_client.post(f"{BASE}/cuisson/nouveau/", wrong).status_code == 422


def test_a_plan_is_read_moved_adopted_and_carried_out_on_its_pages(
    owner_client: Client, shop: Workshop, plan: OvenPlan
) -> None:
    page = f"{BASE}/cuisson/{plan.pk}"
    with at_most(16):
        assert owner_client.get(f"{page}/").status_code == 200
    assert owner_client.get(f"{page}/fournees/0/").status_code == 200
    assert owner_client.get(f"{page}/fournees/5/").status_code == 404
    assert plan.result is not None
    items = plan.result["loads"][0]["items"]
    wrong = [{**items[0], "x": 5}, items[1]]
    check = f"{page}/fournees/0/places/"
    answer = owner_client.post(check, json.dumps({"items": wrong}), content_type="application/json")
    assert (answer.status_code, answer.json()["wrong"]) == (200, [0])
    turned = [{**items[0], "rot": "zzz"}, items[1]]
    for sent in ({"items": wrong, "keep": True}, {"items": turned}, {"items": "x"}, [], {"items": [{"part": "?"}]}):
        assert owner_client.post(check, json.dumps(sent), content_type="application/json").status_code == 422
    for unreadable in ("{", "[" * 100_000):
        assert owner_client.post(check, unreadable, content_type="application/json").status_code == 422
    assert owner_client.post(f"{page}/ordre/", {"load": "0", "oven": "0", "place": "x"}).status_code == 302
    assert owner_client.post(f"{page}/adopter/").status_code == 302
    with workshop_scope(shop.pk):
        load = OvenLoad.objects.get()
        assert OvenPlan.objects.get().state == PlanState.ADOPTED
    for act in ("entree", "sortie"):
        assert owner_client.post(f"{BASE}/fours/fournees/{load.pk}/{act}/").status_code == 302
    assert owner_client.get(f"{BASE}/fours/fournees/{load.pk}/").status_code == 200
    with at_most(16):
        assert owner_client.get(f"{BASE}/fours/").status_code == 200
    for period in ("", "?du=2026-11-30&au=2026-11-01", "?du=hier", "?du=1000-01-01"):
        assert owner_client.get(f"{BASE}/fours/occupation/{period}").status_code == 200


def test_a_viewer_reads_a_plan_and_changes_nothing(viewer_client: Client, shop: Workshop, plan: OvenPlan) -> None:
    page = f"{BASE}/cuisson/{plan.pk}"
    assert viewer_client.get(f"{page}/").status_code == 200
    for act in ("adopter", "arreter", "abandonner", "ordre"):
        assert viewer_client.post(f"{page}/{act}/").status_code == 403
    with workshop_scope(shop.pk):
        assert OvenPlan.objects.get().state == PlanState.DONE


def test_a_load_by_hand_takes_the_parts_that_are_ticked(operator_client: Client, shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        held, powder = ovens.oven(shop), factories.powder(shop)
        first, second = ovens.part(shop, powder), ovens.part(shop, factories.powder(shop))
    page = f"{BASE}/fours/fournees/nouvelle/"
    for wrong in ({"parts": [str(first.pk), str(second.pk)]}, {"parts": ["987654321"]}, {}, {"fill_percent": "0"},
                  {"note": "x", "started_at": "2020-01-01T08:00"}):  # fmt: skip
        assert operator_client.post(page, {"oven": str(held.pk), **wrong}).status_code == 422
    answer = operator_client.post(page, {"oven": str(held.pk), "parts": [str(first.pk)], "fill_percent": "40"})
    assert answer.status_code == 302
    with workshop_scope(shop.pk):
        load = OvenLoad.objects.get()
        assert (load.powder, [row.part for row in load.parts.all()]) == (powder, [first])


@pytest.mark.spec("BEY-02")
def test_a_search_is_followed_with_the_plan_it_already_has(
    owner_client: Client, shop: Workshop, plan: OvenPlan
) -> None:
    page = f"{BASE}/cuisson/{plan.pk}/"
    with workshop_scope(shop.pk):
        OvenPlan.objects.update(state=PlanState.RUNNING, progress=40)
    running = owner_client.get(page).content.decode()
    assert 'hx-trigger="load delay:2s"' in running and 'value="40"' in running
    assert "oven-load-head" in running  # the first plan is there to be read
    assert "/adopter/" not in running
    told = [{"seconds": 1.2, "loads": 14, "hours": 9.8, "late_projects": 3, "cost": 612},
            {"seconds": 7.5, "loads": 12, "hours": 8.4, "late_projects": 1, "cost": 521}]  # fmt: skip
    with workshop_scope(shop.pk):
        OvenPlan.objects.update(found=told)
    again = owner_client.get(f"{page}?vu=1", headers={"HX-Request": "true"})
    text = again.content.decode()
    assert "oven-load-head" not in text and len(text) < len(running) / 3  # what is read already does not come again
    assert text.index("7,5 s") < text.index("1,2 s") and "9,8" in text and "HX-Retarget" not in again.headers
    assert text.count("#plan-pill") == 1 and str(PlanState.RUNNING.label) in text
    first = owner_client.get(page, headers={"HX-Request": "true"})  # it came after the page was opened
    assert first.headers["HX-Retarget"] == "#plan-state" and "oven-load-head" in first.content.decode()
    assert owner_client.post(f"{page}arreter/").status_code == 302
    with workshop_scope(shop.pk):
        assert OvenPlan.objects.get().stop_asked
        OvenPlan.objects.update(state=PlanState.FAILED, result=None, figures=None, refusal="Aucun plan")
    failed = owner_client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "Aucun plan" in failed and "hx-trigger" not in failed
    assert failed.count("#plan-pill") == 1 and str(PlanState.FAILED.label) in failed  # the heading says it too
