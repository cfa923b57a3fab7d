"""Batches on a tablet: what it shows, and opened, launched, closed once each."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from app.batches.models import Batch
from app.batches.recommending import recommended
from app.batches.services.adopting import adopt_plan
from app.batches.services.batching import open_batch_of
from app.batches.services.launching import launch_batch
from app.projects.models import Part, Photo, Project, Step
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches import ovens
from tests.app.batches.stage import parts_of, project_of, ready_project
from tests.app.projects.pictures import photo
from tests.queries import at_most

from .conftest import BASE, action

Send = Callable[..., Any]


@pytest.fixture
def projects(workshop: Workshop) -> list[Project]:
    with workshop_scope(workshop.pk):
        powder = factories.powder(workshop)
        return [ready_project(workshop, powder), ready_project(workshop, powder)]


def batches_of(client: Client) -> Any:
    return client.get(f"{BASE}journee/").json()["batches"]


@pytest.mark.spec("WSM-01")
def test_the_day_brings_the_recommended_batches_without_a_price(
    operator_client: Client, workshop: Workshop, projects: list[Project]
) -> None:
    [group] = batches_of(operator_client)["recommended"]
    assert (group["parts"], group["projects"], group["ready"]) == (2, 2, 2)
    assert group["powder"]["hex"] == "#383e42"
    assert not {"kg", "price", "stock_kg"} & set(group)


@pytest.mark.spec("WSM-01", "BAT-09")
def test_a_batch_is_opened_launched_and_closed_on_the_tablet(
    operator_client: Client, workshop: Workshop, projects: list[Project], send: Send
) -> None:
    [group] = batches_of(operator_client)["recommended"]
    opening = action("batch", {"act": "open", "group": group["key"], "project": group["project"]})
    for _again in range(2):
        [answer] = send(operator_client, opening)
        assert answer["outcome"] == "applied"
    [shown] = batches_of(operator_client)["current"]
    assert (shown["number"], shown["state"], len(shown["parts"]), shown["unready"]) == (
        answer["result"]["number"],
        "open",
        2,
        [],
    )
    for act, state in (("launch", "launched"), ("close", "closed")):
        [answer] = send(
            operator_client, action("batch", {"act": act, "batch": shown["pk"], "project": shown["project"]})
        )
        assert answer["outcome"] == "applied"
        with workshop_scope(workshop.pk):
            assert Batch.objects.get().state == state
    assert batches_of(operator_client) == {"current": [], "recommended": [], "loads": []}


@pytest.mark.spec("WSM-01")
def test_what_the_tablet_may_not_do_is_refused_and_told(
    operator_client: Client, workshop: Workshop, other_workshop: Workshop, projects: list[Project], send: Send
) -> None:
    with workshop_scope(other_workshop.pk):
        theirs = open_batch_of(workshop=other_workshop, actor=factories.ACTOR,
                               parts=parts_of(ready_project(other_workshop, factories.powder(other_workshop))))  # fmt: skip
    with workshop_scope(workshop.pk):
        late = project_of(workshop, projects[0].parts.get().powder)
        batch = open_batch_of(workshop=workshop, actor=factories.ACTOR, parts=parts_of(projects[0], late))
    project = projects[0].pk
    for payload in (
        {"act": "launch", "batch": batch.pk}, {"act": "close", "batch": batch.pk}, {"act": "launch", "batch": theirs.pk},
        {"act": "open", "group": "1-2-3"}, {"act": "open", "group": None}, {"act": "explode", "batch": batch.pk}, {},
    ):  # fmt: skip
        [answer] = send(operator_client, action("batch", {**payload, "project": project}))
        assert (answer["outcome"], bool(answer["reason"])) == ("refused", True), payload
    with workshop_scope(workshop.pk):
        assert Batch.objects.get().state == "open"


@pytest.mark.spec("WSM-01")
def test_the_checks_of_the_step_are_answered_on_the_tablet(
    operator_client: Client, workshop: Workshop, projects: list[Project], send: Send
) -> None:
    with workshop_scope(workshop.pk):
        step = projects[0].steps.get(lays_powder=True)
        step.checklist = ["Épaisseur"]
        step.save()
        batch = open_batch_of(workshop=workshop, actor=factories.ACTOR, parts=parts_of(*projects))
        launch_batch(workshop=workshop, actor=factories.ACTOR, batch=batch)
    [shown] = batches_of(operator_client)["current"]
    assert shown["checklist"] == ["Épaisseur"]
    closing = {"act": "close", "batch": batch.pk, "project": shown["project"]}
    [answer] = send(operator_client, action("batch", closing))
    assert answer["outcome"] == "refused"
    [answer] = send(operator_client, action("batch", {**closing, "answers": {"Épaisseur": "pass", "Autre": "non"}}))
    assert answer["outcome"] == "applied"


@pytest.mark.spec("WSM-01", "WSM-05")
def test_the_photo_that_a_step_wants_is_taken_on_the_tablet(
    operator_client: Client, workshop: Workshop, projects: list[Project], send: Send
) -> None:
    with workshop_scope(workshop.pk):
        steps = [project.steps.get(lays_powder=True) for project in projects]
        Step.objects.filter(pk__in=[step.pk for step in steps]).update(needs_photo=True)
        batch = open_batch_of(workshop=workshop, actor=factories.ACTOR, parts=parts_of(*projects))
    assert batches_of(operator_client)["current"][0]["photos"] == []  # not before it is launched
    with workshop_scope(workshop.pk):
        launch_batch(workshop=workshop, actor=factories.ACTOR, batch=batch)
    closing = {"act": "close", "batch": batch.pk, "project": projects[0].pk}
    for project, step in zip(projects, steps, strict=True):
        [answer] = send(operator_client, action("batch", closing))
        assert answer["outcome"] == "refused"
        assert project.number in answer["reason"]  # whose photo is missing is said
        taken = photo_of(operator_client, step)
        [answer] = send(operator_client, taken)
        assert answer["outcome"] == "applied"
        [shown] = batches_of(operator_client)["current"]
        assert [one["has"] for one in shown["photos"]] == [one.pk <= step.pk for one in steps]
    assert {(one["project"], one["number"], one["step"]) for one in shown["photos"]} == {
        (step.project_id, project.number, step.pk) for project, step in zip(projects, steps, strict=True)
    }
    [answer] = send(operator_client, action("batch", closing))
    assert answer["outcome"] == "applied"
    with workshop_scope(workshop.pk):
        assert Batch.objects.get().state == "closed"
        assert {photo.step_id for photo in Photo.objects.all()} == {step.pk for step in steps}


def photo_of(client: Client, step: Step) -> dict[str, Any]:
    """The action of a photo of a step, whose bytes are on the server."""
    content = photo(320, 240)
    sha256 = hashlib.sha256(content).hexdigest()
    payload = {"project": step.project_id, "step": step.pk, "moment": "step", "sha256": sha256, "size": len(content)}
    taken = action("photo", payload)
    headers = {"upload-offset": "0", "upload-length": str(len(content))}
    answer = client.put(
        f"{BASE}envois/{taken['key']}/", content, content_type="application/octet-stream", headers=headers
    )
    assert answer.json()["received"] == len(content)
    return taken


def test_the_day_costs_the_same_however_many_batches(operator_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        for _number in range(6):
            powder = factories.powder(workshop)
            open_batch_of(workshop=workshop, actor=factories.ACTOR, parts=parts_of(ready_project(workshop, powder)))
            ready_project(workshop, powder)
        assert len(recommended(workshop).rows) == 6
    with at_most(32):
        shown = batches_of(operator_client)
    assert (len(shown["current"]), len(shown["recommended"])) == (6, 6)


@pytest.mark.spec("WSM-03", "BAT-03")
def test_all_that_a_replay_touches_is_held_at_once_in_one_order(
    operator_client: Client, workshop: Workshop, projects: list[Project], send: Send
) -> None:
    with workshop_scope(workshop.pk):
        batch = open_batch_of(workshop=workshop, actor=factories.ACTOR, parts=parts_of(*projects))
        later = factories.project(workshop)
    note = action("note", {"project": later.pk, "text": "Fait"})
    launch = action("batch", {"act": "launch", "batch": batch.pk, "project": projects[0].pk})
    with CaptureQueriesContext(connection) as queries:
        answers = send(operator_client, note, launch)
    assert [answer["outcome"] for answer in answers] == ["applied", "applied"]
    locks = [one["sql"] for one in queries if "FOR UPDATE" in one["sql"] and '"projects_project"' in one["sql"]]
    held = re.search(r"IN \(([\d, ]+)\)", locks[0])
    assert held
    assert {int(pk) for pk in held.group(1).split(",")} >= {later.pk, *(one.pk for one in projects)}
    assert "ORDER BY 1 ASC" in locks[0]


@pytest.mark.spec("BAT-07", "WSM-01")
def test_a_bent_part_leaves_its_open_batch_on_the_tablet(
    operator_client: Client, workshop: Workshop, projects: list[Project], send: Send
) -> None:
    with workshop_scope(workshop.pk):
        bent, other = (one.parts.get() for one in projects)
        batch = open_batch_of(workshop=workshop, actor=factories.ACTOR, parts=parts_of(*projects))
    out = {"act": "remove", "batch": batch.pk, "part": bent.pk, "project": bent.project_id}
    twice = action("batch", out)
    for _again in range(2):
        assert send(operator_client, twice)[0]["outcome"] == "applied"
    [shown] = batches_of(operator_client)["current"]
    assert [part["pk"] for part in shown["parts"]] == [other.pk]
    assert send(operator_client, action("batch", {**out, "part": "x"}))[0]["outcome"] == "refused"
    with workshop_scope(workshop.pk):
        launch_batch(workshop=workshop, actor=factories.ACTOR, batch=batch)
    late = action("batch", {**out, "part": other.pk})
    assert send(operator_client, late)[0]["outcome"] == "refused"


@pytest.mark.spec("BAT-14", "WSM-01")
def test_a_planned_load_is_seen_with_what_changed_and_emptied_on_the_tablet(
    operator_client: Client, workshop: Workshop, send: Send
) -> None:
    with workshop_scope(workshop.pk):
        powder = factories.powder(workshop)
        bent, other = ovens.part(workshop, powder, pieces=2), ovens.part(workshop, powder)
        plan = ovens.found_plan(workshop, [ovens.oven(workshop)], [bent, other])
        [load] = adopt_plan(workshop=workshop, actor=factories.ACTOR, plan=plan)
        Part.objects.filter(pk=bent.pk).update(height_mm=900)
    out = {"act": "unhang", "load": load.pk, "part": bent.pk, "project": bent.project_id}
    assert batches_of(operator_client)["loads"] == []
    assert send(operator_client, action("batch", out))[0]["outcome"] == "refused"
    with workshop_scope(workshop.pk):
        ovens.open_planning(workshop)
    [shown] = batches_of(operator_client)["loads"]
    assert "1000 × 200 × 900" in shown["changes"][0]
    assert {part["pk"]: part["pieces"] for part in shown["parts"]} == {bent.pk: 2, other.pk: 1}
    for unreadable in (0, -1, "1", True, 1.5, [1]):
        assert send(operator_client, action("batch", {**out, "pieces": unreadable}))[0]["outcome"] == "refused"
    assert send(operator_client, action("batch", {**out, "part": None}))[0]["outcome"] == "refused"
    for pieces, left in ((1, 1), (None, 0)):
        assert send(operator_client, action("batch", {**out, "pieces": pieces}))[0]["outcome"] == "applied"
        [shown] = batches_of(operator_client)["loads"]
        assert {part["pk"]: part["pieces"] for part in shown["parts"]}.get(bent.pk, 0) == left
    assert shown["changes"] == []
    assert send(operator_client, action("batch", {**out, "load": 10**9}))[0]["outcome"] == "refused"
