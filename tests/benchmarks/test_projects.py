"""How long the list of 100,000 projects takes, whatever is kept of it. `pytest tests/benchmarks/test_projects.py`."""

import random
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from app.kernel.pagination import keyset_page
from app.projects.models import Part, Project
from app.projects.selectors import list_projects, list_steps
from app.projects.services.indexing import index_projects_of
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.benchmarks.test_customers import analyse
from tests.conftest import signed_in

COUNT, CUSTOMERS, POWDERS = 100_000, 2_000, 400
KEYS = ("-created_at", "-id")
#: What a page of the list may read, in blocks of 8 kB: a page of 25 rows, whatever their number.
MOST_BLOCKS = 2_500
ADDRESSES = {
    "everything": "", "status": "statut=delivered", "open": "statut=open", "step": "etape=Cuisson",
    "unknown step": "etape=Nulle+part", "priority": "priorite=2", "late": "retard=1", "word": "q=portail",
    "rare word": "q=2611-0001",
}  # fmt: skip


def fill(workshop: Workshop, count: int = COUNT) -> dict[str, int]:
    """One project in twenty still runs, one running in ten is late; a customer and a powder to look for."""
    chance, today = random.Random(7016), timezone.localdate()
    with workshop_scope(workshop.pk):
        customers = [factories.customer(workshop).pk for _number in range(CUSTOMERS)]
        powders = [factories.powder(workshop).pk for _number in range(POWDERS)]
        model = factories.project(workshop, title="Portail")
        names = [step.name for step in list_steps(model)]
        for first in range(0, count, 10_000):
            projects = Project.objects.bulk_create(
                _project(workshop, model, number, chance, names, customers, today) for number in
                range(first, min(first + 10_000, count))
            )  # fmt: skip
            Part.objects.bulk_create(
                Part(workshop=workshop, project=project, code=f"L{project.pk}", designation="Panneau",
                     powder_id=powders[project.pk % POWDERS]) for project in projects
            )  # fmt: skip
        index_projects_of(customers[:50])
    analyse()
    return {"customer": customers[0], "powder": powders[0]}


def _project(
    workshop: Workshop, model: Project, number: int, chance: random.Random, names: list[str], customers: list[int],
    today: Any,
) -> Project:  # fmt: skip
    runs = number % 20 == 0
    days = chance.randint(-5, 45) if runs else -chance.randint(1, 900)
    return Project(
        workshop=workshop, number=f"L-{number}", customer_id=customers[number % CUSTOMERS], title="Portail",
        site_id=model.site_id, status=chance.choice(["open", "in_progress"]) if runs else "delivered",
        current_step=chance.choice(names) if runs else "", priority=chance.choice([1, 1, 1, 2]),
        promised_on=today + timedelta(days=days),
    )  # fmt: skip


def blocks_of(queryset: Any) -> tuple[int, str]:
    """How many blocks a page reads, and its plan."""
    sql, params = queryset.order_by(*KEYS)[:26].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {sql}", params)
        plan = "\n".join(str(row[0]) for row in cursor.fetchall())
    buffers = next(line for line in plan.splitlines() if "Buffers: shared" in line)
    return sum(int(word.split("=")[1]) for word in buffers.split() if "=" in word and word[:3] in ("hit", "rea")), plan


@pytest.mark.spec("PRJ-01")
@pytest.mark.django_db(transaction=True)
def test_the_list_of_a_hundred_thousand_projects(benchmark: Any, transactional_db: None) -> None:
    workshop = factories.workshop()
    some = fill(workshop)
    client = signed_in(factories.member(workshop, Role.OPERATOR))
    today = timezone.localdate()
    filters: dict[str, dict[str, Any]] = {
        "everything": {}, "status": {"status": "delivered"}, "open": {"status": "open"}, "step": {"step": "Cuisson"},
        "unknown step": {"step": "Nulle part"}, "priority": {"priority": "2"}, "late": {"late": True},
        "day": {"promised": today}, "customer": {"customer_pk": some["customer"]},
        "powder": {"powder_pk": some["powder"]}, "both": {"step": "Cuisson", "powder_pk": some["powder"]},
    }  # fmt: skip
    with workshop_scope(workshop.pk):
        for name, kept in filters.items():
            read, plan = blocks_of(list_projects(**kept))
            benchmark.extra_info[f"{name} blocks"] = read
            assert "Seq Scan on projects_project" not in plan, f"{name}\n{plan}"
            assert read < MOST_BLOCKS, f"{name}: {read} blocks\n{plan}"
            start = perf_counter()
            page = keyset_page(list_projects(**kept), keys=KEYS)
            benchmark.extra_info[f"{name} query ms"] = round(1000 * (perf_counter() - start), 1)
            if page.next_cursor:
                assert keyset_page(list_projects(**kept), keys=KEYS, cursor=page.next_cursor).rows
    times: dict[str, list[float]] = {name: [] for name in ADDRESSES}

    def pages() -> None:
        for name, query in ADDRESSES.items():
            start = perf_counter()
            assert client.get(f"/app/{workshop.slug}/projets/?{query}").status_code == 200
            times[name].append(perf_counter() - start)

    benchmark.pedantic(pages, rounds=7, warmup_rounds=1)
    benchmark.extra_info |= {f"{name} page ms": round(1000 * median(spent)) for name, spent in times.items()}
