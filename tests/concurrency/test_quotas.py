"""Real threads, real commits: a quota is never passed by one unit, and none is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from celery import current_app
from django.db import connection

from app.entitlements.constants import Dimension, Source
from app.entitlements.errors import QuotaReachedError
from app.entitlements.models import Usage, UsageDay
from app.entitlements.services import allow, consume, recount, release
from app.files.selectors import count_stored_bytes
from app.files.services import store_file
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, ATTEMPTS, LIMIT = 10, 500, 137


@pytest.fixture
def shop(transactional_db: None) -> Workshop:
    current_app.loader.import_default_modules()  # before the threads, which would meet half-registered tasks
    return factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


def in_threads(work: Any, times: int = ATTEMPTS) -> list[bool]:
    """Try so many times from threads that start on one signal; whether each attempt was accepted."""
    start = Barrier(THREADS)

    def several(_rank: int) -> list[bool]:
        start.wait(10)
        try:
            return [_accepted(work) for _ in range(times // THREADS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return [accepted for several_done in pool.map(several, range(THREADS)) for accepted in several_done]


def _accepted(work: Any) -> bool:
    try:
        work()
    except QuotaReachedError:
        return False
    return True


@pytest.mark.spec("PLN-05")
def test_five_hundred_attempts_at_once_never_pass_the_limit_by_one(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        allow(workshop=shop, limits={Dimension.QUOTES: LIMIT}, source=Source.PLAN)

    def attempt() -> None:
        with workshop_scope(shop.pk):
            consume(workshop=shop, dimension=Dimension.QUOTES)

    assert sum(in_threads(attempt)) == LIMIT
    with workshop_scope(shop.pk):
        assert Usage.objects.get().used == LIMIT
        day = UsageDay.objects.get()
        assert (day.added, day.refused) == (LIMIT, ATTEMPTS - LIMIT)


def test_what_is_taken_and_given_back_at_once_comes_back_to_nothing(shop: Workshop) -> None:
    def attempt() -> None:
        with workshop_scope(shop.pk):
            consume(workshop=shop, dimension=Dimension.USERS, amount=3)
        with workshop_scope(shop.pk):
            release(workshop=shop, dimension=Dimension.USERS, amount=3)

    assert all(in_threads(attempt, 200))
    with workshop_scope(shop.pk):
        assert Usage.objects.get().used == 0


@pytest.mark.spec("PLN-17")
def test_files_stored_at_once_fill_the_storage_exactly(shop: Workshop) -> None:
    content = b"nom;ville\n" + b"x" * 90
    with workshop_scope(shop.pk):
        allow(workshop=shop, limits={Dimension.STORAGE: 25 * len(content)}, source=Source.PLAN)

    def attempt() -> None:
        with workshop_scope(shop.pk):
            store_file(
                workshop=shop, actor=factories.ACTOR, name="c.csv", content=content, kind="import",
                content_type="text/csv",
            )  # fmt: skip

    assert sum(in_threads(attempt, 50)) == 25
    with workshop_scope(shop.pk):
        assert Usage.objects.get().used == count_stored_bytes() == 25 * len(content)


def test_a_recount_in_the_middle_of_acts_loses_none(shop: Workshop) -> None:
    def attempt() -> None:
        with workshop_scope(shop.pk):
            factories.customer(shop)
            consume(workshop=shop, dimension=Dimension.CONTACTS)
        with workshop_scope(shop.pk):
            recount(workshop=shop)

    assert all(in_threads(attempt, 100))
    with workshop_scope(shop.pk):
        assert Usage.objects.get(dimension=Dimension.CONTACTS).used == 100
        assert recount(workshop=shop) == {}
