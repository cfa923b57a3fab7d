"""A project on the floor, and what a tablet would send."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from app.projects.models import Project, Step
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

BASE = "/app/atelier-vulcain/atelier/"


@pytest.fixture
def project(workshop: Workshop) -> Project:
    with workshop_scope(workshop.pk):
        return factories.project(workshop)


def steps_of(project: Project) -> list[Step]:
    with workshop_scope(project.workshop_id):
        return list(Step.objects.filter(project=project).order_by("position"))


def action(kind: str, payload: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An action as a device writes it."""
    made = {"key": str(uuid4()), "kind": kind, "made_at": datetime.now(UTC).isoformat(), "payload": payload}
    return {**made, **more}


def validation(step: Step, **more: Any) -> dict[str, Any]:
    return action("step", {"project": step.project_id, "step": step.pk, **more})


@pytest.fixture
def send() -> Callable[..., Any]:
    """Send actions as a client; the answers."""

    def post(client: Client, *actions: dict[str, Any], now: str = "") -> Any:
        body = {"now": now or datetime.now(UTC).isoformat(), "actions": list(actions)}
        answer = client.post(f"{BASE}actions/", json.dumps(body), content_type="application/json")
        return answer.json()["answers"] if answer.status_code == 200 else answer

    return post
