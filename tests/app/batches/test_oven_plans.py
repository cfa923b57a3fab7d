"""Plans: what is asked, what the search keeps, what is adopted, what is put right by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from app.audit.models import AuditEntry
from app.batches import tasks
from app.batches.models import Oven, OvenDay, OvenLoad, OvenLoadPart, OvenPlan
from app.batches.oven_constants import LoadState, PlanState
from app.batches.oven_pages import LoadPicture, PlanPage, gain_of
from app.batches.oven_selectors import list_curable_parts, list_lost_plans
from app.batches.planner import solve
from app.batches.planner.plan import Load, Plan
from app.batches.sequence import in_order
from app.batches.services import searching
from app.batches.services.adjusting import check_items, move_items, move_load, move_piece
from app.batches.services.adopting import adopt_plan, ask_sheets, make_sheets
from app.batches.services.curing import start_load
from app.batches.services.planning import ask_plan, drop_plan, forget_plans, stop_plan
from app.batches.services.searching import plan_of, search_plan
from app.files.services import read_file
from app.kernel.errors import RuleError
from app.projects.models import Part, Project
from app.projects.selectors import list_steps
from app.projects.services.finishing import cancel_project
from app.projects.services.working import validate_step
from app.projects.sizes import size_of_line
from app.quotes.constants import Shape
from app.quotes.models import QuoteLine
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from app.workshops.services.sites import save_site
from tests import factories

from .ovens import found_plan, oven, part, short_search

ACTOR = factories.ACTOR


def ask(workshop: Workshop, ovens: list[Any], parts: list[Part], **more: Any) -> OvenPlan:
    return ask_plan(workshop=workshop, actor=ACTOR, ovens=ovens, part_pks=[held.pk for held in parts], **more)


@pytest.mark.spec("BAT-12", "BAT-14", "BEY-02")
def test_parts_are_put_into_loads_that_the_independent_rules_accept(in_scope: Workshop) -> None:
    held, powder, other = oven(in_scope), factories.powder(in_scope), factories.powder(in_scope)
    parts = [part(in_scope, powder, pieces=6), part(in_scope, other, pieces=2, days=1), part(in_scope, powder)]
    plan = found_plan(in_scope, [held], parts)
    assert (plan.state, plan.progress, plan.refusal) == (PlanState.DONE, 100, "")
    instance, found = plan_of(plan)
    searching.require_valid(instance, found)
    assert sorted(item.part for load in found.loads for item in load.items) == sorted(
        [parts[0].code] * 6 + [parts[1].code] * 2 + [parts[2].code]
    )
    assert plan.figures is not None and plan.figures["loads"] == len(found.loads)
    assert gain_of(plan) is not None


@pytest.mark.spec("BAT-14")
def test_the_most_urgent_powder_goes_first_and_the_reason_says_so(in_scope: Workshop) -> None:
    held, powder, other = oven(in_scope), factories.powder(in_scope), factories.powder(in_scope)
    later, sooner = part(in_scope, powder, days=9), part(in_scope, other, days=0)
    plan = found_plan(in_scope, [held], [later, sooner])
    page = PlanPage(plan, *plan_of(plan))
    assert [line.parts[0].words["part"] for line in page.loads] == [sooner.pk, later.pk]
    first, second = (" ".join(reason.text for reason in line.reasons) for line in page.loads)
    assert sooner.project.number in first and "2" in first
    assert "10 min" in second  # the change of powder


@pytest.mark.spec("BAT-12")
def test_a_part_larger_than_the_oven_is_reported_and_the_rest_planned(in_scope: Workshop) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    large, fine = part(in_scope, powder, length_mm=12_000), part(in_scope, powder)
    plan = found_plan(in_scope, [held], [large, fine])
    page = PlanPage(plan, *plan_of(plan))
    with override("en"):
        [(reason, unfit)] = page.unfit
    assert "its size" in reason and [words["part"] for words in unfit] == [large.pk]
    assert [line.pieces for line in page.loads] == [1]


@pytest.mark.spec("BAT-12")
def test_a_part_without_size_curing_or_at_another_site_is_said_not_to_be_planned(in_scope: Workshop) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    away = part(in_scope, powder)
    Project.objects.filter(pk=away.project_id).update(
        site=save_site(workshop=in_scope, actor=ACTOR, name="Annecy")
    )  # fmt: skip
    uncured = factories.powder(in_scope, curing_minutes=None, curing_temperature_c=None)
    lacking = [part(in_scope, powder, width_mm=None), part(in_scope, uncured), away]
    plan = ask(in_scope, [held], [*lacking, part(in_scope, powder)])
    reasons = {row["part"]: row["reason"] for row in plan.subject["left_out"]}
    assert set(reasons) == {one.pk for one in lacking}
    assert len(set(reasons.values())) == 3
    with pytest.raises(RuleError):
        ask(in_scope, [held], lacking)


def test_nothing_to_cure_no_oven_and_ovens_that_differ_are_refused(in_scope: Workshop) -> None:
    held, longer, powder = oven(in_scope), oven(in_scope, name="Grand", length_mm=7000), factories.powder(in_scope)
    waiting = [part(in_scope, powder)]
    for ovens, parts, field in (([held], [], "parts"), ([], waiting, "ovens"), ([held, longer], waiting, "ovens")):
        with pytest.raises(RuleError) as refusal:
            ask(in_scope, ovens, parts)
        assert refusal.value.field == field
    with pytest.raises(RuleError):
        ask(in_scope, [held], waiting, starts_at=timezone.now() + timedelta(days=800))
    assert not OvenPlan.objects.exists()


def test_thousands_of_pieces_are_refused_with_the_most_that_a_plan_holds(in_scope: Workshop) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    with pytest.raises(RuleError, match="5000"):
        ask(in_scope, [held], [part(in_scope, powder, pieces=5001)])


@pytest.mark.spec("BEY-02")
def test_a_plan_that_breaks_a_rule_is_never_kept(in_scope: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    honest = solve.plan_oven

    def corrupted(instance: Any, **options: Any) -> Plan:
        plan = honest(instance, **options)
        load = plan.loads[0]
        return replace(plan, loads=(replace(load, items=tuple(replace(item, x=0) for item in load.items)),))

    monkeypatch.setattr(solve, "plan_oven", corrupted)
    plan = found_plan(in_scope, [held], [part(in_scope, powder)])
    assert (plan.state, plan.result) == (PlanState.FAILED, None)
    assert plan.refusal
    with pytest.raises(RuleError):
        adopt_plan(workshop=in_scope, actor=ACTOR, plan=plan)


def test_an_oven_that_is_never_open_long_enough_leaves_the_parts_unplanned(in_scope: Workshop) -> None:
    held = oven(in_scope, week=[[[480, 500]]] + [[] for _day in range(6)])
    plan = found_plan(in_scope, [held], [part(in_scope, factories.powder(in_scope))])
    page = PlanPage(plan, *plan_of(plan))
    with override("en"):
        [(reason, unfit)] = page.unfit
    assert (plan.state, len(unfit), page.loads) == (PlanState.DONE, 1, [])
    assert "longest opening" in reason
    assert not plan.is_adoptable


def test_a_search_that_is_stopped_before_it_starts_is_given_up(in_scope: Workshop) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    plan = ask(in_scope, [held], [part(in_scope, powder)])
    stop_plan(workshop=in_scope, actor=ACTOR, plan=plan)
    search_plan(workshop_id=in_scope.pk, plan_pk=plan.pk)
    plan.refresh_from_db()
    assert (plan.state, plan.result) == (PlanState.CANCELLED, None)


def test_a_search_that_is_stopped_keeps_the_plan_it_has(in_scope: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    plan = ask(in_scope, [held], [part(in_scope, powder, pieces=9)])
    plan.problem["time_limit_s"] = 60
    plan.save()
    looks = []
    honest = searching._Keeper.is_stopped

    def stop_at_the_second_look(keeper: Any, *, share: float) -> bool:
        looks.append(share)
        if len(looks) == 2:
            stop_plan(workshop=in_scope, actor=ACTOR, plan=plan)
        return honest(keeper, share=share)

    monkeypatch.setattr(searching, "LOOK_S", 0.2)
    monkeypatch.setattr(searching._Keeper, "is_stopped", stop_at_the_second_look)
    search_plan(workshop_id=in_scope.pk, plan_pk=plan.pk)
    plan.refresh_from_db()
    assert plan.state == PlanState.DONE
    assert plan.is_adoptable and max(looks) < 0.5  # long before its minute was over


def test_each_better_plan_is_told_while_the_search_goes_on(in_scope: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    plan = ask(in_scope, [held], [part(in_scope, powder, pieces=4)])
    plan.problem["time_limit_s"] = 60
    plan.save()
    honest, told = solve.plan_oven, []

    def slowly(instance: Any, *, cancelled: Any = None, progress: Any = None) -> Plan:
        found = honest(replace(instance, time_limit_s=0.4))
        if progress is None:  # the first plan: every piece alone
            alone = [Load(load.family, (item,), 0) for load in found.loads for item in load.items]
            return in_order(instance, Plan(tuple(alone)), [range(len(alone))])
        progress(0.1, 1e6, lambda: pytest.fail("a worse plan is not asked for"))
        progress(0.2, 0.0, lambda: found)
        cancelled.wait(20)
        return found

    def stop_when_told(keeper: Any, *, share: float) -> bool:
        told.append(OvenPlan.objects.get().found)
        return len(told[-1]) > 1 or len(told) > 400

    monkeypatch.setattr(solve, "plan_oven", slowly)
    monkeypatch.setattr(searching, "LOOK_S", 0.05)
    monkeypatch.setattr(searching._Keeper, "is_stopped", stop_when_told)
    search_plan(workshop_id=in_scope.pk, plan_pk=plan.pk)
    plan.refresh_from_db()
    assert [row["loads"] for row in told[-1]] == [4, 1]  # before the search ended
    assert plan.figures is not None and plan.figures["loads"] == 1


def test_a_search_is_done_once_and_taken_over_when_its_worker_is_lost(in_scope: Workshop) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    plan = found_plan(in_scope, [held], [part(in_scope, powder)])
    OvenPlan.objects.update(state=PlanState.RUNNING, seen_at=timezone.now(), result=None)
    search_plan(workshop_id=in_scope.pk, plan_pk=plan.pk)
    assert OvenPlan.objects.get().result is None  # another worker is at it
    OvenPlan.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    search_plan(workshop_id=in_scope.pk, plan_pk=plan.pk)
    assert OvenPlan.objects.get().state == PlanState.DONE


def test_a_plan_nobody_searches_is_found_by_the_sweep(workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        plan = ask(workshop, [oven(workshop)], [part(workshop, factories.powder(workshop))])
        OvenPlan.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert list_lost_plans(timedelta(minutes=2)) == [(workshop.pk, plan.pk)]


@pytest.mark.spec("BAT-14", "BAT-18")
def test_an_adopted_plan_becomes_loads_and_replaces_those_not_started(in_scope: Workshop) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    waiting = part(in_scope, powder, pieces=40)
    plan = found_plan(in_scope, [held], [waiting])
    loads = adopt_plan(workshop=in_scope, actor=ACTOR, plan=plan)
    assert len(loads) > 1
    assert sum(row.pieces for row in OvenLoadPart.objects.all()) == 40
    assert [load.number for load in loads] == list(range(1, len(loads) + 1))
    assert all(load.fill and load.mass_kg and load.planned_end > load.planned_start for load in loads)
    assert AuditEntry.objects.filter(action="oven_plan.adopted").exists()
    assert list_curable_parts() == []
    start_load(workshop=in_scope, actor=ACTOR, load=loads[0])
    again = found_plan(in_scope, [held], [waiting])
    kept = OvenLoadPart.objects.get(load=loads[0]).pieces
    assert sum(len(load.items) for load in plan_of(again)[1].loads) == 40 - kept
    adopt_plan(workshop=in_scope, actor=ACTOR, plan=again)
    states = set(OvenLoad.objects.filter(plan=plan).exclude(pk=loads[0].pk).values_list("state", flat=True))
    assert states == {LoadState.CANCELLED}
    assert OvenLoad.objects.get(pk=loads[0].pk).state == LoadState.IN_OVEN


def test_a_plan_is_adopted_once_and_not_when_its_parts_have_gone(in_scope: Workshop) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    waiting = part(in_scope, powder)
    first, second = (found_plan(in_scope, [held], [waiting]) for _time in range(2))
    [load] = adopt_plan(workshop=in_scope, actor=ACTOR, plan=first)
    with pytest.raises(RuleError):
        adopt_plan(workshop=in_scope, actor=ACTOR, plan=first)
    start_load(workshop=in_scope, actor=ACTOR, load=load)
    with pytest.raises(RuleError, match=waiting.project.number):
        adopt_plan(workshop=in_scope, actor=ACTOR, plan=second)
    assert OvenLoad.objects.count() == 1


LAID: list[dict[str, Any]] = [
    {"curing_celsius": 200}, {"curing_minutes": 12}, {"coats": 2}, {"primer": True}, {"varnish": True},
    {"powder": "another"},
]  # fmt: skip
SIZED: list[dict[str, Any]] = [{"length_mm": 1001}, {"mass_kg": Decimal(900)}, {"turning": "fixed"}, {"carry": "flat"}]


def refused_for(held: Part, changes: list[dict[str, Any]], act: Callable[[], object]) -> None:
    """Each change of a part, by a statement that nothing watches, makes the act refused; the part is put right again."""
    for change in changes:
        wanted = {"powder": factories.powder(held.workshop)} if "powder" in change else change
        Part.objects.filter(pk=held.pk).update(**wanted)
        with pytest.raises(RuleError, match=held.project.number):
            act()
        held.save()


@pytest.mark.spec("BAT-01", "BAT-05", "BEY-02")
def test_no_load_is_made_nor_started_with_a_part_that_became_something_else(in_scope: Workshop) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    waiting, other = part(in_scope, powder), part(in_scope, powder)
    plan = found_plan(in_scope, [held], [waiting, other])
    refused_for(waiting, LAID + SIZED, lambda: adopt_plan(workshop=in_scope, actor=ACTOR, plan=plan))
    for change in (
        {"height_mm": 1500},
        {"wall_mm": 120},
        {"max_load_kg": 20},
        {"rails_y": [750]},
        {"one_level": False},
    ):
        Oven.objects.filter(pk=held.pk).update(**change)
        with pytest.raises(RuleError):
            adopt_plan(workshop=in_scope, actor=ACTOR, plan=plan)
        held.save()
    assert not OvenLoad.objects.exists()
    [load] = adopt_plan(workshop=in_scope, actor=ACTOR, plan=plan)
    refused_for(waiting, LAID, lambda: start_load(workshop=in_scope, actor=ACTOR, load=load))
    load.refresh_from_db()
    assert load.state == LoadState.PLANNED
    start_load(workshop=in_scope, actor=ACTOR, load=load)


@pytest.mark.spec("BEY-02")
def test_the_parts_of_a_cancelled_project_go_into_no_oven(in_scope: Workshop) -> None:
    waiting = part(in_scope, factories.powder(in_scope))
    [load] = adopt_plan(workshop=in_scope, actor=ACTOR, plan=found_plan(in_scope, [oven(in_scope)], [waiting]))
    cancel_project(workshop=in_scope, actor=ACTOR, project=waiting.project, reason="Client parti")
    with pytest.raises(RuleError, match=waiting.project.number):
        start_load(workshop=in_scope, actor=ACTOR, load=load)


def test_a_plan_given_up_is_not_adopted(in_scope: Workshop) -> None:
    plan = found_plan(in_scope, [oven(in_scope)], [part(in_scope, factories.powder(in_scope))])
    drop_plan(workshop=in_scope, actor=ACTOR, plan=plan)
    for act in (drop_plan, adopt_plan):
        with pytest.raises(RuleError):
            act(workshop=in_scope, actor=ACTOR, plan=plan)


def test_what_is_past_its_curing_does_not_wait_for_an_oven(in_scope: Workshop) -> None:
    waiting = part(in_scope, factories.powder(in_scope))
    seen = []
    for step in list_steps(waiting.project):
        seen.append((step.lays_powder, len(list_curable_parts())))
        if step != list_steps(waiting.project)[-1]:
            validate_step(workshop=in_scope, actor=ACTOR, step=step, answers=["pass"] * len(step.checklist))
    laid = next(rank for rank, (lays, _many) in enumerate(seen) if lays)
    assert [many for _lays, many in seen] == [1] * (laid + 2) + [0] * (len(seen) - laid - 2)


@pytest.mark.spec("BEY-02")
def test_a_piece_is_moved_where_the_rules_allow_it_and_nowhere_else(in_scope: Workshop) -> None:
    plan = found_plan(in_scope, [oven(in_scope)], [part(in_scope, factories.powder(in_scope), pieces=2)])
    assert plan.result is not None
    items = [dict(item) for item in plan.result["loads"][0]["items"]]
    apart = [{**items[0], "x": 100, "y": 100, "rot": "lwh"}, {**items[1], "x": 1500, "y": 700, "rot": "lwh"}]
    assert check_items(plan=plan, rank=0, items=apart)["wrong"] == []
    near = [apart[0], {**apart[1], "x": 1149, "y": 100}]
    assert check_items(plan=plan, rank=0, items=near)["wrong"] == [0, 1]
    outside = [apart[0], {**apart[1], "x": 2500}]
    assert check_items(plan=plan, rank=0, items=outside)["wrong"] == [1]
    moved = move_items(workshop=in_scope, actor=ACTOR, plan=plan, rank=0, items=apart)
    assert moved.result is not None and moved.result["loads"][0]["items"] == apart
    assert moved.is_adjusted
    for wrong in (near, outside, apart[:1], [{**apart[0], "x": "100"}, apart[1]], [{"part": 1}]):
        with pytest.raises(RuleError):
            move_items(workshop=in_scope, actor=ACTOR, plan=plan, rank=0, items=wrong)  # type: ignore[arg-type]
    assert OvenPlan.objects.get().result == moved.result


@pytest.mark.spec("BAT-14")
def test_loads_are_put_in_another_order_and_their_hours_follow(in_scope: Workshop) -> None:
    powders = [factories.powder(in_scope) for _time in range(3)]
    plan = found_plan(
        in_scope, [oven(in_scope)], [part(in_scope, powder, days=day) for day, powder in enumerate(powders)]
    )  # fmt: skip
    before = [load.family for load in plan_of(plan)[1].loads]
    moved = move_load(workshop=in_scope, actor=ACTOR, plan=plan, rank=2, oven=0, place=0)
    instance, found = plan_of(moved)
    assert [load.family for load in found.loads] == [before[2], before[0], before[1]]
    searching.require_valid(instance, found)
    assert [load.start for load in found.loads] == [0, 50, 100]  # 40 min each, 10 min between two powders
    for rank, goal in ((7, 0), (0, 4)):
        with pytest.raises(RuleError):
            move_load(workshop=in_scope, actor=ACTOR, plan=plan, rank=rank, oven=goal, place=0)


def test_a_piece_goes_into_another_load_of_its_powder_where_there_is_room(in_scope: Workshop) -> None:
    powder, other = factories.powder(in_scope), factories.powder(in_scope)
    later = timezone.localdate() + timedelta(days=2)
    first, second, third = part(in_scope, powder, days=0), part(in_scope, powder), part(in_scope, other)
    Project.objects.filter(pk=second.project_id).update(dropped_on=later)
    plan = found_plan(in_scope, [oven(in_scope)], [first, second, third])
    ranks = {load.items[0].part: rank for rank, load in enumerate(plan_of(plan)[1].loads)}
    assert len(ranks) == 3  # the first is promised today, the second comes in two days
    with pytest.raises(RuleError):
        move_piece(
            workshop=in_scope, actor=ACTOR, plan=plan, rank=ranks[third.code], item=0, target=ranks[first.code]
        )  # fmt: skip
    moved = move_piece(
        workshop=in_scope, actor=ACTOR, plan=plan, rank=ranks[first.code], item=0, target=ranks[second.code]
    )  # fmt: skip
    instance, found = plan_of(moved)
    searching.require_valid(instance, found)
    assert sorted(len(load.items) for load in found.loads) == [1, 2]


@pytest.mark.spec("BAT-13")
def test_a_load_is_drawn_and_listed_with_the_place_of_each_piece(in_scope: Workshop) -> None:
    plan = found_plan(in_scope, [oven(in_scope)], [part(in_scope, factories.powder(in_scope), pieces=3)])
    instance, found = plan_of(plan)
    picture = LoadPicture(instance, found.loads[0], plan.subject)
    assert [piece.number for piece in picture.pieces] == [1, 2, 3]
    assert all(piece.top == piece.item.z + piece.dz + 100 for piece in picture.pieces)
    assert {held["at"] for held in picture.as_json()["pieces"]} == {0, 1, 2}
    assert 0 < picture.fill_percent <= 100


@pytest.mark.spec("BAT-13")
def test_load_sheets_are_made_once_and_again_after_a_change(in_scope: Workshop) -> None:
    plan = found_plan(in_scope, [oven(in_scope)], [part(in_scope, factories.powder(in_scope), pieces=3)])
    ask_sheets(workshop=in_scope, plan=plan)
    make_sheets(workshop=in_scope, plan_pk=plan.pk)
    plan.refresh_from_db()
    assert plan.sheets_file_id and read_file(plan.sheets_file_id).startswith(b"%PDF")
    made = plan.sheets_file_id
    make_sheets(workshop=in_scope, plan_pk=plan.pk)
    plan.refresh_from_db()
    assert plan.sheets_file_id == made
    items = plan.result["loads"][0]["items"] if plan.result else []
    move_items(workshop=in_scope, actor=ACTOR, plan=plan, rank=0, items=items)
    assert OvenPlan.objects.get().sheets_file_id is None


def test_identical_ovens_work_side_by_side(in_scope: Workshop) -> None:
    ovens = [oven(in_scope), oven(in_scope, name="Four 2")]
    plan = found_plan(in_scope, ovens, [part(in_scope, factories.powder(in_scope), days=0) for _time in range(2)])
    assert sorted(load.oven for load in plan_of(plan)[1].loads) == [0, 1]
    loads = adopt_plan(workshop=in_scope, actor=ACTOR, plan=plan)
    assert {load.oven_id for load in loads} == {held.pk for held in ovens}
    assert {load.mass_kg for load in OvenLoad.objects.all()} == {Decimal(12)}


def test_the_search_keeps_to_the_opening_hours(in_scope: Workshop) -> None:
    week = [[[480, 530]] for _day in range(7)]
    held = oven(in_scope, week=week)
    plan = found_plan(in_scope, [held], [part(in_scope, factories.powder(in_scope)) for _time in range(2)])
    page = PlanPage(plan, *plan_of(plan))
    assert {line.starts_at.hour for line in page.loads} == {8}
    assert len({line.starts_at.date() for line in page.loads}) == 2


def test_a_load_in_the_oven_keeps_it_until_its_end(in_scope: Workshop) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    plan = found_plan(in_scope, [held], [part(in_scope, powder)])
    [load] = adopt_plan(workshop=in_scope, actor=ACTOR, plan=plan)
    start_load(workshop=in_scope, actor=ACTOR, load=load)
    after = found_plan(in_scope, [held], [part(in_scope, powder)])
    [line] = PlanPage(after, *plan_of(after)).loads
    assert line.starts_at >= timezone.localtime() + timedelta(minutes=40)


def test_a_part_that_another_oven_has_planned_is_not_planned_twice(in_scope: Workshop) -> None:
    short, long = oven(in_scope), oven(in_scope, name="Grand", length_mm=7000)
    powder = factories.powder(in_scope)
    first, second = part(in_scope, powder), part(in_scope, powder)
    adopt_plan(workshop=in_scope, actor=ACTOR, plan=found_plan(in_scope, [short], [first]))
    plan = ask(in_scope, [long], [first, second])
    assert [row["part"] for row in plan.subject["left_out"]] == [first.pk]
    assert [row["id"] for row in plan.problem["parts"]] == [second.code]


def test_old_plans_that_nobody_adopted_are_forgotten(in_scope: Workshop) -> None:
    held, powder = oven(in_scope), factories.powder(in_scope)
    kept = found_plan(in_scope, [held], [part(in_scope, powder)])
    adopt_plan(workshop=in_scope, actor=ACTOR, plan=kept)
    ask(in_scope, [held], [part(in_scope, powder)])
    assert forget_plans() == 0
    OvenPlan.objects.update(created_at=timezone.now() - timedelta(days=61))
    assert forget_plans() == 1
    assert OvenPlan.objects.get() == kept


def test_the_jobs_search_sweep_keep_the_days_and_make_the_sheets(workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        short_search(workshop)
        plan = ask(workshop, [oven(workshop)], [part(workshop, factories.powder(workshop))])
    tasks.search_plan(workshop_id=workshop.pk, plan_pk=plan.pk)
    with workshop_scope(workshop.pk):
        assert OvenPlan.objects.get().state == PlanState.DONE
        ask_sheets(workshop=workshop, plan=plan)
    tasks.make_sheets(workshop_id=workshop.pk, plan_pk=plan.pk)
    tasks.sweep_ovens()
    tasks.keep_every_oven_day()
    with workshop_scope(workshop.pk):
        assert OvenPlan.objects.get().sheets_file_id
        assert OvenDay.objects.count() == 2


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (Shape.BOX, (900, 400, 300)), (Shape.SQUARE_TUBE, (900, 400, 300)), (Shape.ROUND_TUBE, (900, 400, 400)),
        (Shape.PLATE, (900, None, 400)), (Shape.SURFACE, (None, None, None)),
    ],
)  # fmt: skip
def test_a_part_takes_the_size_that_its_quote_measured_and_nothing_is_invented(
    shape: Shape, expected: tuple[int | None, int | None, int | None]
) -> None:
    size = size_of_line(QuoteLine(shape=shape, length_mm=900, width_mm=400, height_mm=300))
    assert tuple(size.get(name) for name in ("length_mm", "width_mm", "height_mm")) == expected
