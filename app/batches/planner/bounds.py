"""No packing has fewer loads: bounds by volume, by mass, and by what cannot stand side by side.

Each side is measured by a dual feasible function: whatever stands in a row along the oven sums to at most 1. So the
products of three such measures sum to at most 1 in each load (Fekete and Schepers, 2004). Where a piece may be turned,
its least product counts.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from .kernel import Array, Shapes

#: Work that a bound is worth: products counted for all pieces together.
MOST_PRODUCTS = 4_000_000
MOST_THRESHOLDS = 12
NEARLY = 1e-6


def lower_bound(shapes: Shapes) -> int:
    """The greatest of the bounds."""
    by_mass = int(np.ceil(shapes.mass.sum() / shapes.limit - 1e-9)) if np.isfinite(shapes.limit) else 0
    return max(1, int(np.ceil(shapes.volume.sum() - NEARLY)), by_mass, _by_sides(shapes))


def _by_sides(shapes: Shapes) -> int:
    count, most, _axes = shapes.sizes.shape
    each = int((MOST_PRODUCTS / (count * most)) ** (1 / 3))
    if each < 2:
        return 0
    missing = np.arange(most)[None, :] >= shapes.options[:, None]
    measures = [list(_measures(shapes.sizes[:, :, axis], int(shapes.inner[axis]), each)) for axis in range(3)]
    best = 0.0
    for along, across in product(measures[0], measures[1]):
        floor = along * across
        for upright in measures[2]:
            best = max(best, float(np.where(missing, np.inf, floor * upright).min(axis=1).sum()))
    return int(np.ceil(best - NEARLY))


def _measures(sides: Array, inner: int, most: int) -> Iterator[Array]:
    """Sides as shares of the oven: as they are, then rounded up above a threshold's complement and down below it."""
    yield sides / inner
    small = np.unique(sides[(sides > 0) & (2 * sides <= inner)])
    picked = small[
        np.linspace(0, max(0, len(small) - 1), max(0, min(len(small), most - 2, MOST_THRESHOLDS))).astype(int)
    ]
    for least in [(inner + 1) // 2, *picked][: most - 1]:
        yield np.where(sides > inner - least, 1.0, np.where(sides < least, 0.0, sides / inner))
