"""Quotes and projects are found by the name that their customer has now."""

from dataclasses import replace

import pytest

from app.crm.identity import data_of
from app.crm.models import Customer
from app.crm.services.bulk import update_many
from app.crm.services.customers import edit_customer
from app.crm.services.merging import merge_customers
from app.projects.selectors import list_projects
from app.projects.services.indexing import index_project
from app.quotes.selectors import list_quotes
from app.quotes.services.indexing import index_quote, index_quotes_of
from app.search.models import SearchToken
from app.tenancy.models import Workshop
from tests import factories
from tests.factories import ACTOR


@pytest.fixture
def customer(in_scope: Workshop) -> Customer:
    """Somebody called Durand, with a quote and a project."""
    customer = factories.customer(in_scope, last_name="Durand", first_name="Luc", email="luc@client.fr")
    index_quote(factories.quote(in_scope, customer=customer, title="Portail"))
    index_project(factories.project(in_scope, customer=customer, title="Portail"))
    assert found("durand") == (1, 1)
    return customer


def found(words: str) -> tuple[int, int]:
    return list_quotes(search=words).count(), list_projects(search=words).count()


def test_a_new_name_finds_the_quotes_and_the_projects_and_the_old_one_no_longer(customer: Customer) -> None:
    renamed = replace(data_of(customer), last_name="Martineau")
    edit_customer(workshop=customer.workshop, actor=ACTOR, customer=customer, data=renamed)
    assert found("martineau luc") == (1, 1)
    assert found("portail") == (1, 1)
    assert found("durand") == (0, 0)


def test_an_import_that_renames_is_followed_too(customer: Customer) -> None:
    renamed = replace(data_of(customer), last_name="Martineau")
    update_many(workshop=customer.workshop, changed=[(customer, renamed)])
    assert (found("martineau"), found("durand")) == ((1, 1), (0, 0))


@pytest.mark.spec("CRM-05")
def test_what_comes_from_a_merged_record_is_found_by_the_name_that_is_kept(customer: Customer) -> None:
    kept = factories.customer(customer.workshop, last_name="Petit", first_name="Ana", email="ana@client.fr")
    merge_customers(workshop=customer.workshop, actor=ACTOR, kept=kept, merged=customer)
    assert (found("petit portail"), found("durand")) == ((1, 1), (0, 0))


def test_indexing_twice_changes_nothing(customer: Customer) -> None:
    before = list(SearchToken.objects.order_by("kind", "object_pk", "token").values_list("kind", "object_pk", "token"))
    index_quotes_of([customer.pk])
    index_quotes_of([customer.pk])
    after = list(SearchToken.objects.order_by("kind", "object_pk", "token").values_list("kind", "object_pk", "token"))
    assert after == before
