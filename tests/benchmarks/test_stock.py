"""The stock with a million movements: `make bench`."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from app.stock.figures import read_figures
from app.stock.models import Item, Level, Movement
from app.stock.selectors import levels
from app.tenancy.models import Workshop
from tests import factories
from tests.app.stock.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark(group="stock")]
MOVEMENTS = 1_000_000
ADD = """
    INSERT INTO stock_movement (workshop_id, item_id, site_id, quantity, source, source_name, happened_at, recorded_at,
                                user_name, reason)
    SELECT %s, %s, %s, -0.010, 'project', 'PRJ', now() - make_interval(mins => n), now(), 'bench', ''
    FROM generate_series(1, %s) AS n
"""


def fill(stage: Stage, how_many: int) -> None:
    """Movements of the powder of the stage, one a minute back from now, and their sum in its level."""
    stage.receive()
    with connection.cursor() as cursor:
        cursor.execute(ADD, [stage.workshop.pk, stage.item.pk, stage.site.pk, how_many])
    taken = how_many / Decimal(100)
    Level.objects.filter(item=stage.item).update(quantity=Decimal(20) - taken, loose=-taken)
    Item.objects.update(created_at=timezone.now() - timedelta(days=700))


@pytest.fixture
def busy(in_scope: Workshop) -> Stage:
    """A powder whose million movements are those of two years."""
    stage = Stage(in_scope)
    fill(stage, MOVEMENTS)
    return stage


@pytest.mark.spec("STK-01")
def test_the_level_of_a_powder_with_a_million_movements(benchmark: Any, busy: Stage) -> None:
    with CaptureQueriesContext(connection) as queries:
        found = levels(busy.workshop, [busy.powder.pk])
    assert found[busy.powder.pk] == Decimal(20) - MOVEMENTS / Decimal(100)
    assert len(queries) == 1
    assert "stock_movement" not in queries[0]["sql"]
    benchmark(levels, busy.workshop, [busy.powder.pk])


def test_a_consumption_more(benchmark: Any, busy: Stage) -> None:
    benchmark.pedantic(lambda: busy.use("0.5"), rounds=20)
    assert Movement.objects.filter(quantity=Decimal("-0.5")).count() == 20


def test_a_weighing(benchmark: Any, busy: Stage) -> None:
    carton = busy.receive()[0]
    benchmark.pedantic(lambda: busy.weigh(carton, "15"), rounds=10)


def test_the_figures_of_a_page_of_powders(benchmark: Any, in_scope: Workshop) -> None:
    """Twenty-five powders of two thousand movements each."""
    stage = Stage(in_scope)
    for _powder in range(25):
        stage.powder = factories.powder(in_scope)
        fill(stage, 2000)
    items = list(Item.objects.select_related("powder"))
    found = benchmark.pedantic(lambda: read_figures(in_scope, items), rounds=5)
    assert all(figures.per_day > 0 for figures in found)
