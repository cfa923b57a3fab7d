"""What the workshop mode asks of the server: the day of eighty projects, the same unchanged, twenty actions sent at once."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from app.projects.models import Project
from app.shopfloor.constants import QUEUE_SIZE
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.shopfloor.conftest import BASE, action

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark(group="workshop mode")]


@pytest.fixture
def projects(workshop: Workshop) -> list[Project]:
    with workshop_scope(workshop.pk):
        customer = factories.customer(workshop)
        return [factories.project(workshop, customer=customer, title=f"Lot {rank}") for rank in range(QUEUE_SIZE)]


def test_the_day(benchmark: Any, operator_client: Client, projects: list[Project]) -> None:
    answer = benchmark(operator_client.get, f"{BASE}journee/")
    assert len(answer.json()["projects"]) == QUEUE_SIZE


def test_the_day_unchanged(benchmark: Any, operator_client: Client, projects: list[Project]) -> None:
    etag = operator_client.get(f"{BASE}journee/")["ETag"]
    answer = benchmark(operator_client.get, f"{BASE}journee/", headers={"If-None-Match": etag})
    assert answer.status_code == 304


def test_twenty_notes(benchmark: Any, operator_client: Client, projects: list[Project]) -> None:
    def send() -> Any:
        actions = [action("note", {"project": one.pk, "text": str(uuid4())}) for one in projects[:20]]
        body = json.dumps({"now": "", "actions": actions})
        return operator_client.post(f"{BASE}actions/", body, content_type="application/json")

    assert {told["outcome"] for told in benchmark(send).json()["answers"]} == {"applied"}
