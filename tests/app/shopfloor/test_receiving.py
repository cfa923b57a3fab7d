"""What a device sends is done once, in order, by the rules of conflicts; nothing is dropped without a word."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from app.audit.models import AuditEntry
from app.projects.models import Part, Project
from app.projects.services.working import record_part
from app.shopfloor.models import DeviceAction
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests.factories import ACTOR

from .conftest import action, steps_of, validation

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]
KARIM = Actor("Karim", ACTOR.origin)


def ledger(workshop: Workshop) -> list[DeviceAction]:
    with workshop_scope(workshop.pk):
        return list(DeviceAction.objects.order_by("pk"))


def trail(workshop: Workshop, name: str) -> list[AuditEntry]:
    with workshop_scope(workshop.pk):
        return list(AuditEntry.objects.filter(action=name).order_by("pk"))


@pytest.mark.spec("WSM-03", "BEY-04")
def test_the_same_action_sent_again_has_no_second_effect(
    operator_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    sent = validation(steps_of(project)[0], comment="Rayure au dos")
    assert [send(operator_client, sent)[0]["outcome"] for _ in range(3)] == ["applied"] * 3
    assert len(ledger(workshop)) == len(trail(workshop, "step.validated")) == 1
    assert steps_of(project)[0].comment == "Rayure au dos"
    assert steps_of(project)[0].done_by_name == "Omar Petit"


@pytest.mark.spec("WSM-03")
def test_actions_of_one_sending_are_done_in_their_order(operator_client: Client, project: Project, send: Send) -> None:
    first, second, third = steps_of(project)[:3]
    answers = send(operator_client, validation(first), validation(third), validation(second), validation(third))
    assert [answer["outcome"] for answer in answers] == ["applied", "refused", "applied", "applied"]
    assert [step.is_done for step in steps_of(project)] == [True, True, True, False, False, False]


@pytest.mark.spec("WSM-04")
def test_two_tablets_validate_one_step_with_the_same_words(
    operator_client: Client, owner_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    step = steps_of(project)[0]
    assert send(operator_client, validation(step))[0]["outcome"] == "applied"
    [answer] = send(owner_client, validation(step))
    assert (answer["outcome"], answer["result"]) == ("applied", {"already": True})
    assert "Omar Petit" in answer["reason"]
    assert steps_of(project)[0].done_by_name == "Omar Petit"
    assert len(trail(workshop, "step.validated")) == 1


@pytest.mark.spec("WSM-04", "BEY-04")
def test_a_step_validated_differently_on_both_sides_waits_for_a_person(
    operator_client: Client, owner_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    step = steps_of(project)[0]
    send(operator_client, validation(step, comment="RAS"))
    [answer] = send(owner_client, validation(step, comment="Deux chocs"))
    assert answer["outcome"] == "conflict"
    [kept] = [row for row in ledger(workshop) if row.outcome == "conflict"]
    assert (kept.payload["comment"], kept.theirs["comment"]) == ("Deux chocs", "RAS")
    assert trail(workshop, "device.conflict")[0].changes["kept"]["comment"] == "Deux chocs"
    assert steps_of(project)[0].comment == "RAS"
    address = f"/app/atelier-vulcain/atelier/conflits/{kept.pk}/"
    assert owner_client.post(address, {"choice": "ni l'un ni l'autre"}).status_code == 422
    assert owner_client.post(address, {"choice": "mine"}).status_code == 200
    assert owner_client.post(address, {"choice": "mine"}).status_code == 200
    assert owner_client.post(address, {"choice": "theirs"}).status_code == 422
    assert steps_of(project)[0].comment == "Deux chocs"
    assert len(trail(workshop, "device.decided")) == len(trail(workshop, "step.amended")) == 1


def record(part: Part, base: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return action("part", {"project": part.project_id, "part": part.pk, **base, **changed}, base=base)


@pytest.fixture
def part(project: Project) -> Part:
    with workshop_scope(project.workshop_id):
        return Part.objects.get(project=project)


@pytest.fixture
def base(part: Part) -> dict[str, Any]:
    return {
        "powder": part.powder_id,
        "coats": 1,
        "primer": False,
        "varnish": False,
        "curing_celsius": None,
        "curing_minutes": None,
    }


@pytest.mark.spec("WSM-04")
def test_a_curing_changed_on_both_sides_waits_and_the_rest_is_merged(
    operator_client: Client, project: Project, workshop: Workshop, part: Part, base: dict[str, Any], send: Send
) -> None:
    with workshop_scope(workshop.pk):
        record_part(
            workshop=workshop, actor=KARIM, part=part, powder=part.powder, coats=1, primer=True, varnish=False,
            curing_celsius=200, curing_minutes=None,
        )  # fmt: skip
    merged, clash = record(part, base, curing_minutes=20), record(part, base, curing_celsius=180)
    outcomes = [answer["outcome"] for answer in send(operator_client, merged, clash)]
    assert outcomes == ["applied", "conflict"]
    part = _now(part)
    assert (part.primer, part.curing_celsius, part.curing_minutes) == (True, 200, 20)
    kept = ledger(workshop)[-1]
    assert kept.theirs["by"] == "Karim"
    assert kept.theirs["values"] == {"curing_celsius": [180, 200]}
    operator_client.post(f"/app/atelier-vulcain/atelier/conflits/{kept.pk}/", {"choice": "mine"})
    part = _now(part)
    assert (part.primer, part.curing_celsius, part.curing_minutes) == (True, 180, 20)
    assert trail(workshop, "device.decided")[0].actor == "Omar Petit"


def _now(part: Part) -> Part:
    with workshop_scope(part.workshop_id):
        return Part.objects.get(pk=part.pk)
