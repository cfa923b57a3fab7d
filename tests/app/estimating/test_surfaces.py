"""Surfaces: the shapes a workshop measures, in millimetres."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimating.surfaces import box, plate, round_tube, square_tube

millimetres = st.decimals(min_value=1, max_value=20_000, places=1)


@pytest.mark.spec("QUO-02")
def test_worked_examples() -> None:
    assert plate(Decimal(1200), Decimal(600)) == Decimal("1.4400")
    assert plate(Decimal(1200), Decimal(600), faces=1) == Decimal("0.7200")
    assert round_tube(Decimal(40), Decimal(3000)) == Decimal("0.3770")
    assert square_tube(Decimal(40), Decimal(20), Decimal(2000)) == Decimal("0.2400")
    assert box(Decimal(1000), Decimal(500), Decimal(200)) == Decimal("1.6000")


@given(millimetres, millimetres, millimetres)
def test_a_box_is_its_tube_and_its_two_ends(length: Decimal, width: Decimal, height: Decimal) -> None:
    ends = plate(width, height)
    assert abs(box(length, width, height) - square_tube(width, height, length) - ends) <= Decimal("0.0002")


@given(millimetres, millimetres)
def test_turning_a_plate_round_changes_nothing(length: Decimal, width: Decimal) -> None:
    assert plate(length, width) == plate(width, length)


@pytest.mark.parametrize("bad", [Decimal(0), Decimal(-5)])
def test_a_dimension_that_is_not_positive_is_refused(bad: Decimal) -> None:
    for shape in (
        lambda: plate(bad, Decimal(1)),
        lambda: round_tube(bad, Decimal(1)),
        lambda: square_tube(Decimal(1), bad, Decimal(1)),
        lambda: box(Decimal(1), Decimal(1), bad),
    ):
        with pytest.raises(ValueError, match="dimension"):
            shape()


def test_a_plate_has_one_or_two_faces() -> None:
    with pytest.raises(ValueError, match="faces"):
        plate(Decimal(1), Decimal(1), faces=3)
