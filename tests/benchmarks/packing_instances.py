"""The standard instances of three-dimensional bin packing (Martello, Pisinger and Vigo, 2000), made as published.

Classes 1 to 8, 50 to 200 boxes, ten instances each; the generator is their 48-bit linear congruential one, started
with the rank of the instance (1 to 10) plus the number of boxes.
"""

from collections.abc import Iterator

SIZES = (50, 100, 150, 200)
BIN = {1: 100, 2: 100, 3: 100, 4: 100, 5: 100, 6: 10, 7: 40, 8: 100}
#: Classes 6 to 8: sides from 1 to this.
LONGEST_SIDE = {6: 10, 7: 35, 8: 100}
WORD = 0xFFFFFFFF


class Chance:
    """The published generator, with the 32-bit arithmetic of its authors."""

    def __init__(self, start: int) -> None:
        self.high, self.low = start, 0x330E

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        self.high = (self.high * 0xDEECE66D + self.low * 0x5DEEC) & WORD
        self.low = (self.low * 0xE66D + 0xB) & WORD
        self.high = (self.high + (self.low >> 16)) & WORD
        self.low &= 0xFFFF
        return (self.high >> 1) % (most - least + 1) + least


def standard_instance(kind: int, many: int, rank: int) -> tuple[int, list[tuple[int, int, int]]]:
    """The side of the bins and the boxes (width, height, depth) of one instance; `rank` from 1 to 10."""
    chance, side = Chance(rank + many), BIN[kind]
    return side, [_box(chance, side, kind) for _box_rank in range(many)]


def every_instance(ranks: range = range(1, 11)) -> Iterator[tuple[int, int, int]]:
    """Class, number of boxes and rank of each instance."""
    for kind in BIN:
        for many in SIZES:
            for rank in ranks:
                yield kind, many, rank


def _box(chance: Chance, side: int, kind: int) -> tuple[int, int, int]:
    if kind in LONGEST_SIDE:
        most = LONGEST_SIDE[kind]
        return chance.between(1, most), chance.between(1, most), chance.between(1, most)
    drawn = chance.between(1, 10)
    shape = drawn if drawn <= 5 else kind
    small, large, half = (1, side // 2), (2 * side // 3, side), (side // 2, side)
    ranges = {1: (small, large, large), 2: (large, small, large), 3: (large, large, small),
              4: (half, half, half), 5: (small, small, small)}[shape]  # fmt: skip
    return chance.between(*ranges[0]), chance.between(*ranges[1]), chance.between(*ranges[2])
