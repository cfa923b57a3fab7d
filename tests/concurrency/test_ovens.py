"""Real threads, real commits: a plan is adopted once, an oven holds one load, a piece is in one load."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from app.batches.models import OvenLoad, OvenLoadPart
from app.batches.oven_constants import LoadState
from app.batches.services.adopting import adopt_plan
from app.batches.services.curing import record_load, start_load
from app.kernel.errors import RuleError
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.ovens import found_plan, oven, part

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = factories.ACTOR


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Workshop]:
    yield factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


def together(shop: Workshop, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do each work in a scope of its own, all from one signal; a refusal is a result."""
    start = Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            with workshop_scope(shop.pk):
                return work()
        except RuleError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def refused(results: list[Any]) -> int:
    return sum(isinstance(result, RuleError) for result in results)


def test_a_plan_is_adopted_once_by_four_people_at_once(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        plan = found_plan(shop, [oven(shop)], [part(shop, factories.powder(shop), pieces=3)])
    results = together(shop, [lambda: adopt_plan(workshop=shop, actor=ACTOR, plan=plan)] * 4)
    assert refused(results) == 3
    with workshop_scope(shop.pk):
        assert sum(row.pieces for row in OvenLoadPart.objects.all()) == 3


def test_an_oven_takes_one_of_four_loads_started_at_once(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        held = oven(shop)
        loads = [OvenLoad.objects.create(workshop=shop, oven=held, number=number) for number in range(1, 5)]
    works = [lambda load=load: start_load(workshop=shop, actor=ACTOR, load=load) for load in loads]
    assert refused(together(shop, works)) == 3
    with workshop_scope(shop.pk):
        assert OvenLoad.objects.filter(state=LoadState.IN_OVEN).count() == 1


def test_a_part_is_in_one_of_the_loads_made_of_it_at_once(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        ovens = [oven(shop, name=f"Four {number}") for number in range(3)]
        waiting = part(shop, factories.powder(shop), pieces=2)
    works = [
        lambda held=held: record_load(workshop=shop, actor=ACTOR, oven=held, part_pks=[waiting.pk]) for held in ovens
    ]
    assert refused(together(shop, works)) == 2
    with workshop_scope(shop.pk):
        assert OvenLoadPart.objects.get().pieces == 2
