"""The publisher's forecast: the model's own results, whole customers, and what is typed wrong."""

import itertools
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from app.tenancy.models import Membership
from backoffice.forecast import MIX, Share, forecast
from tests.conftest import signed_in

PAGE = "/editeur/previsions/"


@pytest.mark.spec("BOF-18", "LCH-26")
@pytest.mark.parametrize(
    ("customers", "counts", "parts", "mrr"),
    [
        (200, [40, 60, 90, 10], [0, 2940, 13410, 5000], 21350),
        (500, [100, 150, 225, 25], [0, 7350, 33525, 12500], 53375),
    ],
)
def test_the_model_gives_its_own_results(customers: int, counts: list[int], parts: list[int], mrr: int) -> None:
    found = forecast(month=12, customers=customers, mix=MIX)
    assert [line.customers for line in found.lines] == counts
    assert [line.mrr for line in found.lines] == parts
    assert (found.mrr, found.arr) == (mrr, mrr * 12)


@given(customers=st.integers(0, 5000), cut=st.lists(st.integers(0, 100), min_size=3, max_size=3))
def test_no_customer_is_lost_by_rounding(customers: int, cut: list[int]) -> None:
    bounds = [0, *sorted(cut), 100]
    mix = [Share(str(end), Decimal(end - start), Decimal("9.99")) for start, end in itertools.pairwise(bounds)]
    found = forecast(month=6, customers=customers, mix=mix)
    assert found.customers == customers
    for share, line in zip(mix, found.lines, strict=True):
        assert abs(line.customers - share.percent * customers / 100) < 1


@pytest.mark.django_db
@pytest.mark.spec("BOF-18")
def test_the_publisher_changes_the_assumptions(publisher_client: Client) -> None:
    page = publisher_client.get(PAGE).content.decode()
    assert "21\u202f350,00" in page and "53\u202f375,00" in page
    asked = {"m6": "10", "m12": "200", "m24": "500"}
    for place, (part, price) in enumerate([("0", "0"), ("50", "49"), ("50", "99"), ("0", "500")]):
        asked |= {f"part{place}": part, f"prix{place}": price}
    assert "14\u202f800,00" in publisher_client.get(PAGE, asked).content.decode()
    refused = publisher_client.get(PAGE, asked | {"part1": "60"})
    assert refused.status_code == 422 and "100" in refused.content.decode()
    for wrong in ({"m6": "-1"}, {"prix1": "x"}, {"m12": ""}):
        assert publisher_client.get(PAGE, asked | wrong).status_code == 422


@pytest.mark.django_db
def test_nobody_else_sees_it(owner: Membership) -> None:
    assert signed_in(owner).get(PAGE).status_code == 404


def test_shares_that_are_not_all_are_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        forecast(month=6, customers=10, mix=MIX[:2])
