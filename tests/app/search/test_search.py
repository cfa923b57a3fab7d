"""Search by the beginnings of words."""

import pytest

from app.crm.models import Customer
from app.search import selectors
from app.search.selectors import matching
from app.search.services import forget, index
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories


@pytest.fixture
def people(in_scope: Workshop) -> list[Customer]:
    """Four people, two of the same name."""
    names = ("Lefèvre Camille Grenoble", "Lefebvre Anaïs Lyon", "LEFÈVRE Paul Lyon", "Martin Œuvrard Grenoble")
    rows = [factories.customer(in_scope) for _ in names]
    for row, name in zip(rows, names, strict=True):
        index(workshop_id=in_scope.pk, kind="customer", object_pk=row.pk, texts=[name])
    return rows


def found(query: str) -> set[int]:
    condition = matching("customer", query)
    assert condition is not None
    return set(Customer.objects.filter(condition).values_list("pk", flat=True))


@pytest.mark.parametrize("few", [1_000, 1], ids=["rare word", "common word"])
@pytest.mark.parametrize(
    ("query", "ranks"),
    [
        ("lefe", {0, 1, 2}),
        ("LEFÈVRE", {0, 2}),
        ("lyon lef", {1, 2}),
        ("grenoble cam", {0}),
        ("oeuv", {3}),
        ("zzz", set()),
    ],
)
def test_each_word_begins_a_word_whatever_accents_and_case(
    people: list[Customer], monkeypatch: pytest.MonkeyPatch, few: int, query: str, ranks: set[int]
) -> None:
    monkeypatch.setattr(selectors, "FEW", few)
    assert found(query) == {people[rank].pk for rank in ranks}


def test_nothing_typed_is_no_condition(in_scope: Workshop) -> None:
    assert matching("customer", " -- ") is None


def test_a_forgotten_object_is_not_found(people: list[Customer]) -> None:
    forget(kind="customer", object_pk=people[0].pk)
    assert found("camille") == set()


@pytest.mark.spec("TEN-04")
def test_another_workshop_s_words_are_not_found(other_workshop: Workshop) -> None:
    with workshop_scope(other_workshop.pk):
        theirs = factories.customer(other_workshop)
        index(workshop_id=other_workshop.pk, kind="customer", object_pk=theirs.pk, texts=["Dupont"])
        assert found("dupont") == {theirs.pk}
    mine = factories.workshop()
    with workshop_scope(mine.pk):
        assert found("dupont") == set()
