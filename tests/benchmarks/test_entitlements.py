"""What a question about plans and a count cost. Asked by name: `pytest tests/benchmarks/test_entitlements.py`."""

from typing import Any

import pytest

from app.entitlements.constants import Dimension, Feature, Source
from app.entitlements.selectors import has_feature, list_alerts
from app.entitlements.services import allow, consume, grant
from app.tenancy.models import Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def subscribed(in_scope: Workshop) -> Workshop:
    """Every feature, every dimension limited."""
    grant(workshop=in_scope, features=Feature.values, source=Source.PLAN, ends_at=None)
    allow(workshop=in_scope, limits=dict.fromkeys(Dimension.values, 10**12), source=Source.PLAN)
    return in_scope


@pytest.mark.spec("PLN-03", "PRF-01")
def test_has_feature(benchmark: Any, subscribed: Workshop) -> None:
    assert benchmark(has_feature, subscribed, Feature.WHEELS)


@pytest.mark.spec("PLN-06")
def test_the_banner_s_list(benchmark: Any, subscribed: Workshop) -> None:
    assert benchmark(list_alerts, subscribed) == []


@pytest.mark.spec("PLN-05")
@pytest.mark.parametrize("dimension", [Dimension.QUOTES, Dimension.STORAGE, Dimension.API_REQUESTS])
def test_consume(benchmark: Any, subscribed: Workshop, dimension: Dimension) -> None:
    benchmark(consume, workshop=subscribed, dimension=dimension)
