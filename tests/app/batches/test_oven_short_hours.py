"""Opening hours that do not hold the work: what can never run and what finds no hours is named, the rest planned."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from app.batches import oven_problem
from app.batches.models import OvenPlan
from app.batches.oven_constants import HOURS_FULL, PlanState
from app.batches.oven_pages import PlanPage
from app.batches.oven_pdf import sheets_pdf
from app.batches.oven_selectors import list_curable_parts
from app.batches.planner.hours import within_hours
from app.batches.planner.instance import Instance, read_instance
from app.batches.planner.plan import ShortHoursError, problems_of
from app.batches.planner.solve import plan_oven
from app.batches.services import searching
from app.batches.services.adopting import adopt_plan
from app.batches.services.planning import ask_plan, stop_plan
from app.batches.services.searching import plan_of, require_valid, search_plan
from app.kernel.errors import RuleError
from app.powders.models import Powder
from app.projects.models import Part, Project
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

from .instances import part as line
from .instances import problem, random_problem
from .ovens import ENOUGH_S, found_plan, open_planning, oven, part, short_search

COSTS = {"load_cost": 10, "oven_minute_cost": 0.5, "changeover_cost": 20, "tardiness_cost": 0.01}
#: A piece that fills the oven of `instances`, and one that fills that of `ovens`.
ALONE = {"l": 900, "w": 900, "h": 900}
LARGE = {"length_mm": 2700, "width_mm": 1200}


def asked(**changes: Any) -> Instance:
    return read_instance(problem(**{"schedule": True, "objective": COSTS, **changes}))


def less(instance: Instance, beyond: dict[str, int]) -> Instance:
    lines = [replace(held, quantity=held.quantity - beyond.get(held.id, 0)) for held in instance.lines]
    return replace(instance, lines=tuple(held for held in lines if held.quantity))


def one_load_a_day(workshop: Workshop, monkeypatch: pytest.MonkeyPatch, *, days: int, most: int) -> Any:
    """An oven that runs one load a day, and plans that look at so many days, or more when the work needs them."""
    monkeypatch.setattr(oven_problem, "HORIZON_DAYS", days)
    monkeypatch.setattr(oven_problem, "MOST_HORIZON_DAYS", most)
    return oven(workshop, week=[[[480, 520]]] * 7)


def openings(plan: OvenPlan) -> int:
    return len(plan.problem["calendar"])


@pytest.mark.spec("BAT-14", "BEY-02")
def test_a_plan_that_just_fits_the_hours_is_found() -> None:
    """Promises alternate between two powders; only with all of one first do the hours suffice."""
    parts = [
        line(id=f"P{rank}", family=("mat", "satin")[rank % 2], qty=1, due=60 * rank, **ALONE) for rank in range(24)
    ]
    instance = asked(parts=parts, changeover_min=15, calendar=[[0, 12 * 30 + 12 * 20 + 15]], time_limit_s=3)
    assert within_hours(instance)[1]  # by date alone they do not
    plan = plan_oven(instance)
    assert problems_of(instance, plan) == [] and len(plan.loads) == 24


@pytest.mark.parametrize("count", [1, 2])
def test_hours_go_to_the_most_urgent_and_what_is_left_over_is_counted(count: int) -> None:
    parts = [line(id=f"P{rank}", qty=2, due=1000 - 100 * rank, **ALONE) for rank in range(5)]
    room = {"L": 1000, "W": 1000, "H": 1000, "count": count}
    instance = asked(parts=[*parts, line(id="large", l=5000)], calendar=[[0, 70], [100, 135]], oven=room)
    plan, beyond = within_hours(instance)
    assert beyond == ({"P0": 2, "P1": 2, "P2": 2, "P3": 1} if count == 1 else {"P0": 2, "P1": 2})
    assert plan.unplaced == ("large",)
    assert problems_of(less(instance, beyond), plan) == []
    assert within_hours(instance) == (plan, beyond)


def test_a_shorter_curing_takes_the_hours_that_a_longer_one_cannot() -> None:
    parts = [line(qty=3, due=10, **ALONE), line(id="B", family="satin", qty=2, due=900, **ALONE)]
    instance = asked(parts=parts, calendar=[[0, 35], [50, 75], [100, 125]])
    plan, beyond = within_hours(instance)
    assert beyond == {"A": 2}
    assert [(load.family, load.start) for load in plan.loads] == [("mat", 0), ("satin", 50), ("satin", 100)]


def test_windows_that_overlap_and_parts_that_come_late_are_kept_by_the_rules() -> None:
    parts = [line(id=f"P{rank}", qty=3, release=40 * rank, **ALONE) for rank in range(4)]
    data = problem(parts=parts, schedule=True, calendar=[[0, 90], [60, 100], [80, 200]], objective=COSTS)
    instance = replace(asked(parts=parts), calendar=tuple((opens, closes) for opens, closes in data["calendar"]))
    plan, beyond = within_hours(instance)
    assert beyond and problems_of(less(instance, beyond), plan) == []


def test_thousands_of_pieces_and_an_hour_are_one_load_and_the_rest() -> None:
    instance = asked(parts=[line(qty=4_000, l=450, w=450, h=450)], calendar=[[0, 60]], time_limit_s=1)
    plan, beyond = within_hours(instance)
    assert (len(plan.loads), beyond) == (2, {"A": 4_000 - 16})
    assert problems_of(less(instance, beyond), plan) == []
    with pytest.raises(ShortHoursError) as refusal:
        plan_oven(instance)
    assert len(refusal.value.problems) == 2


@pytest.mark.spec("BEY-02")
def test_the_command_names_the_lines_that_no_hours_are_left_for(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    parts = [line(id="large", qty=5, **ALONE), line(id="small", family="satin", qty=1)]
    source.write_text(json.dumps(problem(parts=parts, schedule=True, objective=COSTS, calendar=[[0, 65], [100, 130]])))
    with pytest.raises(CommandError) as refusal:
        call_command("plan_oven", input=source, output=target)
    first, *named = str(refusal.value).splitlines()
    assert "opening hours are too short" in first
    assert any("large" in said and "of its 5 pieces" in said for said in named)
    assert not target.exists()


@pytest.mark.spec("BEY-02")
def test_the_command_names_the_lines_that_can_never_run_and_plans_the_rest(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    families = [*problem()["families"], {"id": "long", "cycle_min": 90}]
    parts = [line(), line(id="long", family="long"), line(id="late", release=500), line(id="huge", l=9000)]
    source.write_text(
        json.dumps(problem(parts=parts, families=families, schedule=True, calendar=[[0, 60], [100, 145]]))
    )
    said = StringIO()
    call_command("plan_oven", input=source, output=target, stderr=said)
    written = json.loads(target.read_text())
    assert [item["part"] for load in written["loads"] for item in load["items"]] == ["A", "A"]
    assert written["unplaced"] == ["long", "late", "huge"]
    assert said.getvalue().splitlines() == written["problems"]
    assert [text.split(":")[0] for text in written["problems"]] == ["parts long", "parts late"]


@pytest.mark.spec("BAT-14")
def test_weekly_hours_go_on_until_the_work_is_done(in_scope: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    held, powder = one_load_a_day(in_scope, monkeypatch, days=4, most=60), factories.powder(in_scope)
    plan = found_plan(in_scope, [held], [part(in_scope, powder, pieces=11, **LARGE)])
    assert 11 <= openings(plan) <= 60
    assert (plan.state, plan.subject["left_out"]) == (PlanState.DONE, [])
    assert len(plan_of(plan)[1].loads) == 11


def test_a_part_dropped_off_after_a_year_is_planned_when_it_comes(in_scope: Workshop) -> None:
    held, late = oven(in_scope), part(in_scope, factories.powder(in_scope))
    comes = timezone.localdate() + timedelta(days=500)
    Project.objects.update(dropped_on=comes, promised_on=None)
    plan = found_plan(in_scope, [held], [Part.objects.get(pk=late.pk)])
    [load] = plan_of(plan)[1].loads
    assert timezone.localdate(plan.starts_at + timedelta(minutes=load.start)) == comes


@pytest.mark.spec("BAT-14")
def test_what_finds_no_hours_is_named_by_urgency_and_the_rest_adopted(
    in_scope: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, powder = one_load_a_day(in_scope, monkeypatch, days=6, most=6), factories.powder(in_scope)
    many = part(in_scope, powder, pieces=9, days=9, **LARGE)
    urgent, never = part(in_scope, powder, days=2, **LARGE), part(in_scope, powder, days=None, **LARGE)
    plan = found_plan(in_scope, [held], [never, many, urgent])
    assert (plan.state, plan.refusal) == (PlanState.DONE, "")
    instance, found = plan_of(plan)
    require_valid(instance, found)
    placed = [item.part for load in found.loads for item in load.items]
    assert placed.count(urgent.code) == 1 and placed.count(many.code) == openings(plan) - 1 < 9
    left = {row["part"]: (row["pieces"], row["reason"]) for row in plan.subject["left_out"]}
    assert left == {many.pk: (10 - openings(plan), HOURS_FULL), never.pk: (1, HOURS_FULL)}
    assert plan.subject["parts"][many.code]["pieces"] == openings(plan) - 1
    assert never.code not in plan.subject["parts"]
    adopt_plan(workshop=in_scope, actor=factories.ACTOR, plan=plan)
    waiting = {curable.part.pk: curable.pieces for curable in list_curable_parts()}
    assert waiting == {many.pk: 10 - openings(plan), never.pk: 1}


def test_the_plan_made_at_once_stays_when_the_search_no_longer_fits_the_hours(
    in_scope: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(instance: Instance, **_options: Any) -> None:
        raise ShortHoursError(instance.lines, {instance.lines[0].id: 1})

    searching._solver().warm_up()  # which searches too, once
    monkeypatch.setattr(searching._solver(), "plan_oven", short)
    held, powder = one_load_a_day(in_scope, monkeypatch, days=4, most=4), factories.powder(in_scope)
    short_search(in_scope)
    waiting = part(in_scope, powder, pieces=9, **LARGE)
    plan = ask_plan(workshop=in_scope, actor=factories.ACTOR, ovens=[held], part_pks=[waiting.pk])
    plan.problem["time_limit_s"] = 1 + ENOUGH_S
    plan.save()
    search_plan(workshop_id=in_scope.pk, plan_pk=plan.pk)
    plan.refresh_from_db()
    assert plan.state == PlanState.DONE and plan.is_adoptable
    require_valid(*plan_of(plan))
    assert len(plan_of(plan)[1].loads) == openings(plan)


def test_a_search_given_up_meanwhile_keeps_nothing_aside(in_scope: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    held, powder = one_load_a_day(in_scope, monkeypatch, days=4, most=4), factories.powder(in_scope)
    waiting = part(in_scope, powder, pieces=9, **LARGE)
    plan = ask_plan(workshop=in_scope, actor=factories.ACTOR, ovens=[held], part_pks=[waiting.pk])
    before = plan.problem
    honest = searching._first_plan

    def given_up(instance: Instance, keep: Any) -> Any:
        OvenPlan.objects.update(state=PlanState.CANCELLED, stop_asked=True)
        return honest(instance, keep)

    monkeypatch.setattr(searching, "_first_plan", given_up)
    search_plan(workshop_id=in_scope.pk, plan_pk=plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.result, plan.problem["parts"]) == (PlanState.CANCELLED, None, before["parts"])
    assert stop_plan(workshop=in_scope, actor=factories.ACTOR, plan=plan).state == PlanState.CANCELLED


def test_an_oven_that_is_never_open_is_refused_with_what_to_do(in_scope: Workshop) -> None:
    closed, waiting = oven(in_scope, week=[[]] * 7), part(in_scope, factories.powder(in_scope))
    with pytest.raises(RuleError) as refusal:
        ask_plan(workshop=in_scope, actor=factories.ACTOR, ovens=[closed], part_pks=[waiting.pk])
    assert refusal.value.field == "ovens"
    assert not OvenPlan.objects.exists()


def slow_powder(workshop: Workshop) -> Powder:
    return factories.powder(workshop, curing_minutes=120)


@pytest.mark.spec("BAT-12", "BAT-14")
def test_each_part_that_is_not_planned_is_named_with_its_reason_on_the_page_and_on_the_sheets(
    owner_client: Client, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workshop_scope(workshop.pk):
        open_planning(workshop)
        held, powder = one_load_a_day(workshop, monkeypatch, days=4, most=4), factories.powder(workshop)
        held.max_load_kg = 50
        held.save()
        parts = {
            "SIZE": part(workshop, powder, length_mm=9000), "MASS": part(workshop, powder, mass_kg=60),
            "CYCLE": part(workshop, slow_powder(workshop)), "RELEASE": part(workshop, powder),
            "full": part(workshop, powder, pieces=9, **LARGE),
        }  # fmt: skip
        Project.objects.filter(pk=parts["RELEASE"].project_id).update(
            dropped_on=timezone.localdate() + timedelta(days=90)
        )
        plan = found_plan(workshop, [held], [Part.objects.get(pk=one.pk) for one in parts.values()])
        with override("en"):
            page = PlanPage(plan, *plan_of(plan))
            assert len(page.unfit) == 4 and {len(held) for _reason, held in page.unfit} == {1}
        sheets = pypdfium2.PdfDocument(sheets_pdf(workshop, plan))
        printed = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in sheets)
        numbers = [one.project.number for one in parts.values()]
    shown = owner_client.get(f"/app/atelier-vulcain/series/cuisson/{plan.pk}/").content.decode()
    banners = shown[shown.index('class="oven-left"') :]
    for number in numbers:
        assert number in banners and number in printed
    assert banners.count('class="oven-left"') == 5
    assert f"{9 - openings(plan)} × Vantail" in banners


@pytest.mark.parametrize("number", range(6))
def test_what_fits_in_short_hours_keeps_every_rule(number: int) -> None:
    data = random_problem(500 + number)
    instance = read_instance({**data, "schedule": True, "calendar": [[0, 95], [200, 290]]})
    plan, beyond = within_hours(instance)
    assert problems_of(less(instance, beyond), plan) == []
