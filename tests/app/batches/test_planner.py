"""Plans of oven loads: every one is valid, the obvious ones are found, a wrong file is told line by line."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from app.batches.first_come import plan_first_come
from app.batches.planner.files import read_plan, write_plan
from app.batches.planner.instance import InstanceError, read_instance, read_tolerantly
from app.batches.planner.plan import Item, Load, Plan, PlanError, cost_of, problems_of, tardiness_of
from app.batches.planner.solve import plan_oven
from devtools.paths import REPOSITORY

from .instances import part, problem, random_problem

COSTS = {"load_cost": 40, "oven_minute_cost": 0.2, "changeover_cost": 15, "tardiness_cost": 0.02}


def solve(**changes: Any) -> Plan:
    """With a clock that counts looks: as many steps however busy the machine."""
    return plan_oven(read_instance(problem(**{"time_limit_s": 0.75, **changes})), clock=count(step=0.005).__next__)


@pytest.mark.parametrize("number", range(24))
def test_every_plan_keeps_every_rule(number: int) -> None:
    instance = read_instance(random_problem(number))
    assert problems_of(instance, plan_oven(instance)) == []


def test_what_fills_the_oven_exactly_is_one_load() -> None:
    plan = solve(parts=[part(l=500, w=500, h=500, qty=8)])
    assert len(plan.loads) == 1
    assert len(solve(parts=[part(l=500, w=500, h=500, qty=9)]).loads) == 2


@pytest.mark.parametrize(
    ("clearance", "hanging", "loads"),
    [
        ({}, {}, 1),
        ({"gap": 1}, {}, 8),
        ({"wall": 1}, {}, 4),
        ({"floor": 1}, {}, 2),
        ({}, {"hook": 1}, 2),
        ({}, {"tiers": 1}, 2),
        ({}, {"rails_y": [250, 750]}, 1),
        ({}, {"rails_y": [500]}, 2),
    ],
)
def test_gaps_walls_hooks_levels_and_rails_take_room(
    clearance: dict[str, int], hanging: dict[str, Any], loads: int
) -> None:
    plan = solve(parts=[part(l=500, w=500, h=500, qty=8)], clearance=clearance, hanging=hanging)
    assert len(plan.loads) == loads


def test_a_piece_that_no_oven_takes_is_named_and_the_rest_is_planned() -> None:
    lines = [part(), part(id="B", l=1001, qty=3), part(id="C", kg=600), part(id="D", l=10_000_000)]
    plan = solve(parts=lines, oven={"L": 1000, "W": 1000, "H": 1000, "max_load_kg": 500})
    assert plan.unplaced == ("B", "C", "D")
    assert sum(len(load.items) for load in plan.loads) == 2


def test_a_piece_is_turned_when_it_may() -> None:
    tall = part(l=100, w=100, h=1200, qty=1)
    assert solve(parts=[tall]).unplaced == ("A",)
    [load] = solve(parts=[{**tall, "rot": ["lwh", "hwl"]}], oven={"L": 1300, "W": 500, "H": 1000}).loads
    assert load.items[0].turn == "hwl"


@pytest.mark.parametrize("schedule", [False, True])
def test_an_odd_width_may_hang_half_a_millimetre_off_its_rail_on_either_side(schedule: bool) -> None:
    """Between walls at 50 and 388, 243 mm under a rail at 267 stand from 145 on, and not from 146 on."""
    data = problem(
        oven={"L": 839, "W": 438, "H": 1000}, clearance={"wall": 50}, hanging={"rails_y": [267]}, schedule=schedule,
        parts=[part(l=500, w=243, h=400, qty=3, rot=["lwh"]), part(id="B", l=100, w=243, h=900, rot=["lwh"], qty=1)],
    )  # fmt: skip
    instance = read_instance(data)
    plan = plan_oven(instance)
    assert problems_of(instance, plan) == []
    assert {item.y for load in plan.loads for item in load.items} == {145}
    by_hand = plan_first_come(instance)
    assert problems_of(instance, by_hand) == []
    assert len(by_hand.loads) == 2


def test_mass_makes_more_loads() -> None:
    oven = {"L": 1000, "W": 1000, "H": 1000, "max_load_kg": 100}
    assert len(solve(parts=[part(l=100, w=100, h=100, kg=40, qty=4)], oven=oven).loads) == 2


def test_two_families_never_share_a_load() -> None:
    plan = solve(parts=[part(qty=1), part(id="B", family="satin", qty=1)])
    assert sorted(load.family for load in plan.loads) == ["mat", "satin"]


def test_the_urgent_family_goes_first_and_hours_are_kept() -> None:
    parts = [part(due=1000), part(id="B", family="satin", due=500)]
    plan = solve(parts=parts, schedule=True, objective=COSTS, changeover_min=10, calendar=[[480, 500], [900, 960]])
    times = sorted((load.start, load.end, load.family) for load in plan.loads)
    assert times == [(480, 500, "satin"), (900, 930, "mat")]


def test_waiting_for_a_late_part_is_weighed_against_another_load() -> None:
    parts = [part(l=300, w=300, h=300, qty=1, due=40), part(id="B", l=300, w=300, h=300, qty=1, release=2000)]
    cheap = solve(parts=parts, schedule=True, objective=COSTS)
    assert len(cheap.loads) == 1
    dear = solve(parts=parts, schedule=True, objective={**COSTS, "tardiness_cost": 1})
    assert len(dear.loads) == 2


def test_hours_that_are_too_short_are_said() -> None:
    with pytest.raises(PlanError, match="opening hours"):
        solve(parts=[part(l=900, w=900, h=900)], schedule=True, objective=COSTS, calendar=[[0, 40]])


def test_nothing_to_plan_is_an_empty_plan() -> None:
    assert solve(parts=[]) == Plan(())
    assert solve(parts=[part(qty=0)]) == Plan(())


def test_a_search_is_stopped_and_tells_how_it_goes() -> None:
    stop, heard = Event(), []
    stop.set()
    data = random_problem(3)
    instance = replace(read_instance({**data, "schedule": True}), time_limit_s=60)
    plan = plan_oven(instance, cancelled=stop, progress=lambda share, cost, _plan: heard.append((share, cost)))
    assert problems_of(instance, plan) == []


def test_hundreds_of_identical_pieces_are_planned_in_time() -> None:
    plan = solve(parts=[part(l=90, w=90, h=90, qty=5000)], time_limit_s=2)
    assert sum(len(load.items) for load in plan.loads) == 5000
    assert len(plan.loads) == 4  # 1331 in each


def valid() -> tuple[Any, Plan]:
    instance = read_instance(
        problem(
            parts=[part(qty=1), part(id="B", qty=1, release=100)], schedule=True, calendar=[[0, 1000]],
            oven={"L": 1000, "W": 1000, "H": 1000, "max_load_kg": 10}, clearance={"gap": 50, "wall": 10, "floor": 10},
            hanging={"rails_y": [210, 790]},
        )
    )  # fmt: skip
    items = (Item("A", 10, 10, 10, "lwh"), Item("B", 10, 590, 10, "lwh"))
    return instance, Plan((Load("mat", items, 0, 100, 130),))


def spoiled(plan: Plan, item: int | None = None, **changes: Any) -> Plan:
    [load] = plan.loads
    if item is None:
        return Plan((replace(load, **changes),), plan.unplaced)
    items = tuple(replace(held, **changes) if rank == item else held for rank, held in enumerate(load.items))
    return Plan((replace(load, items=items),), plan.unplaced)


def test_the_check_accepts_a_right_plan() -> None:
    assert problems_of(*valid()) == []


@pytest.mark.parametrize(
    ("item", "changes"),
    [
        (0, {"x": 9}),
        (0, {"z": 9}),
        (0, {"x": 700}),
        (0, {"y": 12}),
        (1, {"y": 450}),
        (0, {"turn": "hwl"}),
        (0, {"part": "B"}),
        (0, {"part": "Z"}),
        (None, {"items": ()}),
        (None, {"family": "satin"}),
        (None, {"start": 99, "end": 129}),
        (None, {"end": 131}),
        (None, {"start": 980, "end": 1010}),
        (None, {"oven": 1}),
    ],
)
def test_the_check_sees_each_broken_rule(item: int | None, changes: dict[str, Any]) -> None:
    instance, plan = valid()
    assert problems_of(instance, spoiled(plan, item, **changes)) != []


def test_the_check_sees_what_is_unplaced_for_no_reason_and_loads_that_meet() -> None:
    instance, plan = valid()
    assert problems_of(instance, replace(plan, unplaced=("A",))) != []
    halves = tuple(Load("mat", (held,), 0, start, start + 30)
                   for held, start in zip(plan.loads[0].items, (100, 129), strict=True))  # fmt: skip
    assert problems_of(instance, Plan(halves)) != []
    apart = (halves[0], replace(halves[1], start=130, end=160))
    assert problems_of(instance, Plan(apart)) == []


def test_a_cost_counts_loads_minutes_changes_and_lateness() -> None:
    parts = [part(qty=1, project="P", due=10, weight=2), part(id="B", family="satin", qty=1, project="P", due=90)]
    instance = read_instance(problem(parts=parts, schedule=True, objective=COSTS))
    loads = (
        Load("mat", (Item("A", 0, 0, 0, "lwh"),), 0, 0, 30),
        Load("satin", (Item("B", 0, 0, 0, "lwh"),), 0, 30, 50),
    )
    assert tardiness_of(instance, Plan(loads)) == 2 * (50 - 10)
    assert cost_of(instance, Plan(loads)) == pytest.approx(2 * 40 + 0.2 * 50 + 15 + 0.02 * 80)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": "autre"}, "format"),
        ({"parts": [part(l=0)]}, "parts[0] A l"),
        ({"parts": [part(w=-5)]}, "parts[0] A w"),
        ({"parts": [part(h="haut")]}, "parts[0] A h"),
        ({"parts": [part(l=10.5)]}, "parts[0] A l"),
        ({"parts": [part(qty=10_000_000)]}, "qty"),
        ({"parts": [part(family="inconnue")]}, "unknown family"),
        ({"parts": [part(rot=["xyz"])]}, "unknown orientation"),
        ({"parts": [part(carry="vole")]}, "carry"),
        ({"parts": [part(kg=-1)]}, "kg"),
        ({"parts": [part(), part()]}, "twice"),
        ({"parts": "rien"}, "parts"),
        ({"oven": {"L": 0, "W": 1, "H": 1}}, "oven L"),
        ({"oven": {}}, "oven W"),
        ({"oven": {"L": 10**9, "W": 1, "H": 1}}, "oven L"),
        ({"calendar": [[0, 100], [50, 200]]}, "overlap"),
        ({"calendar": [[100, 50]]}, "closes before"),
        ({"calendar": [[1]]}, "calendar[0]: a pair"),
        ({"calendar": ["ab"]}, "calendar[0]: a pair"),
        ({"calendar": "always"}, "calendar: a list"),
        ({"calendar": [[0, None]]}, "calendar[0] closes"),
        ({"calendar": [[0, 10**400]]}, "calendar[0] closes"),
        ({"hanging": {"tiers": 3}}, "tiers"),
        ({"time_limit_s": float("nan")}, "time_limit_s"),
        ({"parts": [part(l=float("inf"))]}, "parts[0] A l"),
        ({"parts": [part(h=float("nan"))]}, "parts[0] A h"),
        ({"parts": [part(rot=7)]}, "parts[0] A rot"),
        ({"parts": [part(rot=[["lwh"]])]}, "unknown orientation"),
        ({"hanging": {"rails_y": "six"}}, "rails_y"),
        ({"hanging": {"rails_y": [float("inf")]}}, "rails_y"),
        ({"calendar": [[0, float("inf")]]}, "calendar[0] closes"),
        ({"hanging": {"rails_y": [250.7]}}, "rails_y"),
        ({"hanging": {"rails_y": [10**400]}}, "rails_y"),
        ({"parts": [part(l=10**400)]}, "parts[0] A l"),
        ({"parts": [part(h=1e308)]}, "parts[0] A h"),
        ({"parts": [part(due=-(10**400))]}, "parts[0] A due"),
        ({"parts": [part(id=[1])]}, "parts[0]: id is not a name"),
        ({"parts": [part(id=True)]}, "parts[0]: id is not a name"),
        ({"parts": [part(project={})]}, "parts[0] A: project is not a name"),
        ({"parts": [part(weight=1e308)]}, "parts[0] A weight"),
        ({"schedule": "no"}, "schedule"),
        ({"schedule": True, "families": [{"id": "mat"}]}, "families[0] cycle_min"),
        ({"time_limit_s": 1e11}, "time_limit_s"),
    ],
)
def test_a_wrong_file_is_told_where(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InstanceError) as error:
        read_instance(problem(**changes))
    assert any(said in text for text in error.value.problems), error.value.problems


@pytest.mark.parametrize("value", ["x" * 5000, 10**400, "\ud800", ["y"] * 900])
def test_a_wrong_value_is_repeated_in_short(value: Any) -> None:
    lines = [part(rot=[value]), part(id="B", l=value), part(id="C", family=value), part(id=value), part(id=value)]
    for text in read_tolerantly(problem(parts=lines)).problems:
        assert len(text) < 200
        text.encode()


def test_hours_of_which_one_cannot_be_read_are_the_others() -> None:
    reading = read_tolerantly(problem(calendar=[[0, 100], ["?", 300], [400, 480]]))
    assert reading.instance.calendar == ((0, 100), (400, 480))
    assert len(reading.problems) == 1


def test_a_time_between_two_minutes_is_the_one_that_breaks_nothing() -> None:
    line = part(release=10.2, due=99.9)
    instance = read_instance(problem(parts=[line], schedule=True, changeover_min=4.5, calendar=[[0.5, 500.5]]))
    assert (instance.lines[0].release, instance.lines[0].due) == (11, 99)
    assert (instance.changeover_min, instance.calendar) == (5, ((1, 500),))


def test_names_that_are_numbers_stay_numbers(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    lines = [part(id=7, family=1), part(id=8, family=1, l=5000), part(id="9", family=1)]
    source.write_text(json.dumps(problem(families=[{"id": 1, "cycle_min": 5}], parts=lines)))
    call_command("plan_oven", input=source, output=target)
    written = json.loads(target.read_text())
    [load] = written["loads"]
    assert (load["family"], written["unplaced"]) == (1, [8])
    assert [item["part"] for item in load["items"]] == [7, 7, "9", "9"]


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(InstanceError) as error:
        read_instance(problem(parts=[part(l=0), part(id="B", w=0)], oven={"L": 0, "W": 1, "H": 1}))
    assert len(error.value.problems) == 3


def test_the_command_writes_a_plan_that_reads_back(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(json.dumps(problem()))
    call_command("plan_oven", input=source, output=target)
    written = json.loads(target.read_text())
    instance = read_instance(problem())
    plan = read_plan(written)
    assert problems_of(instance, plan) == []
    assert write_plan(instance, plan) == written


def test_the_command_needs_neither_settings_nor_apps(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(json.dumps(problem()))
    command = [sys.executable, "manage.py", "plan_oven", "--input", str(source), "--output", str(target)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "nowhere.at_all"}
    subprocess.run(command, cwd=REPOSITORY, env=environment, check=True, capture_output=True)
    assert problems_of(read_instance(problem()), read_plan(json.loads(target.read_text()))) == []
    source.write_text("pas du json")
    refused = subprocess.run(command, cwd=REPOSITORY, env=environment, check=False, capture_output=True)
    assert refused.returncode == 1 and b"Expecting value" in refused.stderr and b"Traceback" not in refused.stderr


def test_a_wrong_line_is_told_and_the_rest_is_planned(tmp_path: Path) -> None:
    wrong = [part(id="Z", l=0), part(id="N", w=-5), part(id="K", h=10_000_000_000), part(id="U", family="inconnue"),
             part(id="A", qty=7), part(id="G", kg="lourd")]  # fmt: skip
    families = [*problem()["families"], {"id": "sans fin", "cycle_min": -1}]
    windows = [[500, 400], [0, 100], [50, 200]]
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(json.dumps(problem(parts=[part(), *wrong], families=families, calendar=windows, schedule=True)))
    said = StringIO()
    call_command("plan_oven", input=source, output=target, stderr=said)
    written = json.loads(target.read_text())
    assert [item["part"] for load in written["loads"] for item in load["items"]] == ["A", "A"]
    assert written["unplaced"] == ["Z", "N", "K", "U", "G"]
    lines = said.getvalue().splitlines()
    assert lines == written["problems"]
    for name in ("Z l", "N w", "K h", "U: unknown family inconnue", "A is there twice", "G kg", "families[2]", "overlap",
                 "closes before"):  # fmt: skip
        assert sum(name in line for line in lines) == 1, name


@pytest.mark.parametrize("number", range(6))
def test_windows_that_overlap_are_kept_one_by_one(number: int) -> None:
    windows = [[0, 70], [30, 130], [100, 400 + number]]
    parts = [part(qty=9, l=900), part(id="B", family="satin", qty=3, l=900, due=60 * number)]
    reading = read_tolerantly(problem(parts=parts, schedule=True, calendar=windows, objective=COSTS, changeover_min=5,
                                      oven={"L": 1000, "W": 1000, "H": 1000, "count": 2}))  # fmt: skip
    assert reading.problems and not reading.left_out
    assert problems_of(reading.instance, plan_oven(reading.instance)) == []


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.json"
    no_json = (b"", b"pas du json", b'{"name": "\xe9"}', b"[" * 100_000, b"1" * 5000)
    for written in (*no_json, json.dumps(problem(oven={"L": 0, "W": 1, "H": 1})).encode()):
        source.write_bytes(written)
        with pytest.raises(CommandError, match="not a JSON file" if written in no_json else "oven L"):
            call_command("plan_oven", input=source, output=target)
    with pytest.raises(CommandError):
        call_command("plan_oven", input=tmp_path / "rien.json", output=target)
    assert not target.exists()
