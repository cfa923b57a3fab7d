"""What the running projects need of a powder: what each of their parts will take, as it is posted when it is laid."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.batches.consumption import exact_kg
from app.batches.demand import powder_demand
from app.batches.services.batching import open_batch_of
from app.batches.services.launching import cancel_batch, launch_batch
from app.batches.services.rules import save_batch_settings
from app.estimating.consumption import to_the_gram
from app.powders.models import Powder
from app.projects.constants import ProjectStatus, TermKind
from app.projects.models import Part, Project
from app.projects.selectors import list_steps, list_terms
from app.projects.services.quality import declare_nonconformity
from app.projects.services.terms import supply_terms
from app.tenancy.models import Workshop
from tests import factories
from tests.app.batches.stage import parts_of, project_of, ready_project
from tests.app.batches.test_consumption import RULES, lay_powder

ACTOR = factories.ACTOR


def demanded(workshop: Workshop, *powders: Powder) -> dict[tuple[int, int, date | None], Decimal]:
    told = powder_demand(workshop, [powder.pk for powder in powders])
    return {(one.powder_pk, one.site_pk, one.needed_on): one.kg for one in told}


def post_at_launch(workshop: Workshop) -> None:
    save_batch_settings(workshop=workshop, actor=ACTOR, wanted={**RULES, "posting": "launch"})


@pytest.mark.spec("PRJ-10", "STK-09")
def test_the_demand_is_what_the_parts_will_take(in_scope: Workshop) -> None:
    measured = factories.powder(in_scope)
    unmeasured = factories.powder(in_scope, consumption_g_per_m2=None, density=Decimal("1.52"), thickness_um=75)
    quote = factories.quote(in_scope, transfer_loss_percent=Decimal("35.5"))
    projects = [
        project_of(in_scope, powder, parts=parts, promised_on=promise, quote=quoted,
                   part={"surface_m2": Decimal(surface), "coats": coats})
        for powder, parts, surface, coats, promise, quoted in (
            (measured, 2, "1.2345", 2, None, None),
            (measured, 1, "0.3333", 1, date(2031, 5, 12), quote),
            (unmeasured, 1, "2.7182", 1, date(2031, 5, 12), None),
            (unmeasured, 3, "3.1415", 3, date(2031, 5, 13), None),
        )
    ]  # fmt: skip
    quoted = factories.quote(in_scope, transfer_loss_percent=Decimal("12.5"))
    projects.append(project_of(in_scope, unmeasured, quote=quoted, promised_on=date(2031, 5, 13)))
    expected: dict[tuple[int, int, date | None], Decimal] = defaultdict(Decimal)
    for part in parts_of(*projects):
        expected[part.powder_id or 0, part.project.site_id, part.project.promised_on] += exact_kg(part) or 0
    assert demanded(in_scope, measured, unmeasured) == {key: to_the_gram(kg) for key, kg in expected.items()}
    assert len(expected) == 4


@pytest.mark.spec("PRJ-10")
@pytest.mark.parametrize("status", [ProjectStatus.CANCELLED, ProjectStatus.DELIVERED])
def test_a_project_that_does_not_run_needs_nothing(in_scope: Workshop, status: str) -> None:
    powder = factories.powder(in_scope)
    project = project_of(in_scope, powder)
    assert demanded(in_scope, powder)
    Project.objects.filter(pk=project.pk).update(status=status)
    assert demanded(in_scope, powder) == {}


@pytest.mark.spec("PRJ-10", "BAT-10")
def test_what_a_cancelled_batch_gives_back_is_needed_again(in_scope: Workshop) -> None:
    powder = factories.powder(in_scope)
    post_at_launch(in_scope)
    batch = open_batch_of(workshop=in_scope, actor=ACTOR, parts=parts_of(ready_project(in_scope, powder)))
    before = demanded(in_scope, powder)
    launch_batch(workshop=in_scope, actor=ACTOR, batch=batch)
    assert (len(before), demanded(in_scope, powder)) == (1, {})
    cancel_batch(workshop=in_scope, actor=ACTOR, batch=batch, reason="Four en panne")
    assert demanded(in_scope, powder) == before


@pytest.mark.spec("PRJ-10", "QUA-05")
def test_what_is_laid_again_is_needed_until_it_has_left_the_stock_in_this_pass(in_scope: Workshop) -> None:
    supply_terms(workshop=in_scope)
    powder = factories.powder(in_scope)
    project = ready_project(in_scope, powder, parts=2)
    lay_powder(in_scope, project)
    assert demanded(in_scope, powder) == {}
    back = next(step for step in list_steps(project) if step.lays_powder)
    declare_nonconformity(workshop=in_scope, actor=ACTOR, project=project, step=list_steps(project)[4],
                          defect=list_terms(TermKind.DEFECT)[0], return_to=back, part=parts_of(project)[0])  # fmt: skip
    assert list(demanded(in_scope, powder).values()) == [Decimal("0.300")]
    post_at_launch(in_scope)
    batch = open_batch_of(workshop=in_scope, actor=ACTOR, parts=parts_of(project)[:1])
    launch_batch(workshop=in_scope, actor=ACTOR, batch=batch)
    assert demanded(in_scope, powder) == {}


@pytest.mark.spec("PRJ-10")
def test_what_was_laid_needs_nothing_even_if_it_could_not_be_reckoned_then(in_scope: Workshop) -> None:
    powder = factories.powder(in_scope)
    project = ready_project(in_scope, powder, part={"surface_m2": None})
    lay_powder(in_scope, project)
    Part.objects.filter(project=project).update(surface_m2=Decimal(1))
    assert demanded(in_scope, powder) == {}


@pytest.mark.spec("PRF-04")
def test_a_demand_that_is_asked_again_reads_the_state_of_the_work_alone(
    in_scope: Workshop, django_assert_num_queries: Any
) -> None:
    powder = factories.powder(in_scope)
    project_of(in_scope, powder)
    first = demanded(in_scope, powder)
    with django_assert_num_queries(1):
        assert demanded(in_scope, powder) == first
