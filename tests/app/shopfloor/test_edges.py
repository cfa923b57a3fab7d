"""What a device carries beyond its queue, who is told that the access is over, and texts that no database keeps."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from app.projects.models import Project
from app.shopfloor import selectors
from app.shopfloor.constants import MOST_NAMED
from app.shopfloor.models import DeviceAction, PhotoUpload
from app.shopfloor.services import uploading
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from tests import factories
from tests.queries import at_most

from .conftest import BASE, action, steps_of, validation

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]
SCRIPT = {"Accept": "application/json"}


def ledger(workshop: Workshop) -> list[DeviceAction]:
    with workshop_scope(workshop.pk):
        return list(DeviceAction.objects.order_by("pk"))


@pytest.mark.spec("WSM-02", "TEN-04")
def test_a_device_is_told_of_the_projects_that_it_names_and_of_no_other_workshop_s(
    operator_client: Client, workshop: Workshop, other_workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "QUEUE_SIZE", 1)
    with workshop_scope(other_workshop.pk):
        foreign = factories.project(other_workshop)
    with workshop_scope(workshop.pk):
        first, ready, third = (factories.project(workshop) for _ in range(3))
        Project.objects.filter(pk=ready.pk).update(status="ready")
    named = f"{ready.pk},{foreign.pk},{first.pk},,x,²,{'9' * 30},{ready.pk}"
    told = operator_client.get(f"{BASE}journee/", {"avec": named}).json()["projects"]
    assert [project["pk"] for project in told] == [first.pk, ready.pk]
    alone = operator_client.get(f"{BASE}journee/").json()["projects"]
    assert [project["pk"] for project in alone] == [first.pk]
    beyond = ",".join(["1"] * MOST_NAMED + [str(third.pk)])
    assert len(operator_client.get(f"{BASE}journee/", {"avec": beyond}).json()["projects"]) == 1


@pytest.mark.spec("WSM-06", "BEY-04")
def test_a_member_whose_role_no_longer_works_the_parts_is_told_and_what_they_send_is_written_down(
    operator_client: Client, operator: Membership, workshop: Workshop, send: Send
) -> None:
    with workshop_scope(workshop.pk):
        project = factories.project(workshop)
    with platform_scope():
        Membership.objects.filter(pk=operator.pk).update(roles=["viewer"])
    asked = operator_client.get(f"{BASE}operateurs/", headers=SCRIPT)
    assert (asked.status_code, asked.json()["code"]) == (403, "withdrawn")
    answer = send(operator_client, validation(steps_of(project)[0], comment="Fait hier"))
    assert (answer.status_code, answer.json()["code"]) == (403, "withdrawn")
    [row] = ledger(workshop)
    assert (row.outcome, row.user_name, row.payload["comment"]) == ("refused", "Omar Petit", "Fait hier")
    assert not steps_of(project)[0].is_done
    page = operator_client.get(BASE)  # somebody who opens the address reads why, and is offered nothing to empty
    assert (page.status_code, page["Content-Type"].split(";")[0]) == (403, "text/html")


@pytest.mark.spec("WSM-06", "BEY-04")
def test_only_the_workshop_says_to_a_device_that_nothing_is_for_it_any_more(
    operator_client: Client, stranger_client: Client, workshop: Workshop, client: Client
) -> None:
    """Another "not found", of a server that is being replaced or of a row that is no more, must not empty a device."""
    gone = stranger_client.get(f"{BASE}operateurs/", headers=SCRIPT)
    assert (gone.status_code, gone.json()) == (404, {"code": "gone"})
    assert "json" not in stranger_client.get(f"{BASE}operateurs/")["Content-Type"]
    for address in (f"{BASE}photos/1/", f"{BASE}piece/?code=x"):
        answer = operator_client.get(address, headers=SCRIPT)
        assert (answer.status_code, b'"gone"' in answer.content) == (404, False)
    assert operator_client.get(f"{BASE}operateurs/", headers=SCRIPT).status_code == 200
    assert client.get(f"{BASE}operateurs/", headers=SCRIPT).status_code == 302


@pytest.mark.spec("WSM-03", "BEY-04")
@pytest.mark.parametrize("comment", ["Rayure \ud83d", "\udfff", "a\x00b"])
def test_half_of_a_character_holds_nothing_back(
    operator_client: Client, workshop: Workshop, send: Send, comment: str
) -> None:
    """A text cut in the middle of an emoji is kept without it, and the work that follows goes on."""
    with workshop_scope(workshop.pk):
        project = factories.project(workshop)
    first, second = steps_of(project)[:2]
    told = send(operator_client, validation(first, comment=comment), validation(second))
    assert [answer["outcome"] for answer in told] == ["applied", "applied"]
    assert steps_of(project)[0].comment == comment.replace("\x00", "").encode(errors="replace").decode().strip()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_what_a_tablet_sends(operator_client: Client, workshop: Workshop, number: str) -> None:
    body = json.dumps({"actions": [action("note", {"project": 1, "text": "x", "more": 0})]})
    raw = body.replace('"more": 0', f'"more": {number}')
    answer = operator_client.post(f"{BASE}actions/", raw, content_type="application/json")
    assert (answer.status_code, ledger(workshop)) == (422, [])


@pytest.mark.spec("WSM-02")
def test_the_projects_that_are_named_cost_the_same_however_many(operator_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        made = [factories.project(workshop) for _ in range(4)]
        Project.objects.update(status="ready")
    named = ",".join(str(project.pk) for project in made)
    operator_client.get(f"{BASE}journee/", {"avec": named})
    with at_most(33):
        assert len(operator_client.get(f"{BASE}journee/", {"avec": named}).json()["projects"]) == 4


@pytest.mark.spec("WSM-05", "SEC-10")
def test_photos_on_their_way_do_not_fill_the_server(
    operator_client: Client, owner_client: Client, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are in no quota yet. The oldest one is begun again by its device, if it still waits there."""
    monkeypatch.setattr(uploading, "UPLOADS_MOST", 3)
    addresses = [f"{BASE}envois/{uuid4()}/" for _ in range(4)]
    piece = {"content_type": "application/octet-stream", "headers": {"Upload-Length": "9", "Upload-Offset": "0"}}
    other = owner_client.put(f"{BASE}envois/{uuid4()}/", b"abc", **piece)
    told = [operator_client.put(address, b"abc", **piece).json() for address in addresses]
    assert [*told, other.json()] == [{"received": 3, "done": False}] * 5
    received = [operator_client.get(address).json()["received"] for address in addresses]
    assert received == [0, 3, 3, 3]
    with workshop_scope(workshop.pk):
        assert PhotoUpload.objects.count() == 4  # another sender's stays
    again = operator_client.put(
        addresses[3], b"def", **{**piece, "headers": {"Upload-Length": "9", "Upload-Offset": "3"}}
    )
    assert again.json()["received"] == 6
