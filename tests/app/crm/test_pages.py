"""The pages of a search: found among the words, and the same as if each customer had been read."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from app.crm.identity import CustomerData, keys_of, tidy
from app.crm.models import Customer
from app.crm.selectors import SEARCH_KIND, list_customers, page_of_customers
from app.crm.services.bulk import create_many, update_many
from app.crm.services.customers import create_customer, edit_customer
from app.crm.services.merging import merge_customers
from app.crm.services.privacy import delete_customer, erase_customer
from app.search import selectors
from app.search.models import SearchToken
from app.tenancy.models import Workshop
from tests.factories import ACTOR

FIRST, LAST = ("Jean", "Jeanne", "Élodie", "Luc"), ("Martin", "Marti", "Lefèvre", "Jeannot", "Müller")
QUERIES = (
    "mar",
    "jean",
    "LEFÈVRE",
    "jean mar",
    "mar luc",
    "e",
    "jean jean",
    "nobody",
    "luc nobody",
    "%",
    "'",
    "m",
    "jeannot j",
)


def furnish(workshop: Workshop, count: int = 60) -> None:
    """Customers of few words: many share a name, some their whole place in the list."""
    random = Random(2200)
    rows = [
        tidy(CustomerData(
            type="pro" if number % 3 else "particulier", company=random.choice(("", "", "Martin Frères")),
            last_name=random.choice(LAST), first_name=random.choice(FIRST), email=f"c{number}@client.fr",
        ))
        for number in range(count)
    ]  # fmt: skip
    create_many(workshop=workshop, actor=ACTOR, rows=[(data, keys_of(data)) for data in rows])


def walk(query: str, *, size: int) -> tuple[list[Customer], list[Customer]]:
    """What one reads from the first page to the last one, and then back again."""
    there, back = [], []
    page = page_of_customers(search=query, size=size)
    there += page.rows
    while page.next_cursor:
        page = page_of_customers(search=query, size=size, cursor=page.next_cursor)
        there += page.rows
    back = list(page.rows)
    while page.previous_cursor:
        page = page_of_customers(search=query, size=size, cursor=page.previous_cursor)
        back = [*page.rows, *back]
    return there, back


@pytest.mark.spec("CRM-22", "PRF-02")
@pytest.mark.parametrize("few", [selectors.FEW, 10])
@pytest.mark.parametrize("size", [1, 7, 25])
def test_the_pages_of_a_search_are_those_of_its_list(
    in_scope: Workshop, monkeypatch: pytest.MonkeyPatch, size: int, few: int
) -> None:
    furnish(in_scope)
    monkeypatch.setattr(selectors, "FEW", few)
    for query in QUERIES:
        expected = list(list_customers(search=query))
        there, back = walk(query, size=size)
        assert there == expected, query
        assert back == expected, query


@pytest.mark.spec("CRM-22")
def test_a_search_reads_no_customer_that_it_does_not_show(in_scope: Workshop) -> None:
    furnish(in_scope)
    with CaptureQueriesContext(connection) as asked:
        page = page_of_customers(search="mar", size=5)
    assert len(page.rows) == 5
    [words, rows] = [one["sql"] for one in asked.captured_queries]
    assert "crm_customer" not in words
    assert "search_searchtoken" not in rows


@pytest.mark.spec("CRM-22")
def test_filters_and_made_up_cursors_keep_their_answers(in_scope: Workshop) -> None:
    furnish(in_scope)
    for kind in ("pro", "particulier"):
        rows = page_of_customers(search="mar", type=kind, size=100).rows
        assert rows == list(list_customers(search="mar", type=kind))
    first = page_of_customers(search="mar", size=5)
    assert page_of_customers(search="mar", size=5, cursor="nonsense").rows == first.rows
    assert page_of_customers(search="...", size=5).rows == list(list_customers()[:5])  # no word was typed


@pytest.mark.spec("CRM-22", "CRM-05", "CRM-19")
def test_whatever_writes_a_customer_writes_its_place(in_scope: Workshop) -> None:
    furnish(in_scope, 6)
    rows = list(list_customers())
    alone = create_customer(workshop=in_scope, actor=ACTOR, data=CustomerData(last_name="Zola", email="z@client.fr"))
    edit_customer(
        workshop=in_scope, actor=ACTOR, customer=alone, data=CustomerData(last_name="Abel", email="z@client.fr")
    )
    data = CustomerData(company="Atelier Nouveau", last_name="Martin", email="n@client.fr")
    update_many(workshop=in_scope, changed=[(rows[0], tidy(data))])
    merge_customers(workshop=in_scope, actor=ACTOR, kept=rows[1], merged=rows[2])
    erase_customer(workshop=in_scope, actor=ACTOR, customer=rows[3])
    delete_customer(workshop=in_scope, actor=ACTOR, customer=rows[4])
    places = dict(Customer.objects.filter(erased_at=None).values_list("pk", "sort_key"))
    kept = SearchToken.objects.filter(kind=SEARCH_KIND).values_list("object_pk", "sort_key").distinct()
    assert dict(kept) == places
    assert len(kept) == len(places) == 4
