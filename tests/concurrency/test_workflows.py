"""Real threads, real commits: one workflow saved by several people, and the first projects of a new workshop."""

from collections.abc import Iterator

import pytest

from app.projects.models import Project, Workflow, WorkflowStep
from app.projects.selectors import list_steps
from app.projects.services.workflows import StepData, default_workflow, save_workflow
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.concurrency.test_quality import AT_ONCE, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("PRJ-02")]


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Workshop]:
    yield factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


def steps_of(shop: Workshop) -> list[tuple[int, int, str]]:
    with workshop_scope(shop.pk):
        return list(WorkflowStep.objects.order_by("workflow", "position").values_list("workflow", "position", "name"))


def test_people_who_save_one_workflow_at_once_leave_the_steps_of_one_of_them(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        workflow = default_workflow(workshop=shop)
    done = together(
        shop,
        lambda rank: save_workflow(
            workshop=shop, actor=factories.ACTOR, workflow=Workflow.objects.get(pk=workflow.pk), name="Standard",
            steps=[StepData(f"Étape {rank}"), StepData("Retouche", is_rework=True), StepData("Fin")],
        ),
    )  # fmt: skip
    assert all(isinstance(one, Workflow) for one in done)
    kept = [name for _workflow, _position, name in steps_of(shop)]
    assert kept in [[f"Étape {rank}", "Retouche", "Fin"] for rank in range(AT_ONCE)]


def test_a_name_and_the_default_are_taken_once(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        default_workflow(workshop=shop)
    done = together(
        shop,
        lambda rank: save_workflow(
            workshop=shop, actor=factories.ACTOR, name=f"Jantes {rank % 2}", steps=[StepData("Fin")], is_default=True
        ),
    )
    assert sorted(type(one).__name__ for one in done) == ["RuleError", "RuleError", "Workflow", "Workflow"]
    with workshop_scope(shop.pk):
        assert Workflow.objects.count() == 3
        assert Workflow.objects.filter(is_default=True).count() == 1


def test_the_first_projects_of_a_workshop_opened_at_once_share_one_workflow(shop: Workshop) -> None:
    together(shop, lambda rank: factories.project(shop, title=f"Portail {rank}"))
    with workshop_scope(shop.pk):
        assert Workflow.objects.count() == 1
        assert Project.objects.count() == AT_ONCE
        assert {len(list_steps(project)) for project in Project.objects.all()} == {6}
