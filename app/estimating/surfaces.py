"""Surface to coat, in square metres, from the dimensions that people measure, in millimetres."""

from decimal import ROUND_HALF_UP, Decimal

PI = Decimal("3.14159265358979323846")
MM2_PER_M2 = Decimal(1_000_000)
STEP = Decimal("0.0001")


def plate(length_mm: Decimal, width_mm: Decimal, *, faces: int = 2) -> Decimal:
    """A flat part; its edges are neglected. `faces` is 1 or 2."""
    if faces not in (1, 2):
        raise ValueError("a plate has one or two faces to coat")
    return _square_metres(_positive(length_mm) * _positive(width_mm) * faces)


def round_tube(diameter_mm: Decimal, length_mm: Decimal) -> Decimal:
    """The outside of a round tube or bar; the ends are neglected."""
    return _square_metres(PI * _positive(diameter_mm) * _positive(length_mm))


def square_tube(width_mm: Decimal, height_mm: Decimal, length_mm: Decimal) -> Decimal:
    """The outside of a rectangular tube or bar; the ends are neglected."""
    return _square_metres(2 * (_positive(width_mm) + _positive(height_mm)) * _positive(length_mm))


def box(length_mm: Decimal, width_mm: Decimal, height_mm: Decimal) -> Decimal:
    """The six outer faces of a closed box."""
    length, width, height = (
        _positive(length_mm),
        _positive(width_mm),
        _positive(height_mm),
    )
    return _square_metres(2 * (length * width + length * height + width * height))


def _positive(dimension_mm: Decimal) -> Decimal:
    if dimension_mm <= 0:
        raise ValueError("a dimension is greater than zero")
    return dimension_mm


def _square_metres(square_mm: Decimal) -> Decimal:
    """Square centimetres are kept: a finer surface would be a false precision."""
    return (square_mm / MM2_PER_M2).quantize(STEP, rounding=ROUND_HALF_UP)
