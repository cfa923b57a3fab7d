"""Moving a running project to another workflow: what is kept, what is refused."""

from typing import Any

import pytest
from django.test import Client

from app.audit.models import AuditEntry
from app.kernel.errors import RuleError
from app.projects.constants import TermKind
from app.projects.models import Project, Workflow
from app.projects.selectors import list_steps, list_terms
from app.projects.services.quality import declare_nonconformity
from app.projects.services.routing import plan_route, reroute_project
from app.projects.services.terms import supply_terms
from app.projects.services.workflows import StepData, add_rework, save_workflow
from app.projects.services.working import validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories


def workflow(workshop: Workshop, actor: Actor, name: str, *steps: str | StepData) -> Workflow:
    data = [step if isinstance(step, StepData) else StepData(step) for step in steps]
    return save_workflow(workshop=workshop, actor=actor, name=name, steps=data)


@pytest.fixture
def project(in_scope: Workshop, actor: Actor) -> Project:
    save_workflow(workshop=in_scope, actor=actor, name="Court", is_default=True,
                  steps=[StepData(name) for name in ("Sablage", "Poudrage", "Cuisson", "Contrôle")])  # fmt: skip
    return factories.project(in_scope)


def move(workshop: Workshop, actor: Actor, project: Project, to: Workflow) -> Project:
    seal = plan_route(project=project, workflow=to).seal
    return reroute_project(workshop=workshop, actor=actor, project=project, workflow=to, seal=seal)


@pytest.mark.spec("PRJ-02", "PRJ-09")
def test_done_steps_are_kept_by_name_and_the_rest_is_replaced(
    in_scope: Workshop, project: Project, actor: Actor
) -> None:
    validate_step(workshop=in_scope, actor=actor, step=list_steps(project)[0], comment="Fait")
    to = workflow(in_scope, actor, "Long", "SABLAGE", "Dégraissage", StepData("Cuisson", needs_photo=True), "Emballage")
    curing = list_steps(project)[2]
    route = plan_route(project=project, workflow=to)
    assert [(line.fate, line.name) for line in route.lines] == [
        ("done", "Sablage"), ("added", "Dégraissage"), ("kept", "Cuisson"), ("added", "Emballage"),
        ("removed", "Poudrage"), ("removed", "Contrôle"),
    ]  # fmt: skip
    moved = move(in_scope, actor, project, to)
    steps = list_steps(project)
    assert [(step.name, step.is_done) for step in steps] == [
        ("Sablage", True), ("Dégraissage", False), ("Cuisson", False), ("Emballage", False),
    ]  # fmt: skip
    assert (steps[0].comment, steps[2].pk, steps[2].needs_photo) == ("Fait", curing.pk, True)
    assert (moved.workflow, moved.current_step) == (to, "Dégraissage")
    assert AuditEntry.objects.get(action="project.rerouted").changes["workflow"] == ["Court", "Long"]


@pytest.mark.spec("PRJ-02")
def test_a_preview_that_is_out_of_date_moves_nothing(in_scope: Workshop, project: Project, actor: Actor) -> None:
    to = workflow(in_scope, actor, "Long", "Sablage", "Emballage")
    seal = plan_route(project=project, workflow=to).seal
    validate_step(workshop=in_scope, actor=actor, step=list_steps(project)[0])
    with pytest.raises(RuleError):
        reroute_project(workshop=in_scope, actor=actor, project=project, workflow=to, seal=seal)
    assert [step.name for step in list_steps(project)] == ["Sablage", "Poudrage", "Cuisson", "Contrôle"]


@pytest.mark.spec("PRJ-02")
@pytest.mark.parametrize("rule", [{"needs_photo": True}, {"checklist": ("Épaisseur",)}, {"lays_powder": True}])
def test_a_step_whose_rules_changed_since_the_preview_is_looked_at_again(
    in_scope: Workshop, project: Project, actor: Actor, rule: dict[str, Any]
) -> None:
    to = workflow(in_scope, actor, "Long", "Sablage", "Emballage")
    seal = plan_route(project=project, workflow=to).seal
    save_workflow(
        workshop=in_scope, actor=actor, name="Long", workflow=to,
        steps=[StepData("Sablage"), StepData("Emballage", **rule)],
    )  # fmt: skip
    with pytest.raises(RuleError, match=r"nouvel aperçu|new preview"):
        reroute_project(workshop=in_scope, actor=actor, project=project, workflow=to, seal=seal)
    assert [step.name for step in list_steps(project)] == ["Sablage", "Poudrage", "Cuisson", "Contrôle"]


@pytest.mark.spec("PRJ-03")
def test_a_step_that_was_removed_meanwhile_is_refused_with_what_happened(
    in_scope: Workshop, project: Project, actor: Actor
) -> None:
    curing = list_steps(project)[2]
    move(in_scope, actor, project, workflow(in_scope, actor, "Bref", "Sablage"))
    with pytest.raises(RuleError) as refused:
        validate_step(workshop=in_scope, actor=actor, step=curing)
    for said in ("Cuisson", project.number, actor.label):
        assert said in refused.value.message
    assert not AuditEntry.objects.filter(action="step.validated").exists()


@pytest.mark.spec("PRJ-02", "QUA-03")
def test_a_second_pass_in_progress_stays_one(in_scope: Workshop, project: Project, actor: Actor) -> None:
    supply_terms(workshop=in_scope)
    for step in list_steps(project)[:3]:
        validate_step(workshop=in_scope, actor=actor, step=step)
    steps = list_steps(project)
    declare_nonconformity(
        workshop=in_scope, actor=actor, project=project, step=steps[3], defect=list_terms(TermKind.DEFECT)[0],
        return_to=steps[1],
    )  # fmt: skip
    move(in_scope, actor, project, workflow(in_scope, actor, "Neuf", "Sablage", "Poudrage", "Cuisson", "Emballage"))
    assert [(step.name, step.pass_number) for step in list_steps(project) if not step.is_done] == [
        ("Poudrage", 2), ("Cuisson", 2), ("Emballage", 2),
    ]  # fmt: skip


