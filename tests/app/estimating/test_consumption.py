"""Powder consumption: QUO-06 with exact decimals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.estimating.consumption import PowderUse, powder_kg, to_the_gram

surfaces = st.decimals(min_value=0, max_value=5000, places=4)
measured = st.decimals(min_value=1, max_value=500, places=1)
coats = st.integers(min_value=1, max_value=3)


@pytest.mark.spec("QUO-06")
def test_the_average_consumption_is_used_as_measured() -> None:
    use = PowderUse(
        consumption_g_per_m2=Decimal(120),
        density_g_per_cm3=Decimal("1.5"),
        thickness_um=Decimal(70),
    )
    kilograms = powder_kg(surface_m2=Decimal("14.4"), coats=2, use=use, transfer_loss=Decimal(50))
    assert kilograms == Decimal("3.456")


@pytest.mark.spec("QUO-06")
def test_density_and_thickness_stand_in_with_the_transfer_loss() -> None:
    use = PowderUse(density_g_per_cm3=Decimal("1.5"), thickness_um=Decimal(70))
    assert powder_kg(surface_m2=Decimal(10), coats=1, use=use, transfer_loss=Decimal(0)) == Decimal("1.05")
    assert powder_kg(surface_m2=Decimal(10), coats=1, use=use, transfer_loss=Decimal(30)) == Decimal("1.5")


@pytest.mark.spec("QUO-06")
@given(surfaces, coats, measured)
def test_powder_is_proportional_to_surface_and_coats(surface: Decimal, layers: int, grams: Decimal) -> None:
    use = PowderUse(consumption_g_per_m2=grams)
    once = powder_kg(surface_m2=surface, coats=1, use=use)
    assert powder_kg(surface_m2=surface, coats=layers, use=use) == once * layers
    assert powder_kg(surface_m2=surface * 2, coats=1, use=use) == once * 2


@given(surfaces, st.integers(min_value=0, max_value=98))
def test_more_loss_never_means_less_powder(surface: Decimal, loss: int) -> None:
    use = PowderUse(density_g_per_cm3=Decimal("1.4"), thickness_um=Decimal(60))
    less = powder_kg(surface_m2=surface, coats=1, use=use, transfer_loss=Decimal(loss))
    assert powder_kg(surface_m2=surface, coats=1, use=use, transfer_loss=Decimal(loss + 1)) >= less


@pytest.mark.spec("QUO-02")
@pytest.mark.parametrize("layers", [0, 4])
def test_one_to_three_coats(layers: int) -> None:
    with pytest.raises(ValueError, match="coats"):
        powder_kg(surface_m2=Decimal(1), coats=layers, use=PowderUse(Decimal(100)))


def test_what_cannot_be_computed_is_refused() -> None:
    assert not PowderUse(density_g_per_cm3=Decimal("1.5")).is_known
    with pytest.raises(ValueError, match="consumption"):
        PowderUse(density_g_per_cm3=Decimal("1.5")).grams_per_m2()
    with pytest.raises(ValueError, match="loss"):
        PowderUse(None, Decimal("1.5"), Decimal(60)).grams_per_m2(Decimal(100))
    with pytest.raises(ValueError, match="surface"):
        powder_kg(surface_m2=Decimal(-1), coats=1, use=PowderUse(Decimal(100)))


def test_weights_are_shown_to_the_gram() -> None:
    assert to_the_gram(Decimal("1.2345")) == Decimal("1.235")
