"""A workshop after a year at a hundred projects a day, beside one that has just begun.

`pytest tests/benchmarks/test_year.py`: the screens of the day must cost the same statements in both, and about the same
time. `extra_info` says each page in milliseconds.
"""

from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from app.projects.models import Part, Project, Step
from app.projects.selectors import list_steps
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.benchmarks.test_customers import analyse
from tests.benchmarks.test_projects import fill
from tests.conftest import signed_in

A_YEAR, A_DAY = 36_500, 100
ROUNDS = 5
#: Statements that a list with further pages asks and a short one does not.
MORE = 3
#: The day's page with its queue, the lists, the board, the floor's queue, the recommended batches.
SCREENS = {"day": "", "list": "projets/", "search": "projets/?q=portail", "late": "projets/?retard=1",
           "board": "projets/tableau/", "floor": "atelier/", "batches": "series/"}  # fmt: skip


def _begin(name: str, projects: int) -> tuple[Workshop, Client]:
    workshop = factories.workshop(name=name, slug=name)
    fill(workshop, projects)
    with workshop_scope(workshop.pk):
        give_work(workshop)
    return workshop, signed_in(factories.member(workshop, Role.OWNER))


def give_work(workshop: Workshop) -> None:
    """Each project that runs has its steps to do, and a part that can join a batch."""
    steps = list_steps(Project.objects.earliest("pk"))
    running = Project.objects.filter(status__in=["open", "in_progress"]).exclude(steps__isnull=False)
    pks = list(running.values_list("pk", flat=True))
    Step.objects.bulk_create(
        (
            Step(
                workshop=workshop, project_id=pk, name=step.name, position=step.position, rank=step.rank,
                lays_powder=step.lays_powder,
            )
            for pk in pks
            for step in steps
        ),
        batch_size=5_000,
    )  # fmt: skip
    Part.objects.filter(project_id__in=pks).update(surface_m2="1.5", coats=1, curing_celsius=180, curing_minutes=20)


def _ask(client: Client, address: str) -> float:
    start = perf_counter()
    assert client.get(address).status_code == 200
    return perf_counter() - start


@pytest.mark.spec("TEN-09")
@pytest.mark.django_db(transaction=True)
def test_the_screens_after_a_year_at_a_hundred_projects_a_day(benchmark: Any, transactional_db: None) -> None:
    stages = {"new": _begin("atelier-neuf", A_DAY), "year": _begin("atelier-plein", A_YEAR)}
    analyse()
    for screen, path in SCREENS.items():
        counts, times = {}, {}
        for stage, (workshop, client) in stages.items():
            address = f"/app/{workshop.slug}/{path}"
            _ask(client, address)
            with CaptureQueriesContext(connection) as asked:
                _ask(client, address)
            counts[stage] = len(asked)
            times[stage] = median(_ask(client, address) for _round in range(ROUNDS))
        benchmark.extra_info[screen] = {
            "year ms": round(1000 * times["year"], 1), "ratio": round(times["year"] / times["new"], 2),
            "queries": counts["year"],
        }  # fmt: skip
        assert counts["year"] <= counts["new"] + MORE, f"{screen}: {counts}"
    workshop, client = stages["year"]
    benchmark.pedantic(lambda: _ask(client, f"/app/{workshop.slug}/projets/"), rounds=5)