@pytest.mark.spec("PRJ-02")
def test_the_own_workflow_is_no_change_until_it_changes(in_scope: Workshop, project: Project, actor: Actor) -> None:
    assert project.workflow
    assert not plan_route(project=project, workflow=project.workflow).is_change
    steps = [StepData("Sablage"), StepData("Poudrage", ("Épaisseur",)), StepData("Cuisson"), StepData("Contrôle")]
    save_workflow(workshop=in_scope, actor=actor, workflow=project.workflow, name="Court", steps=steps)
    assert plan_route(project=project, workflow=project.workflow).is_change
    move(in_scope, actor, project, project.workflow)
    assert list_steps(project)[1].checklist == ["Épaisseur"]


@pytest.mark.spec("PRJ-02")
def test_two_hundred_steps_are_carried_and_one_more_is_refused(in_scope: Workshop, actor: Actor) -> None:
    names = [f"Étape {number}" for number in range(200)]
    long = workflow(in_scope, actor, "Deux cents", *names)
    project = factories.project(in_scope)
    move(in_scope, actor, project, long)
    assert [step.name for step in list_steps(project)] == names
    with pytest.raises(RuleError):
        workflow(in_scope, actor, "Trop", *names, "Une de plus")


@pytest.mark.spec("PRJ-02", "ROL-03")
def test_the_move_is_previewed_then_done_by_whoever_manages(
    owner_client: Client, operator_client: Client, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        actor = Actor.system("tests")
        project = factories.project(workshop)
        to = workflow(workshop, actor, "Bref", "Sablage", "Emballage")
    base = f"/app/{workshop.slug}/projets/{project.pk}/gamme/"
    assert operator_client.get(base).status_code == 403
    page = owner_client.get(base, {"gamme": to.pk})
    assert page.status_code == 200
    assert "Emballage" in page.content.decode()
    assert owner_client.post(base, {"gamme": to.pk, "vu": "faux"}).status_code == 422
    with workshop_scope(workshop.pk):
        seal = plan_route(project=project, workflow=to).seal
    assert owner_client.post(base, {"gamme": to.pk, "vu": seal}).status_code == 302
    with workshop_scope(workshop.pk):
        assert [step.name for step in list_steps(project)] == ["Sablage", "Emballage"]


@pytest.mark.spec("PRJ-03")
def test_a_page_that_is_out_of_date_hears_what_became_of_its_step(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        actor = Actor.system("Claire")
        project = factories.project(workshop)
        gone = list_steps(project)[2]
        move(workshop, actor, project, workflow(workshop, actor, "Bref", "Emballage"))
    base = f"/app/{workshop.slug}/projets/{project.pk}/etapes/"
    page = owner_client.post(f"{base}{gone.pk}/valider/", follow=True).content.decode()
    assert gone.name in page
    assert "Claire" in page
    assert owner_client.post(f"{base}999999/valider/").status_code == 404
    with workshop_scope(workshop.pk):
        assert not AuditEntry.objects.filter(action="step.validated").exists()


@pytest.mark.spec("QUA-03", "PRJ-02")
def test_a_workflow_without_rework_is_given_one_in_a_click(
    owner_client: Client, viewer_client: Client, workshop: Workshop, actor: Actor
) -> None:
    powdering = StepData("Poudrage", lays_powder=True)
    with workshop_scope(workshop.pk):
        old = workflow(workshop, actor, "Court", "Sablage", powdering, "Contrôle")
    page = f"/app/{workshop.slug}/projets/gammes/{old.pk}/"
    assert "retouche/" in owner_client.get(page).content.decode()
    assert viewer_client.post(f"{page}retouche/").status_code == 403
    for _ in range(2):
        assert owner_client.post(f"{page}retouche/").status_code == 302
    assert "retouche/" not in owner_client.get(page).content.decode()
    with workshop_scope(workshop.pk):
        steps = [(step.name, step.is_rework, step.lays_powder) for step in old.steps.all()]
        project = start_with(workshop, old)
        course = list_steps(project)
        for step in course[:2]:
            validate_step(workshop=workshop, actor=actor, step=step)
        supply_terms(workshop=workshop)
        defect = list_terms(TermKind.DEFECT)[0]
        found = declare_nonconformity(workshop=workshop, actor=actor, project=project, step=course[2], defect=defect)
    assert steps == [
        ("Sablage", False, False), ("Poudrage", False, True), ("Retouche", True, True), ("Contrôle", False, False),
    ]  # fmt: skip
    assert found.returned_to == "Retouche"


@pytest.mark.spec("QUA-03")
def test_a_step_that_bears_its_name_becomes_the_rework(in_scope: Workshop, actor: Actor) -> None:
    old = workflow(in_scope, actor, "Court", "Sablage", "retouche", "Contrôle")
    add_rework(workshop=in_scope, actor=actor, workflow=old)
    assert [(step.name, step.is_rework) for step in old.steps.all()] == [
        ("Sablage", False), ("retouche", True), ("Contrôle", False),
    ]  # fmt: skip


def start_with(workshop: Workshop, chosen: Workflow) -> Project:
    Workflow.objects.filter(is_default=True).update(is_default=False)
    Workflow.objects.filter(pk=chosen.pk).update(is_default=True)
    return factories.project(workshop)
