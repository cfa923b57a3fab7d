"""What the page of one thing, the dashboards and a new record cost: `pytest tests/benchmarks/test_details.py`.

Over the demonstration, in bare lists as `test_lists.py` counts them; a new customer in bare creations.
docs/performance.md keeps the results.
"""

import gc
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db.models import Count
from django.template.base import Template
from django.test.utils import _TestState

from app.batches.models import BatchItem
from app.powders.models import Powder
from app.projects.models import Photo
from app.projects.remembering import fold_changes
from app.quotes.models import Quote, QuoteLine
from app.stock.models import Movement
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope, workshop_scope
from tests.benchmarks.test_customers import analyse
from tests.benchmarks.yardstick import ask, bare_application, processor_ms
from tests.conftest import signed_in

ROUNDS = 25


def addresses() -> dict[str, str]:
    """The fullest of each kind."""
    return {
        "customer": f"clients/{_fullest(Quote, 'customer')}/",
        "quote": f"devis/{_fullest(QuoteLine, 'quote')}/",
        "project": f"projets/{_fullest(Photo, 'project')}/",
        "powder": f"poudres/{Powder.objects.earliest('pk').pk}/",
        "stock": f"stock/{_fullest(Movement, 'item')}/",
        "batch": f"series/{_fullest(BatchItem, 'batch')}/",
        "home": "",
        "steering": "pilotage/",
        "quality": "projets/qualite/",
        "new customer, the form": "clients/nouveau/",
        "new quote, the form": "devis/nouveau/",
    }


def _fullest(what: Any, of: str) -> int:
    return int(what.objects.values_list(f"{of}_id").annotate(held=Count("pk")).latest("held", f"{of}_id")[0])


def creating(application: WSGIHandler, client: Any, address: str, numbers: Any) -> Callable[[], object]:
    """Type a new customer in, another one each time."""

    def create() -> bytes:
        number = next(numbers)
        typed = {"type": "particulier", "last_name": f"Nouveau{number}", "first_name": "", "company": "",
                 "email": f"n{number}@nouveau.test", "phone": "", "city": "Lyon", "country": "FR"}  # fmt: skip
        return ask(application, client, address, typed=typed)

    return create


@pytest.mark.django_db(transaction=True)
def test_details(benchmark: Any, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)  # as production draws
    for command in ("load_catalogue", "load_plans", "load_demo"):
        call_command(command, verbosity=0)
    fold_changes()  # as every minute
    analyse()
    with platform_scope():
        workshop = Workshop.objects.get(slug="atelier-demo")
        owner = Membership.objects.select_related("user", "workshop").filter(
            workshop=workshop, roles__contains=[Role.OWNER]
        )[0]
    client, here = signed_in(owner), f"/app/{workshop.slug}/"
    bare, product, numbers = bare_application(), WSGIHandler(), count()
    with workshop_scope(workshop.pk):
        pages = {
            name: lambda where=here + path: ask(product, client, where)  # type: ignore[misc]
            for name, path in addresses().items()
        }
    pages["bare"] = lambda: ask(bare, client, f"{here}clients/")
    pages["bare creation"] = creating(bare, client, f"{here}clients/nouveau/", numbers)
    pages["new customer"] = creating(product, client, f"{here}clients/nouveau/", numbers)
    gc.collect()
    gc.freeze()
    spent = benchmark.pedantic(lambda: processor_ms(pages, rounds=ROUNDS), rounds=1)
    for name, cost in spent.items():
        own = "bare creation" if name == "new customer" else "bare"
        benchmark.extra_info[name] = f"{cost:.1f} ms, {cost / spent[own]:.2f} {own}"
