"""Where a project stands with its powder: written by the database from its steps, and by nobody else."""

import pytest
from django.utils import timezone

from app.projects.constants import Laying, TermKind
from app.projects.models import Project, Step
from app.projects.selectors import list_steps, list_terms
from app.projects.services.quality import declare_nonconformity
from app.projects.services.terms import supply_terms
from app.projects.services.working import undo_step, validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories
from tests.app.batches.stage import project_of, ready_project

pytestmark = pytest.mark.django_db


def laying(project: Project) -> str:
    return str(Project.objects.values_list("laying", flat=True).get(pk=project.pk))


def test_a_project_follows_the_steps_that_lay_its_powder(in_scope: Workshop, actor: Actor) -> None:
    supply_terms(workshop=in_scope)
    project = ready_project(in_scope, factories.powder(in_scope))
    assert laying(project) == Laying.TO_LAY
    step = next(one for one in list_steps(project) if one.lays_powder)
    validate_step(workshop=in_scope, actor=actor, step=step)
    assert laying(project) == Laying.LAID
    undo_step(workshop=in_scope, actor=actor, step=step, reason="Erreur de projet")
    assert laying(project) == Laying.TO_LAY
    validate_step(workshop=in_scope, actor=actor, step=step)
    declare_nonconformity(
        workshop=in_scope, actor=actor, project=project, step=list_steps(project)[4],
        defect=list_terms(TermKind.DEFECT)[0], return_to=step,
    )  # fmt: skip
    assert laying(project) == Laying.AGAIN


def test_many_steps_at_once_are_counted_whatever_writes_them(in_scope: Workshop) -> None:
    powder = factories.powder(in_scope)
    projects = [project_of(in_scope, powder) for _number in range(2)]
    steps = Step.objects.filter(project__in=projects, lays_powder=True)
    steps.update(done_at=timezone.now())
    assert [laying(project) for project in projects] == [Laying.LAID] * 2
    Step.objects.bulk_create(
        Step(workshop=in_scope, project=project, name="Seconde couche", position=90, lays_powder=True)
        for project in projects
    )
    assert [laying(project) for project in projects] == [Laying.AGAIN] * 2
    steps.filter(project=projects[0]).delete()
    assert [laying(project) for project in projects] == [Laying.NONE, Laying.AGAIN]


def test_a_project_read_before_its_powder_was_laid_does_not_bring_the_old_word_back(in_scope: Workshop) -> None:
    project = project_of(in_scope, factories.powder(in_scope))
    project.refresh_from_db()
    Step.objects.filter(project=project, lays_powder=True).update(done_at=timezone.now())
    project.title = "Portail et portillon"
    project.save()
    assert laying(project) == Laying.LAID
    Project.objects.filter(pk=project.pk).update(laying=Laying.AGAIN)
    assert laying(project) == Laying.LAID
    twin = factories.project(in_scope)
    Step.objects.filter(project=twin).delete()
    copied = Project.objects.create(
        workshop=in_scope, number="P-copie", customer_id=twin.customer_id, site_id=twin.site_id, title="Copie",
        laying=Laying.LAID,
    )  # fmt: skip
    assert laying(copied) == Laying.NONE
