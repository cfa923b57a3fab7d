"""Real threads, real commits: a step is validated once, and a non-conformity meets a validation."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from app.audit.models import AuditEntry
from app.kernel.errors import RuleError
from app.projects.constants import TermKind
from app.projects.models import Nonconformity, Project, QualityTerm, Step
from app.projects.selectors import list_steps, list_terms
from app.projects.services.quality import declare_nonconformity
from app.projects.services.terms import supply_terms
from app.projects.services.working import validate_step
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Workshop]:
    yield factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


@pytest.fixture
def project(shop: Workshop) -> Project:
    """A project whose first three steps are done."""
    with workshop_scope(shop.pk):
        supply_terms(workshop=shop)
        project = factories.project(shop)
        for step in list_steps(project)[:3]:
            validate_step(workshop=shop, actor=factories.ACTOR, step=step)
        return project


def together(shop: Workshop, work: Callable[[int], Any]) -> list[Any]:
    """Run the work in scopes that start on the same signal; a refusal is a result."""
    start = Barrier(AT_ONCE)

    def one(rank: int) -> Any:
        start.wait(10)
        try:
            with workshop_scope(shop.pk):
                return work(rank)
        except RuleError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.mark.spec("PRJ-03")
def test_tablets_that_validate_one_step_at_once_validate_it_once(shop: Workshop, project: Project) -> None:
    with workshop_scope(shop.pk):
        step = list_steps(project)[3]
    done = together(
        shop, lambda rank: validate_step(workshop=shop, actor=factories.ACTOR, step=step, comment=f"Tablette {rank}")
    )
    assert all(isinstance(one, Project) for one in done)
    with workshop_scope(shop.pk):
        entries = AuditEntry.objects.filter(action="step.validated", changes__step=step.name)
        assert [entry.changes["comment"] for entry in entries] == [Step.objects.get(pk=step.pk).comment]
        assert not list_steps(project)[4].is_done


@pytest.mark.spec("QUA-03")
def test_a_declaration_and_a_validation_at_once_leave_a_course_in_order(shop: Workshop, project: Project) -> None:
    with workshop_scope(shop.pk):
        steps = list_steps(project)
        defect = list_terms(TermKind.DEFECT)[0]

    def work(rank: int) -> object:
        if rank % 2:
            return validate_step(workshop=shop, actor=factories.ACTOR, step=steps[3])
        return declare_nonconformity(
            workshop=shop, actor=factories.ACTOR, project=project, step=steps[3], defect=defect, return_to=steps[1]
        )

    together(shop, work)
    with workshop_scope(shop.pk):
        assert Nonconformity.objects.count() == 2
        course = list_steps(project)
        states = [step.is_done for step in course]
        assert states == sorted(states, reverse=True)
        assert [step.position for step in course] == list(range(1, len(course) + 1))
        assert [step.name for step in course].count(steps[1].name) == 2


@pytest.mark.spec("QUA-02")
def test_the_words_are_supplied_once_when_asked_for_at_once(shop: Workshop) -> None:
    together(shop, lambda _rank: supply_terms(workshop=shop))
    with workshop_scope(shop.pk):
        names = list(QualityTerm.objects.values_list("kind", "name"))
    assert len(names) == len(set(names)) == 19
