"""Two-dimensional bin packing by the published recipes: Berkey and Wang (1987) and Martello and Vigo (1998).

Ten classes of fifty instances. The recipes are followed with chance of our own, so totals compare with the published
ones (7,225 loads as given, 6,976 with quarter turns, the best known) as averages do, not load for load.
"""

import random
from collections.abc import Iterator

SIZES = (20, 40, 60, 80, 100)
#: Side of the bins and longest side of a rectangle, classes 1 to 6.
UNIFORM = {1: (10, 10), 2: (30, 10), 3: (40, 35), 4: (100, 35), 5: (100, 100), 6: (300, 100)}
SIDE = 100
#: Classes 7 to 10: seven rectangles in ten are of the first, second, third or fourth shape.
CLASSES = range(1, 11)


def flat_instance(kind: int, many: int, rank: int) -> tuple[int, list[tuple[int, int]]]:
    """The side of the bins and the rectangles of one instance."""
    chance = random.Random(f"{kind}/{many}/{rank}")
    if kind in UNIFORM:
        side, longest = UNIFORM[kind]
        return side, [(chance.randint(1, longest), chance.randint(1, longest)) for _rank in range(many)]
    return SIDE, [_shape(chance, kind - 7) for _rank in range(many)]


def every_flat_instance(ranks: range = range(1, 11)) -> Iterator[tuple[int, int, int]]:
    """Class, number of rectangles and rank of each instance."""
    for kind in CLASSES:
        for many in SIZES:
            for rank in ranks:
                yield kind, many, rank


def _shape(chance: random.Random, favourite: int) -> tuple[int, int]:
    others = [shape for shape in range(4) if shape != favourite]
    shape = favourite if chance.random() < 0.7 else chance.choice(others)
    small, large, half = (1, SIDE // 2), (2 * SIDE // 3, SIDE), (SIDE // 2, SIDE)
    wide, tall = ((large, small), (small, large), (half, half), (small, small))[shape]
    return chance.randint(*wide), chance.randint(*tall)
