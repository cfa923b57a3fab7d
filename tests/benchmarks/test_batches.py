"""How long the recommended batches take, asked first after a change: `pytest tests/benchmarks/test_batches.py`."""

from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from app.batches.recommending import recommended
from app.powders.models import Powder
from app.projects.models import Part, Project, Step, WorkChange
from app.projects.remembering import fold_changes
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.stage import project_of
from tests.benchmarks.test_customers import analyse
from tests.conftest import signed_in

PROJECTS, PARTS_EACH, POWDERS, FINISHED = 5_000, 4, 400, 5_000
LIST_BUDGET_SECONDS = 0.3


def fill(workshop: Workshop) -> None:
    """20,000 waiting parts of 400 powders, and as many projects whose powder is laid."""
    with workshop_scope(workshop.pk):
        powders = [factories.powder(workshop) for _number in range(POWDERS)]
        model = project_of(workshop, powders[0])
        _copy(workshop, model, powders, PROJECTS, waiting=True, first=1)
        _copy(workshop, model, powders, FINISHED, waiting=False, first=PROJECTS + 1)
    fold_changes()  # as every minute
    analyse()


def _copy(workshop: Workshop, model: Project, powders: list[Powder], count: int, *, waiting: bool, first: int) -> None:
    today, now = timezone.localdate(), timezone.now()
    projects = Project.objects.bulk_create(
        Project(
            workshop=workshop, number=f"B-{number}", customer_id=model.customer_id, title="Portail", site_id=model.site_id,
            status="in_progress", promised_on=today + timedelta(days=number % 60), current_step=model.current_step,
        )
        for number in range(first, first + count)
    )  # fmt: skip
    Part.objects.bulk_create(
        Part(
            workshop=workshop, project=project, code=f"X{first + rank}P{place}", designation="Panneau", quantity=2,
            surface_m2="1.5", powder=powders[(rank + place * 7) % POWDERS], coats=1 + rank % 2, curing_celsius=180,
            curing_minutes=20,
        )
        for rank, project in enumerate(projects)
        for place in range(PARTS_EACH)
    )  # fmt: skip
    steps = list(model.steps.order_by("position"))
    Step.objects.bulk_create(
        Step(
            workshop=workshop, project=project, name=step.name, position=step.position, rank=step.rank,
            lays_powder=step.lays_powder, done_at=None if waiting else now,
        )
        for project in projects
        for step in steps
    )  # fmt: skip


@pytest.mark.spec("BAT-06")
@pytest.mark.django_db(transaction=True)
def test_recommended_batches_over_twenty_thousand_parts(benchmark: Any, transactional_db: None) -> None:
    workshop = factories.workshop()
    fill(workshop)
    client: Client = signed_in(factories.member(workshop, Role.OPERATOR))
    with workshop_scope(workshop.pk):
        assert sum(row.parts for row in recommended(workshop).rows) > 500
    address = f"/app/{workshop.slug}/series/"
    times: list[float] = []
    listing: list[float] = []

    def page() -> None:
        start = perf_counter()
        assert client.get(address).status_code == 200
        times.append(perf_counter() - start)

    def list_page() -> None:
        """A page of the 10,000 projects, in the same minute: what a list costs on this machine as it is now. Then the
        work changes, so that the groups are worked out anew."""
        start = perf_counter()
        assert client.get(f"/app/{workshop.slug}/projets/").status_code == 200
        listing.append(perf_counter() - start)
        with workshop_scope(workshop.pk):
            WorkChange.objects.create(workshop=workshop)

    benchmark.pedantic(page, setup=list_page, rounds=15, warmup_rounds=2)
    benchmark.extra_info["median_ms"] = round(1000 * median(times))
    benchmark.extra_info["list_pages"] = round(median(times) / median(listing), 1)
    assert median(times) < LIST_BUDGET_SECONDS
