"""The pages of a search in the order of moments: found among the words, and the same as if each row had been read."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from app.crm.identity import CustomerData
from app.crm.models import Customer
from app.crm.services.customers import edit_customer
from app.kernel.pagination import Page
from app.projects.models import Project
from app.projects.selectors import list_projects, page_of_projects
from app.projects.services.indexing import index_project, index_projects_of
from app.quotes.models import Quote
from app.quotes.selectors import list_quotes, page_of_quotes
from app.quotes.services.indexing import index_quote, index_quotes_of
from app.search import selectors
from app.search.models import SearchToken
from app.search.selectors import place_in_time
from app.tenancy.models import Workshop
from app.workshops.services.sites import main_site
from tests import factories
from tests.factories import ACTOR

TITLES = ("Portail", "Portillon", "Jantes", "Portail Jantes", "Garde-corps")
QUERIES = ("port", "portail", "jantes port", "martin", "martin port", "mart jan gard", "p", "nobody", "port nobody")
#: Moments with and without microseconds, some the same.
START = datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC)
MOMENTS = [START + timedelta(milliseconds=250 * (number // 2)) for number in range(60)]

Lists = tuple[Callable[..., "QuerySet[Any]"], Callable[..., Page[Any]]]
QUOTES: Lists = (list_quotes, page_of_quotes)
PROJECTS: Lists = (list_projects, page_of_projects)


def furnish(workshop: Workshop, which: Lists) -> list[Customer]:
    random = Random(818)
    customers = [factories.customer(workshop, last_name=name) for name in ("Martin", "Martinez", "Durand")]
    moments = random.sample(MOMENTS, len(MOMENTS))
    for moment in moments:
        common: dict[str, Any] = {
            "workshop": workshop, "customer": random.choice(customers), "title": random.choice(TITLES),
        }  # fmt: skip
        if which is QUOTES:
            quote = Quote.objects.create(**common)
            Quote.objects.filter(pk=quote.pk).update(created_at=moment)
            index_quote(Quote.objects.get(pk=quote.pk))
        else:
            number = f"P-{random.random()}"
            project = Project.objects.create(**common, number=number, site=main_site(workshop=workshop))
            Project.objects.filter(pk=project.pk).update(created_at=moment)
            index_project(Project.objects.get(pk=project.pk))
    return customers


def walk(page_of: Callable[..., Page[Any]], query: str) -> tuple[list[Any], list[Any]]:
    """What one reads from the first page to the last one, and then back again."""
    page = page_of(search=query)
    there = list(page.rows)
    while page.next_cursor:
        page = page_of(search=query, cursor=page.next_cursor)
        there += page.rows
    back = list(page.rows)
    while page.previous_cursor:
        page = page_of(search=query, cursor=page.previous_cursor)
        back = [*page.rows, *back]
    return there, back


@pytest.mark.spec("PRF-02")
@pytest.mark.parametrize("which", [QUOTES, PROJECTS], ids=["quotes", "projects"])
@pytest.mark.parametrize(("most", "few"), [(32, selectors.FEW), (1, selectors.FEW), (0, 5)])
def test_the_pages_of_a_search_are_those_of_its_list(
    in_scope: Workshop, monkeypatch: pytest.MonkeyPatch, which: Lists, most: int, few: int
) -> None:
    furnish(in_scope, which)
    monkeypatch.setattr(selectors, "MOST_READ_IN_ORDER", most)
    monkeypatch.setattr(selectors, "FEW", few)
    rows, page_of = which
    for query in QUERIES:
        expected = list(rows(search=query))
        there, back = walk(page_of, query)
        assert there == expected, query
        assert back == expected, query
    assert len(list(rows(search="port"))) > 25


@pytest.mark.spec("PRF-02")
@pytest.mark.parametrize("which", [QUOTES, PROJECTS], ids=["quotes", "projects"])
def test_a_search_reads_no_row_that_it_does_not_show(in_scope: Workshop, which: Lists) -> None:
    furnish(in_scope, which)
    with CaptureQueriesContext(connection) as asked:
        page = which[1](search="port")
    assert len(page.rows) == 25
    [words, rows] = [one["sql"] for one in asked.captured_queries]
    assert "_quote" not in words and "_project" not in words
    assert "search_searchtoken" not in rows


@pytest.mark.spec("PRF-02")
def test_filters_keep_their_answers(in_scope: Workshop) -> None:
    customers = furnish(in_scope, PROJECTS)
    found = page_of_projects(search="port", customer_pk=customers[0].pk)
    assert found.rows == list(list_projects(search="port", customer_pk=customers[0].pk)[:25])
    furnish(in_scope, QUOTES)
    assert page_of_quotes(search="port", status="sent").rows == []


@pytest.mark.spec("PRF-02")
def test_whatever_writes_the_words_writes_the_place(in_scope: Workshop) -> None:
    quote, project = factories.quote(in_scope), factories.project(in_scope)
    index_quotes_of([quote.customer_id])
    index_projects_of([project.customer_id])
    edit_customer(workshop=in_scope, actor=ACTOR, customer=quote.customer, data=CustomerData(last_name="Abel"))
    for kind, row in (("quote", quote), ("project", project)):
        row.refresh_from_db()
        places = SearchToken.objects.filter(kind=kind, object_pk=row.pk).values_list("sort_key", flat=True)
        assert set(places) == {place_in_time(row.created_at)}
