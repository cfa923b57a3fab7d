"""How long the pages of customers and their import take. Asked by name: `pytest tests/benchmarks/test_customers.py`."""

import tracemalloc
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from app.crm.identity import CustomerData, keys_of, tidy
from app.crm.selectors import list_customers
from app.crm.services.bulk import create_many
from app.dataio.services.preparing import confirm, keep_file, start_check
from app.dataio.services.running import work_on_import
from app.kernel.pagination import keyset_page
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.dataio import files
from tests.conftest import signed_in
from tests.factories import ACTOR

SIZES = (100, 100_000)
IMPORTED = 20_000


def fill(workshop: Workshop, count: int) -> None:
    for start in range(0, count, 5_000):
        rows = [_data(number) for number in range(start, min(start + 5_000, count))]
        with workshop_scope(workshop.pk):
            create_many(workshop=workshop, actor=ACTOR, rows=[(data, keys_of(data)) for data in rows])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _data(number: int) -> CustomerData:
    postcode, city = files.CITIES[number % 4]
    return tidy(
        CustomerData(
            type="pro" if number % 3 == 0 else "particulier",
            last_name=f"{files.LAST[number % 10]}{number // 100}",
            first_name=files.FIRST[(number // 10) % 10],
            email=f"p{number}@client{number % 97}.fr",
            phone=f"06{number:08d}",
            postcode=postcode,
            city=city,
            tags=("VIP",) if number % 50 == 0 else (),
        )
    )


@pytest.fixture(params=SIZES, ids=lambda size: f"{size} rows")
def listed(request: Any, db: None) -> tuple[Client, Workshop]:
    """A signed-in owner of a workshop with that many customers."""
    workshop = factories.workshop(slug="atelier-vulcain")
    owner: Membership = factories.member(workshop, Role.OWNER)
    fill(workshop, request.param)
    return signed_in(owner), workshop


@pytest.mark.spec("CRM-22", "PRF-02")
@pytest.mark.parametrize("page", ["first", "deep", "search", "tag"])
def test_list(benchmark: Any, listed: tuple[Client, Workshop], page: str) -> None:
    client, workshop = listed
    address = f"/app/{workshop.slug}/clients/"
    if page == "deep":
        with workshop_scope(workshop.pk):
            rows = list_customers()
            middle = list(rows.values_list("sort_key", flat=True))[rows.count() // 2]
            cursor = keyset_page(rows.filter(sort_key__gte=middle), keys=("sort_key", "id")).next_cursor
        address += f"?apres={cursor}"
    address += {"search": "?q=lefevre1", "tag": "?tag=vip"}.get(page, "")
    benchmark.group = page
    answer = benchmark(client.get, address)
    assert answer.status_code == 200
    assert answer.context["page"].rows


@pytest.mark.spec("CRM-22", "CRM-35")
@pytest.mark.parametrize("existing", [0, 20_000])
def test_import(benchmark: Any, workshop: Workshop, existing: int) -> None:
    """20,000 lines with the search of duplicates; the second time, all of them are duplicates."""
    content = files.text(files.many(IMPORTED)).encode("cp1252")
    if existing:
        fill(workshop, existing)

    def import_file() -> None:
        with workshop_scope(workshop.pk):
            held = keep_file(workshop=workshop, actor=ACTOR, name="clients.csv", file=BytesIO(content))
            start_check(workshop=workshop, held=held)
        work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
        with workshop_scope(workshop.pk):
            confirm(workshop=workshop, actor=ACTOR, held=held)
        work_on_import(workshop_id=workshop.pk, import_pk=held.pk)

    tracemalloc.start()
    benchmark.pedantic(import_file, rounds=1)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    benchmark.extra_info["lines a second, check and import"] = round(IMPORTED / benchmark.stats["mean"])
    benchmark.extra_info["peak of memory, MB"] = round(peak / 2**20)
