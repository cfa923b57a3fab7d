"""What the recommended batches cost, again and first after each change: `pytest tests/benchmarks/test_batches.py`.

In bare lists of the same run (tests/benchmarks/yardstick.py); docs/performance.md keeps the results.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.template.base import Template
from django.test.utils import _TestState
from django.utils import timezone

from app.batches.recommending import recommended
from app.entitlements.constants import Feature
from app.entitlements.constants import Source as Grantor
from app.entitlements.services import grant
from app.powders.models import Powder
from app.projects.models import Part, Project, Step
from app.projects.remembering import fold_changes
from app.projects.selectors import list_steps
from app.projects.services.working import validate_step
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.stage import project_of
from tests.benchmarks import test_customers
from tests.benchmarks.test_customers import analyse
from tests.benchmarks.yardstick import ask, bare_application, processor_ms
from tests.conftest import signed_in

PROJECTS, PARTS_EACH, POWDERS, FINISHED = 5_000, 4, 400, 5_000
#: How many customers the bare list is a page of.
CUSTOMERS = 5_000
ROUNDS = 25
#: In bare lists, first after a change: what is reached (docs/performance.md), with room for a busy machine. A list's is 2.
MOST = 5


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


def changes_of(workshop: Workshop) -> dict[str, Callable[[], object]]:
    """What a workshop does all day, each with another project or powder at each call."""
    number = count()

    def project() -> Project:
        waiting = Project.objects.filter(laying="to_lay", status="in_progress").order_by("pk")
        return waiting[(97 * next(number)) % 1_000]

    def step() -> object:
        todo = next(one for one in list_steps(project()) if not one.is_done)
        return validate_step(workshop=workshop, actor=factories.ACTOR, step=todo)

    def promise() -> object:
        return Project.objects.filter(pk=project().pk).update(
            promised_on=timezone.localdate() + timedelta(days=next(number) % 50)
        )

    def conversion() -> object:
        return project_of(workshop, Part.objects.filter(project=project())[0].powder, parts=PARTS_EACH)

    def powder() -> object:
        chosen = Powder.objects.order_by("pk")[next(number) % POWDERS]
        return Powder.objects.filter(pk=chosen.pk).update(curing_minutes=10 + next(number) % 20)

    def in_scope(act: Callable[[], object]) -> Callable[[], object]:
        def call() -> None:
            with workshop_scope(workshop.pk):
                act()

        return call

    acts = {"step": step, "promise": promise, "conversion": conversion, "powder": powder}
    return {name: in_scope(act) for name, act in acts.items()}


@pytest.mark.spec("BAT-06", "PRF-04")
@pytest.mark.django_db(transaction=True)
def test_recommended_batches_over_twenty_thousand_parts(
    benchmark: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)  # as production draws
    workshop = factories.workshop()
    test_customers.fill(workshop, CUSTOMERS)
    fill(workshop)
    with workshop_scope(workshop.pk):
        grant(workshop=workshop, features=Feature.values, source=Grantor.PLAN, ends_at=None)
        assert sum(row.parts for row in recommended(workshop).rows) > 500
    client, bare, product = signed_in(factories.member(workshop, Role.OWNER)), bare_application(), WSGIHandler()
    here = f"/app/{workshop.slug}/"
    pages = {"bare": lambda: ask(bare, client, here + "clients/")}

    def page() -> object:
        return ask(product, client, here + "series/")

    acts = changes_of(workshop)
    pages |= {"again": page} | {f"after a {name}": page for name in acts}
    before = {"again": page} | {f"after a {name}": act for name, act in acts.items()}
    before["bare"] = fold_changes  # as every minute: each act has come once since the last time
    spent = benchmark.pedantic(lambda: processor_ms(pages, rounds=ROUNDS, before=before), rounds=1)
    for name, cost in spent.items():
        benchmark.extra_info[name] = f"{cost:.1f} ms, {cost / spent['bare']:.2f} bare lists"
    assert max(spent.values()) < MOST * spent["bare"]
