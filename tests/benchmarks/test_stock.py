"""The stock with a million movements: `make bench`."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from app.stock.figures import read_figures
from app.stock.models import Level, Movement
from app.stock.selectors import levels, list_movements
from app.tenancy.models import Workshop
from tests.app.stock.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark]
MOVEMENTS = 1_000_000
ADD = """
    INSERT INTO stock_movement (workshop_id, item_id, site_id, quantity, source, source_name, happened_at, recorded_at,
                                user_name, reason)
    SELECT %s, %s, %s, -0.010, 'project', 'PRJ', now() - make_interval(mins => n), now(), 'bench', ''
    FROM generate_series(1, %s) AS n
"""


@pytest.fixture
def busy(in_scope: Workshop) -> Stage:
    """A powder whose million movements are those of two years."""
    stage = Stage(in_scope)
    stage.receive()
    with connection.cursor() as cursor:
        cursor.execute(ADD, [in_scope.pk, stage.item.pk, stage.site.pk, MOVEMENTS])
    Level.objects.update(quantity=Decimal(20) - MOVEMENTS / Decimal(100), loose=-MOVEMENTS / Decimal(100))
    stage.item.__class__.objects.update(created_at=timezone.now() - timedelta(days=700))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stock_movement")
        assert cursor.fetchone()[0] > MOVEMENTS
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


def test_the_latest_movements(benchmark: Any, busy: Stage) -> None:
    benchmark(lambda: list(list_movements(busy.item).order_by("-happened_at", "-pk")[:25]))


def test_the_figures_of_the_list(benchmark: Any, busy: Stage) -> None:
    [figures] = benchmark.pedantic(lambda: read_figures(busy.workshop, [busy.item]), rounds=5)
    assert figures.per_day > 0
