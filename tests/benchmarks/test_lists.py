"""What a page of each list costs in yardsticks, and its search in pages: `pytest tests/benchmarks/test_lists.py`.

`extra_info` says each in milliseconds of processor (this process and its PostgreSQL) and in bare lists of the same run:
on a shared machine the first doubles, the second holds. docs/performance.md keeps the results.
"""

import gc
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.template.base import Template
from django.test.utils import _TestState
from django.utils import timezone
from django.utils.crypto import get_random_string

from app.crm.models import Customer
from app.entitlements.constants import Feature
from app.entitlements.constants import Source as Grantor
from app.entitlements.services import grant
from app.powders.models import Powder
from app.projects.constants import RUNNING, Changed, Laying
from app.projects.models import Part, Project
from app.projects.remembering import fold_changes
from app.quotes.models import Quote
from app.quotes.services.indexing import index_quotes_of
from app.stock.constants import Source
from app.stock.models import Carton, Item, Level, Movement, Weighing
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from app.workshops.services.sites import main_site
from tests import factories
from tests.benchmarks import test_batches, test_projects
from tests.benchmarks.test_customers import analyse, fill
from tests.benchmarks.test_year import give_work
from tests.benchmarks.yardstick import ask, bare_application, processor_ms
from tests.conftest import signed_in

COUNT, PART = 100_000, "part"
ROUNDS = 25
LISTS = {"customers": "clients/", "quotes": "devis/", "projects": "projets/", "powders": "poudres/", "stock": "stock/"}
SEARCHES = {
    "customers": ("q=lefevre0", "q=lefevre0+gren", "q=lef", "q=lef+gren"),
    "quotes": ("q=lefevre0",),
    "projects": ("q=portail",),
}


def furnish(workshop: Workshop) -> None:
    """A hundred thousand customers, quotes and projects; the running ones have their work to do, their powders are
    in stock."""
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
    with workshop_scope(workshop.pk):
        give_work(workshop)
        for powder in Powder.objects.all():
            put_in_stock(workshop, powder)
    analyse()


def put_in_stock(workshop: Workshop, powder: Powder) -> None:
    """Two months of a powder: used every other day, weighed every week."""
    site, now, one = main_site(workshop=workshop), timezone.now(), Decimal("0.400")
    item = Item.objects.create(workshop=workshop, powder=powder, last_weighed_at=now)
    Item.objects.filter(pk=item.pk).update(created_at=now - timedelta(days=90))
    Level.objects.create(workshop=workshop, item=item, site=site, quantity=one * 30 + powder.pk % 9)
    Carton.objects.create(
        workshop=workshop, item=item, site=site, number=f"S{powder.pk:09d}", full_kg=20, tare_kg=1, book_kg=one * 30
    )
    weighings = Weighing.objects.bulk_create(
        Weighing(workshop=workshop, key=uuid4(), item=item, site=site, gross=13, tare=1, net=12, theory=one * 30 + 1,
                 at=now - timedelta(days=7 * week)) for week in range(8)
    )  # fmt: skip
    Movement.objects.bulk_create(
        [
            *(Movement(workshop=workshop, item=item, site=site, quantity=-one, source=Source.PROJECT,
                       happened_at=now - timedelta(days=2 * number)) for number in range(28)),
            *(Movement(workshop=workshop, item=item, site=site, quantity=-one, source=Source.WEIGHING, weighing=weighing,
                       happened_at=weighing.at) for weighing in weighings),
        ]
    )  # fmt: skip


def change(workshop: Workshop, what: str) -> None:
    """As if somebody had moved the promise of a project that waits, validated a step of it, or given it a part."""
    with workshop_scope(workshop.pk):
        waiting = Project.objects.filter(laying=Laying.TO_LAY, status__in=RUNNING)
        project = waiting.order_by("current_step", "pk")[0]
        moved = {"promised_on": (project.promised_on or timezone.localdate()) + timedelta(days=1)}
        done = {"current_step": f"{project.current_step}~"}
        if what == PART:
            [like] = Part.objects.filter(project=project)[:1]
            like.pk, like.code = None, f"B{get_random_string(6)}"
            like.save(force_insert=True)
        else:
            Project.objects.filter(pk=project.pk).update(**(done if what == Changed.STEP else moved))


@pytest.mark.django_db(transaction=True)
def test_lists(benchmark: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)  # as production draws
    workshop, powdering = factories.workshop(), factories.workshop()
    furnish(workshop)
    client = signed_in(factories.member(workshop, Role.OWNER))
    bare, product, here = bare_application(), WSGIHandler(), f"/app/{workshop.slug}/"
    addresses = {name: here + path for name, path in LISTS.items()}
    for name, queries in SEARCHES.items():
        addresses |= {f"{name}?{query}": f"{addresses[name]}?{query}" for query in queries}
    pages = {"bare": lambda: ask(bare, client, addresses["customers"])}
    pages |= {name: lambda where=where: ask(product, client, where) for name, where in addresses.items()}
    test_batches.fill(powdering)
    fold_changes()  # as the scheduler does
    for one in (workshop, powdering):
        with workshop_scope(one.pk):
            grant(workshop=one, features=Feature.values, source=Grantor.PLAN, ends_at=None)
    powderer, waiting = signed_in(factories.member(powdering, Role.OWNER)), f"/app/{powdering.slug}/series/"
    pages["batches"] = lambda: ask(product, powderer, waiting)
    # Each page that keeps what it says of the work is asked once before it is measured, then after a change.
    changes: dict[str, Any] = {name: pages[name] for name in ("batches", "stock", "projects")}
    for name, what in [(name, what) for name in changes for what in (*Changed.values, PART)]:
        pages[f"{name}, after a {what}"] = pages[name]
        changes[f"{name}, after a {what}"] = lambda what=what: [change(one, what) for one in (workshop, powdering)]
    changes["bare"] = fold_changes  # as every minute: twelve changes of each workshop have come since the last time
    gc.collect()
    gc.freeze()
    spent = benchmark.pedantic(lambda: processor_ms(pages, rounds=ROUNDS, before=changes), rounds=1)
    for name, cost in spent.items():
        own = spent[name.partition("?")[0]]
        searched = f", {cost / own:.2f} of its list" if "?" in name else ""
        benchmark.extra_info[name] = f"{cost:.1f} ms, {cost / spent['bare']:.2f} bare lists{searched}"
