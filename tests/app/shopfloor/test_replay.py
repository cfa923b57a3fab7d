"""Five hundred actions and a hundred photos through a network that loses a third of what passes, with restarts."""

import hashlib
import json
import random
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from app.projects.models import Photo, Project, Step
from app.shopfloor.models import DeviceAction, PhotoUpload, UploadPiece
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.projects.pictures import drawn, encoded

from .conftest import BASE, action, validation

pytestmark = pytest.mark.django_db
LOSS = 0.3
PIECE = 700
BATCH = 20


class LostError(Exception):
    """The request, or its answer, never arrived."""


class Tablet:
    """A device by the protocol: what it keeps survives its restarts, what it was doing does not."""

    def __init__(self, client: Client, seed: int) -> None:
        self.client, self.chance = client, random.Random(seed)
        self.outbox: list[dict[str, Any]] = []
        self.bytes: dict[str, bytes] = {}
        self.told: dict[str, list[str]] = {}
        self.losses = 0

    def _through(self, ask: Any) -> Any:
        """A request that may be lost on its way, or whose answer may be: the server has then done it."""
        if self.chance.random() < LOSS / 2:
            self.losses += 1
            raise LostError
        answer = ask()
        assert answer.status_code == 200, answer.content
        if self.chance.random() < LOSS / 2:
            self.losses += 1
            raise LostError
        return answer.json()

    def _send(self, batch: list[dict[str, Any]]) -> None:
        body = json.dumps({"now": "", "actions": batch})
        address = f"{BASE}actions/"
        answers = self._through(lambda: self.client.post(address, body, content_type="application/json"))["answers"]
        for answer in answers:
            self.told.setdefault(answer["key"], []).append(answer["outcome"])
        done = {answer["key"] for answer in answers}
        self.outbox = [one for one in self.outbox if one["key"] not in done]

    def _upload(self, key: str) -> None:
        content, address = self.bytes[key], f"{BASE}envois/{key}/"
        told = self._through(lambda: self.client.get(address))
        start = len(content) if told["done"] else told["received"]
        while start < len(content):
            headers = {"Upload-Offset": start, "Upload-Length": len(content)}
            piece = content[start : start + PIECE]
            start = self._through(lambda: self.client.put(address, piece, headers=headers))["received"]  # noqa: B023

    def round(self, most: int) -> None:
        """Send until something is lost, or until the battery is empty."""
        try:
            for _ in range(most):
                acts = [one for one in self.outbox if one["kind"] != "photo"][:BATCH]
                photos = [one for one in self.outbox if one["kind"] == "photo"][:1]
                if acts:
                    self._send(acts)
                elif photos:
                    self._upload(photos[0]["key"])
                    self._send(photos)
        except LostError:
            return


@pytest.mark.spec("WSM-03", "WSM-05", "BEY-04")
def test_nothing_is_lost_and_nothing_is_done_twice(workshop: Workshop, operator_client: Client) -> None:
    with workshop_scope(workshop.pk):
        customer = factories.customer(workshop)
        projects = [factories.project(workshop, customer=customer, title=f"Lot {rank}") for rank in range(50)]
        steps = list(Step.objects.order_by("project_id", "position"))
    tablet = Tablet(operator_client, seed=5)
    tablet.outbox = [validation(step, answers=["pass"] * len(step.checklist)) for step in steps if step.position <= 6]
    tablet.outbox += [action("note", {"project": one.pk, "text": f"Note {one.pk}"}) for one in projects] + [
        action("note", {"project": projects[0].pk, "text": f"Encore {rank}"}) for rank in range(50)
    ]
    for rank in range(100):
        key = str(uuid4())
        tablet.bytes[key] = encoded(drawn(40 + rank, 30))
        told = {"project": projects[rank % 50].pk, "moment": "step", "sha256": _print(tablet.bytes[key])}
        tablet.outbox.append(action("photo", told, key=key))
    keys = [one["key"] for one in tablet.outbox]
    assert len(keys) == 500

    for restart in range(3):
        for _ in range(12):
            tablet.round(most=2)
        again = Tablet(operator_client, seed=50 + restart)  # the battery: only what it kept is left
        again.outbox, again.bytes, again.told, again.losses = tablet.outbox, tablet.bytes, tablet.told, tablet.losses
        tablet = again
    while tablet.outbox:
        tablet.round(most=40)

    assert tablet.losses > 50
    assert all(set(outcomes) == {"applied"} for outcomes in tablet.told.values())
    assert set(tablet.told) == set(keys)
    with workshop_scope(workshop.pk):
        assert DeviceAction.objects.count() == 500
        assert Step.objects.filter(done_at=None).count() == 0
        assert Photo.objects.count() == 100
        assert PhotoUpload.objects.count() == UploadPiece.objects.count() == 0
        assert Project.objects.get(pk=projects[0].pk).note == "Encore 49"


def _print(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
