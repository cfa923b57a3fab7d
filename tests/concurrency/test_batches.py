"""Real threads, real commits: two hundred people put parts in one batch, and it is never mixed."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, connection

from app.batches.grouping import differences, grouping_of, grouping_of_batch
from app.batches.models import Batch, BatchItem, PowderShare
from app.batches.selectors import get_batch, get_parts
from app.batches.services.batching import add_parts, open_batch, open_batch_of
from app.batches.services.launching import close_batch, launch_batch
from app.kernel.errors import RuleError
from app.projects.models import Part
from app.stock.models import Movement
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.stage import parts_of, project_of, ready_project

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8
ADDITIONS = 200


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Workshop]:
    yield factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


def together(shop: Workshop, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do each work in a scope of its own, several at a time from one signal; a refusal is a result."""
    start = Barrier(min(AT_ONCE, len(works)))

    def one(rank: int) -> Any:
        if rank < start.parties:
            start.wait(10)
        try:
            with workshop_scope(shop.pk):
                return works[rank]()
        except (RuleError, DatabaseError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(len(works))))


def is_pure(batch: Batch) -> bool:
    parts = get_parts(BatchItem.objects.filter(batch=batch).values_list("part_id", flat=True))
    return all(not differences(grouping_of_batch(batch), grouping_of(part)) for part in parts)


@pytest.mark.spec("BAT-03", "BAT-17", "BAT-07")
def test_two_hundred_additions_at_once_never_mix_a_batch(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        powder = factories.powder(shop, reference="TP-7016", finish="mat")
        gloss = factories.powder(shop, reference="TP-7016", finish="brillant")
        alike = parts_of(project_of(shop, powder, parts=20), project_of(shop, powder, parts=20))
        strangers = parts_of(
            project_of(shop, gloss, parts=20), project_of(shop, powder, parts=20, part={"coats": 2}),
            project_of(shop, powder, parts=20, part={"curing_celsius": 200}),
        )  # fmt: skip
        batches = [
            open_batch(workshop=shop, actor=factories.ACTOR, grouping=grouping_of(alike[0])) for _two in range(2)
        ]

    def addition(rank: int) -> Callable[[], Any]:
        parts = [*alike, *strangers]
        part, batch = parts[rank % len(parts)], batches[rank % 2]
        return lambda: add_parts(workshop=shop, actor=factories.ACTOR, batch=batch, parts=[part])

    answers = together(shop, [addition(rank) for rank in range(ADDITIONS)])
    with workshop_scope(shop.pk):
        assert all(is_pure(get_batch(batch.pk)) for batch in batches)
        held = list(BatchItem.objects.filter(is_held=True).values_list("part_id", flat=True))
    assert sorted(held) == sorted(part.pk for part in alike)  # each that goes with them, once
    refused = [answer for rank, answer in enumerate(answers) if rank % 100 >= len(alike)]
    assert len(refused) == 120 and all(isinstance(answer, RuleError) for answer in refused)
    words = [answer.message for answer in refused]
    assert all("Brillant" in said or "2 c" in said or "200 °C" in said for said in words)


@pytest.mark.spec("BAT-03", "BAT-17")
def test_the_database_refuses_one_of_two_statements_that_do_not_go_together(shop: Workshop) -> None:
    """Without the services: a part is put in the batch while a statement changes it."""
    with workshop_scope(shop.pk):
        powder = factories.powder(shop)
        parts = parts_of(project_of(shop, powder, parts=AT_ONCE))
        batch = open_batch(workshop=shop, actor=factories.ACTOR, grouping=grouping_of(parts[0]))

    def put_in(part: Part) -> Callable[[], Any]:
        return lambda: BatchItem.objects.create(workshop=shop, batch=batch, part=part)

    def change(part: Part) -> Callable[[], Any]:
        return lambda: Part.objects.filter(pk=part.pk).update(coats=2)

    works = [act(part) for part in parts for act in (put_in, change)]
    answers = together(shop, works)
    for put, changed in zip(answers[::2], answers[1::2], strict=True):
        assert isinstance(put, DatabaseError) != isinstance(changed, DatabaseError)
    with workshop_scope(shop.pk):
        assert is_pure(get_batch(batch.pk))


@pytest.mark.spec("BAT-07")
def test_a_part_is_put_in_one_of_several_batches(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        parts = parts_of(ready_project(shop, factories.powder(shop)))
    works = [lambda: open_batch_of(workshop=shop, actor=factories.ACTOR, parts=parts)] * AT_ONCE
    answers = together(shop, works)
    assert sum(isinstance(answer, Batch) for answer in answers) == 1
    with workshop_scope(shop.pk):
        assert (Batch.objects.count(), BatchItem.objects.count()) == (1, 1)


@pytest.mark.spec("BAT-10", "BAT-09", "PRJ-10")
def test_a_batch_closed_by_several_people_takes_its_powder_once(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        powder = factories.powder(shop)
        projects = [ready_project(shop, powder, parts=2) for _number in range(3)]
        batch = open_batch_of(workshop=shop, actor=factories.ACTOR, parts=parts_of(*projects))
        launch_batch(workshop=shop, actor=factories.ACTOR, batch=batch)
    works = [lambda: close_batch(workshop=shop, actor=factories.ACTOR, batch=batch)] * AT_ONCE
    answers = together(shop, works)
    assert all(isinstance(answer, Batch) for answer in answers)
    with workshop_scope(shop.pk):
        assert Movement.objects.count() == 1
        assert PowderShare.objects.count() == 6
