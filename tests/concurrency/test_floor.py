"""Real threads, real commits: two tablets, one step; one tablet, the same sending twice at once."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from app.audit.models import AuditEntry
from app.projects.models import Project, Step
from app.shopfloor.models import DeviceAction
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.shopfloor.conftest import BASE, action, steps_of, validation
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Workshop]:
    yield factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


@pytest.fixture
def hands(shop: Workshop) -> list[Client]:
    return [signed_in(member) for member in _members(shop)]


def _members(shop: Workshop) -> list[Membership]:
    return [factories.member(shop, Role.OPERATOR, first_name=f"Main {rank}") for rank in range(AT_ONCE)]


def together(clients: list[Client], bodies: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Send at the same moment; every answer, the first action's first."""
    start = Barrier(len(clients))

    def send(rank: int) -> list[dict[str, Any]]:
        try:
            start.wait(10)
            body = json.dumps({"now": "", "actions": bodies[rank]})
            answer = clients[rank].post(f"{BASE}actions/", body, content_type="application/json")
            assert answer.status_code == 200, answer.content
            answers: list[dict[str, Any]] = answer.json()["answers"]
            return answers
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        return [answer for answers in pool.map(send, range(len(clients))) for answer in answers]


@pytest.mark.spec("WSM-04", "BEY-04")
def test_several_tablets_validate_one_step_at_once(shop: Workshop, hands: list[Client]) -> None:
    with workshop_scope(shop.pk):
        project = factories.project(shop)
    step = steps_of(project)[0]
    told = together(hands, [[validation(step, comment=f"main {rank}")] for rank in range(AT_ONCE)])
    assert sorted(answer["outcome"] for answer in told) == ["applied"] + ["conflict"] * (AT_ONCE - 1)
    with workshop_scope(shop.pk):
        assert AuditEntry.objects.filter(action="step.validated").count() == 1
        assert AuditEntry.objects.filter(action="device.conflict").count() == AT_ONCE - 1
        assert Step.objects.exclude(done_at=None).count() == 1


@pytest.mark.spec("WSM-03", "BEY-04")
def test_one_sending_arriving_several_times_at_once_is_done_once(shop: Workshop, hands: list[Client]) -> None:
    with workshop_scope(shop.pk):
        projects = [factories.project(shop) for _ in range(3)]
    actions = [validation(steps_of(project)[0]) for project in projects]
    actions += [action("note", {"project": project.pk, "text": "Une fois"}) for project in projects]
    told = together([hands[0]] * AT_ONCE, [actions] * AT_ONCE)
    assert {answer["outcome"] for answer in told} == {"applied"}
    with workshop_scope(shop.pk):
        assert DeviceAction.objects.count() == len(actions)
        assert AuditEntry.objects.filter(action="step.validated").count() == 3
        assert AuditEntry.objects.filter(action="project.edited").count() == 3


def test_two_tablets_working_on_the_same_projects_in_opposite_orders_do_not_wait_for_each_other(
    shop: Workshop, hands: list[Client]
) -> None:
    with workshop_scope(shop.pk):
        projects: list[Project] = [factories.project(shop) for _ in range(6)]
    firsts = [steps_of(project)[0] for project in projects]
    orders = [firsts, firsts[::-1], firsts[3:] + firsts[:3], firsts[::-1]]
    told = together(hands, [[validation(step) for step in order] for order in orders])
    assert {answer["outcome"] for answer in told} == {"applied"}
    with workshop_scope(shop.pk):
        assert AuditEntry.objects.filter(action="step.validated").count() == len(projects)
