"""What a page of each list costs in yardsticks, and its search in pages: `pytest tests/benchmarks/test_lists.py`.

`extra_info` says each in milliseconds of processor (this process and its PostgreSQL) and in bare lists of the same run:
on a shared machine the first doubles, the second holds. docs/performance.md keeps the results.
"""

import gc
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.template.base import Template
from django.test.utils import _TestState

from app.crm.models import Customer
from app.quotes.models import Quote
from app.quotes.services.indexing import index_quotes_of
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.benchmarks import test_projects
from tests.benchmarks.test_customers import analyse, fill
from tests.benchmarks.yardstick import ask, bare_application, processor_ms
from tests.conftest import signed_in

COUNT = 100_000
ROUNDS = 25
LISTS = {"customers": "clients/", "quotes": "devis/", "projects": "projets/", "powders": "poudres/", "stock": "stock/"}
SEARCHES = {
    "customers": ("q=lefevre0", "q=lefevre0+gren", "q=lef", "q=lef+gren"),
    "quotes": ("q=lefevre0",),
    "projects": ("q=portail",),
}


def furnish(workshop: Workshop) -> None:
    """A hundred thousand customers, quotes and projects; the powders of the projects, in stock."""
    fill(workshop, COUNT)
    with workshop_scope(workshop.pk):
        customers = list(Customer.objects.values_list("pk", flat=True))
        for first in range(0, COUNT, 5_000):
            Quote.objects.bulk_create(
                Quote(workshop=workshop, customer_id=customers[number], title=f"Devis {number}", total_incl_tax=number)
                for number in range(first, first + 5_000)
            )
        index_quotes_of(customers[:1_000])
    test_projects.fill(workshop, COUNT)
    analyse()


@pytest.mark.django_db(transaction=True)
def test_lists(benchmark: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)  # as production draws
    workshop = factories.workshop()
    furnish(workshop)
    client = signed_in(factories.member(workshop, Role.OWNER))
    bare, product, here = bare_application(), WSGIHandler(), f"/app/{workshop.slug}/"
    addresses = {name: here + path for name, path in LISTS.items()}
    for name, queries in SEARCHES.items():
        addresses |= {f"{name}?{query}": f"{addresses[name]}?{query}" for query in queries}
    pages = {"bare": lambda: ask(bare, client, addresses["customers"])}
    pages |= {name: lambda where=where: ask(product, client, where) for name, where in addresses.items()}
    gc.collect()
    gc.freeze()
    spent = benchmark.pedantic(lambda: processor_ms(pages, rounds=ROUNDS), rounds=1)
    for name, cost in spent.items():
        own = spent[name.partition("?")[0]]
        searched = f", {cost / own:.2f} of its list" if "?" in name else ""
        benchmark.extra_info[name] = f"{cost:.1f} ms, {cost / spent['bare']:.2f} bare lists{searched}"
