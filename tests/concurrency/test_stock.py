"""Real threads, real commits: movements posted at once lose nothing, the same one is posted once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from app.stock.models import Carton, DailyPick, Item, Level, Movement, Weighing
from app.stock.services.planning import list_of_the_day
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.stock.stage import Stage, level, require_agreement

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 50


@pytest.fixture
def stage(transactional_db: None) -> Iterator[Stage]:
    shop = factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")
    with workshop_scope(shop.pk):
        stage = Stage(shop)
        stage.receive(2)
    yield stage


def together(shop: Workshop, how_many: int, work: Callable[[int], Any]) -> list[Any]:
    """Run the work in scopes that start on the same signal."""
    start = Barrier(how_many)

    def one(rank: int) -> Any:
        start.wait(30)
        try:
            with workshop_scope(shop.pk):
                return work(rank)
        finally:
            connection.close()

    with ThreadPoolExecutor(how_many) as pool:
        return list(pool.map(one, range(how_many)))


@pytest.mark.spec("STK-14")
def test_fifty_consumptions_at_once_are_all_in_the_level(stage: Stage) -> None:
    posted = together(stage.workshop, AT_ONCE, lambda rank: stage.use("0.1", key=f"project:{rank}"))
    assert posted == [True] * AT_ONCE
    with workshop_scope(stage.workshop.pk):
        assert level(stage.item) == Decimal(35)
        require_agreement()


@pytest.mark.spec("STK-01", "STK-14")
def test_the_same_consumption_at_once_is_posted_once(stage: Stage) -> None:
    posted = together(stage.workshop, 12, lambda _rank: stage.use("3", key="batch:7"))
    assert sorted(posted) == [False] * 11 + [True]
    with workshop_scope(stage.workshop.pk):
        assert level(stage.item) == Decimal(37)


@pytest.mark.spec("STK-14")
def test_the_same_receipt_at_once_comes_in_once(stage: Stage) -> None:
    key = uuid4()
    received = together(stage.workshop, 8, lambda _rank: [carton.pk for carton in stage.receive(3, key=key)])
    assert len({tuple(pks) for pks in received}) == 1
    with workshop_scope(stage.workshop.pk):
        assert (Carton.objects.count(), level(stage.item)) == (5, Decimal(100))
        require_agreement()


@pytest.mark.spec("STK-14")
def test_weighings_and_consumptions_at_once_still_agree(stage: Stage) -> None:
    with workshop_scope(stage.workshop.pk):
        cartons = list(Carton.objects.order_by("pk"))
    keys = [uuid4() for _number in range(4)]

    def work(rank: int) -> object:
        if rank % 3:
            return stage.use("0.2", key=f"use:{rank}")
        return stage.weigh(cartons[rank % 2], f"{18 - rank % 4}", key=keys[rank % 4])

    together(stage.workshop, 24, work)
    with workshop_scope(stage.workshop.pk):
        assert Weighing.objects.count() == 4
        require_agreement()
        for carton in cartons:
            stage.weigh(carton, "5.8")
        assert level(stage.item) == Decimal(10)
        require_agreement()


def test_a_powder_first_used_by_many_at_once_is_one_item(stage: Stage) -> None:
    with workshop_scope(stage.workshop.pk):
        new = factories.powder(stage.workshop)
    together(stage.workshop, 8, lambda rank: stage.use("1", key=f"first:{rank}", powder=new))
    with workshop_scope(stage.workshop.pk):
        item = Item.objects.get(powder=new)
        assert Level.objects.get(item=item).quantity == Decimal(-8)
        assert Movement.objects.filter(item=item).count() == 8


def test_the_list_of_the_day_asked_by_many_at_once_is_one_list(stage: Stage) -> None:
    with workshop_scope(stage.workshop.pk):
        for _number in range(6):
            stage.receive(1, powder=factories.powder(stage.workshop))
    lists = together(
        stage.workshop, 6, lambda _rank: [pick.item_id for pick in list_of_the_day(workshop=stage.workshop)]
    )
    assert len({tuple(found) for found in lists}) == 1
    with workshop_scope(stage.workshop.pk):
        assert DailyPick.objects.count() == 3
