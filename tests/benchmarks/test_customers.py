"""How long the pages of customers and their import take. Asked by name: `pytest tests/benchmarks/test_customers.py`."""

from io import BytesIO
from resource import RUSAGE_SELF, getrusage
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from app.crm.identity import CustomerData, keys_of, tidy
from app.crm.selectors import list_customers
from app.crm.services.bulk import create_many
from app.dataio.services.preparing import confirm, keep_file, set_rules, start_check
from app.dataio.services.running import work_on_import
from app.kernel.pagination import keyset_page
from app.tenancy.models import Workshop
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
    analyse()


def analyse() -> None:
    """What the server does by itself a while after many writes; only the owner of the tables may ask for it."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(settings.TEST_ADMIN_URL, dbname=name, autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE")


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


def _addresses(workshop: Workshop) -> dict[str, str]:
    """The pages to compare: first, in the middle, a search, a filter."""
    here = f"/app/{workshop.slug}/clients/"
    with workshop_scope(workshop.pk):
        middle = list_customers().values_list("sort_key", flat=True)[list_customers().count() // 2]
        cursor = keyset_page(list_customers().filter(sort_key__gte=middle), keys=("sort_key", "id")).next_cursor
    return {"first": here, "deep": f"{here}?apres={cursor}", "search": f"{here}?q=lefevre0",
            "broad search": f"{here}?q=lef", "two words": f"{here}?q=lef+gren", "letter": f"{here}?q=l", "tag": f"{here}?tag=vip"}  # fmt: skip


@pytest.mark.spec("CRM-22", "PRF-02")
@pytest.mark.django_db(transaction=True)
def test_list(benchmark: Any, transactional_db: None) -> None:
    """Each page over 100,000 customers against the same over 100, turn by turn in one run."""
    pages: dict[tuple[str, int], tuple[Client, str]] = {}
    for size in SIZES:
        workshop = factories.workshop()
        fill(workshop, size)
        client = signed_in(factories.member(workshop, Role.OWNER))
        pages |= {(name, size): (client, address) for name, address in _addresses(workshop).items()}
    times: dict[tuple[str, int], list[float]] = {key: [] for key in pages}

    def every_page_once() -> None:
        for key, (client, address) in pages.items():
            start = perf_counter()
            assert client.get(address).context["page"].rows
            times[key].append(perf_counter() - start)

    benchmark.pedantic(every_page_once, rounds=15, warmup_rounds=2)
    plain = median(times["first", SIZES[-1]])
    for name in ("first", "deep", "search", "broad search", "two words", "letter", "tag"):
        small, large = (median(times[name, size]) for size in SIZES)
        benchmark.extra_info[name] = (
            f"{small * 1000:.1f} ms, {large * 1000:.1f} ms, {large / small:.2f} times, {large / plain:.2f} first pages"
        )


@pytest.mark.spec("CRM-22", "CRM-35")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("existing", "decision"), [(0, "skip"), (20_000, "skip"), (20_000, "update")])
def test_import(benchmark: Any, workshop: Workshop, existing: int, decision: str) -> None:
    """20,000 lines with the search of duplicates; then all of them are duplicates, left alone or written over."""
    content = files.text(files.many(IMPORTED)).encode("cp1252")
    if existing:
        fill(workshop, existing)

    def import_file() -> None:
        with workshop_scope(workshop.pk):
            held = keep_file(workshop=workshop, actor=ACTOR, name="clients.csv", file=BytesIO(content))
            set_rules(held=held, criteria=held.criteria, decision=decision, tags=[])
            start_check(workshop=workshop, held=held)
        work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
        with workshop_scope(workshop.pk):
            confirm(workshop=workshop, actor=ACTOR, held=held)
        work_on_import(workshop_id=workshop.pk, import_pk=held.pk)

    before = getrusage(RUSAGE_SELF).ru_maxrss
    benchmark.pedantic(import_file, rounds=1)
    grown = getrusage(RUSAGE_SELF).ru_maxrss - before
    benchmark.extra_info["lines a second, check and import"] = round(IMPORTED / benchmark.stats["mean"])
    benchmark.extra_info["growth of memory, MB"] = round(grown / 1024)
