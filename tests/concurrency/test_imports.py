"""Real threads, real commits: an import that changes customers writes nothing back that somebody changes meanwhile."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection

from app.crm.models import Customer
from app.crm.selectors import find_by_keys
from app.crm.services.bulk import update_many
from app.crm.services.merging import merge_customers
from app.crm.services.privacy import erase_customer
from app.dataio.services.preparing import confirm
from app.dataio.services.running import work_on_import
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.dataio.test_import import checked, counts, fresh, kept
from tests.factories import ACTOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("CRM-19", "CRM-33")]
FILE = "Nom;Prénom;E-mail;Ville\nLefèvre;Camille;camille@exemple.test;Lyon\n"


@pytest.fixture
def shop(transactional_db: None) -> Iterator[Workshop]:
    yield factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


def elsewhere(work: Callable[[], Any]) -> Any:
    """What the work answers on another connection, done and committed."""

    def done() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result(20)


def erased(shop: Workshop, customer: Customer) -> None:
    erase_customer(workshop=shop, actor=ACTOR, customer=customer)


def merged(shop: Workshop, customer: Customer) -> None:
    other = factories.customer(shop, first_name="Camille", last_name="Autre", email="autre@exemple.test")
    merge_customers(workshop=shop, actor=ACTOR, kept=other, merged=customer)


def run_import(shop: Workshop) -> tuple[int, ...]:
    held = checked(shop, kept(shop, FILE, decision="update"))
    with workshop_scope(shop.pk):
        confirm(workshop=shop, actor=ACTOR, held=held)
    work_on_import(workshop_id=shop.pk, import_pk=held.pk)
    return counts(fresh(shop, held))


def person(shop: Workshop) -> Customer:
    with workshop_scope(shop.pk):
        return factories.customer(
            shop, first_name="Camille", last_name="Lefèvre", email="camille@exemple.test", city="Metz"
        )


@pytest.mark.parametrize("act", [erased, merged])
def test_a_record_that_goes_between_its_finding_and_its_change_is_another_one(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, act: Callable[[Workshop, Customer], None]
) -> None:
    customer = person(shop)
    times: list[Any] = []

    def go() -> None:
        with workshop_scope(shop.pk):
            act(shop, customer)

    def found_then_gone(keys: Any) -> Any:
        found = find_by_keys(keys)
        times.append(found)
        if len(times) == 2:  # the check was the first
            elsewhere(go)
        return found

    monkeypatch.setattr("app.dataio.planning.find_by_keys", found_then_gone)
    run_import(shop)
    with workshop_scope(shop.pk):
        gone = Customer.objects.filter(pk=customer.pk).first()
        assert gone is None or (gone.erased_at is not None and gone.email == gone.last_name == gone.city == "")
        assert Customer.objects.filter(erased_at=None, city="Lyon").count() == 1


def test_what_an_import_is_about_to_change_waits_for_it(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = person(shop)
    refusals: list[Any] = []

    def take() -> None:
        with workshop_scope(shop.pk):
            Customer.objects.select_for_update(nowait=True).get(pk=customer.pk)

    def written_alone(**given: Any) -> None:
        with pytest.raises(OperationalError) as refusal:
            elsewhere(take)
        refusals.append(refusal)
        update_many(**given)

    monkeypatch.setattr("app.dataio.services.running.update_many", written_alone)
    assert run_import(shop) == (0, 1, 0, 0)
    assert len(refusals) == 1
    with workshop_scope(shop.pk):
        assert Customer.objects.get().city == "Lyon"
