"""Real threads, real commits: where a project stands with its powder counts the steps of everybody at once."""

import pytest
from django.db import connection
from django.utils import timezone

from app.projects.constants import Laying
from app.projects.models import Project, Step
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.stage import project_of
from tests.concurrency.test_stock import together

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


def test_steps_that_are_done_at_once_are_all_counted(transactional_db: None) -> None:
    workshop = factories.workshop()
    with workshop_scope(workshop.pk):
        project = project_of(workshop, factories.powder(workshop))
        Step.objects.filter(project=project).delete()
        Step.objects.bulk_create(
            Step(workshop=workshop, project=project, name=f"Couche {place}", position=place, lays_powder=True)
            for place in range(AT_ONCE)
        )

    def do(place: int) -> None:
        Step.objects.filter(project=project, position=place).update(done_at=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.02)")  # the others write before this one is committed

    together(workshop, AT_ONCE, do)
    with workshop_scope(workshop.pk):
        assert Project.objects.values_list("laying", flat=True).get(pk=project.pk) == Laying.LAID
