"""From the lines of an instance to the arrays of the kernel, and back to items."""

from collections.abc import Iterable, Sequence

import numpy as np

from .instance import TURNS, Instance, Line
from .kernel import Array, Shapes
from .packing import Packing
from .plan import Item


def shapes_of(instance: Instance, lines: Sequence[Line]) -> Shapes:
    """Every piece of these lines, in their order. Parts and oven grow by the gap; on one level nothing is above."""
    oven = instance.oven
    inner = np.array(
        [oven.length - 2 * oven.wall + oven.gap, oven.width - 2 * oven.wall + oven.gap,
         oven.height - oven.floor + oven.gap], np.int64,
    )  # fmt: skip
    shapes = [_turned(instance, line) for line in lines]
    most = max(len(shape) for shape in shapes)
    total = sum(line.quantity for line in lines)
    sizes = np.zeros((total, most, 3), np.int64)
    options, wide = np.zeros(total, np.int64), np.zeros((total, most), np.int64)
    flat, mass = np.zeros(total, np.bool_), np.zeros(total, np.float64)
    at = 0
    for line, shape in zip(lines, shapes, strict=True):
        rows = slice(at, at + line.quantity)
        for rank, (_turn, real) in enumerate(shape):
            hook = 0 if line.flat else oven.hook
            tall = int(inner[2]) if oven.one_level else real[2] + hook + oven.gap
            sizes[rows, rank] = (real[0] + oven.gap, real[1] + oven.gap, tall)
            wide[rows, rank] = real[1]
        options[rows], flat[rows], mass[rows] = len(shape), line.flat, line.kg
        at += line.quantity
    rails = np.array([rail - oven.wall for rail in oven.rails_y], np.int64) if oven.rails_y else np.empty(0, np.int64)
    ranks = np.repeat(np.arange(len(lines)), [line.quantity for line in lines])
    limit = np.inf if oven.max_load_kg is None else float(oven.max_load_kg) + 1e-9
    room = sizes.astype(np.float64).prod(axis=2)
    room[np.arange(most)[None, :] >= options[:, None]] = np.inf
    volume = room.min(axis=1) / inner.astype(np.float64).prod()  # hooks make some orientations smaller
    return make_shapes(
        sizes=sizes, options=options, flat=flat, mass=mass, wide=wide, line=ranks, keys=_keys(sizes, volume, mass),
        volume=volume, inner=inner, rails=rails, limit=limit,
    )  # fmt: skip


def make_shapes(*, sizes: Array, options: Array, limit: float, **arrays: Array) -> Shapes:
    """The tuple of the kernel, its arrays in one piece, with the smallest sides of each piece worked out."""
    turned = np.arange(sizes.shape[1])[None, :] < options[:, None]
    least = np.where(turned[:, :, None], sizes, np.iinfo(np.int64).max).min(axis=1)
    held = {name: np.ascontiguousarray(array) for name, array in {**arrays, "sizes": sizes, "least": least}.items()}
    return Shapes(options=options, limit=float(limit), **held)


def part_of(shapes: Shapes, own: Array) -> Shapes:
    """Some of the pieces."""
    held = shapes._asdict()
    by_piece = {name: held[name][own] for name in ("sizes", "options", "flat", "mass", "wide", "line", "volume")}
    return make_shapes(**by_piece, keys=shapes.keys[:, own], inner=shapes.inner, rails=shapes.rails, limit=shapes.limit)


def items_of(instance: Instance, lines: Sequence[Line], packing: Packing) -> list[list[Item]]:
    """What is in each load, where the oven's own corner is the origin."""
    oven = instance.oven
    loads: list[list[Item]] = [[] for _load in range(packing.loads)]
    spots, held, rank = packing.spot.tolist(), packing.load.tolist(), 0
    for line in lines:
        names = [name for name, _sides in _turned(instance, line)]
        for _piece in range(line.quantity):
            x, y, z, turn = spots[rank]
            loads[held[rank]].append(Item(line.id, x + oven.wall, y + oven.wall, z + oven.floor, names[turn]))
            rank += 1
    return loads


def _turned(instance: Instance, line: Line) -> list[tuple[str, tuple[int, int, int]]]:
    """The orientations in which a piece enters the empty oven, with its sides; those that are alike once."""
    oven = instance.oven
    seen: set[tuple[int, int, int]] = set()
    kept: list[tuple[str, tuple[int, int, int]]] = []
    hook = 0 if line.flat else oven.hook
    for turn in line.turns:
        along_x, along_y, along_z = TURNS[turn]
        real = (line.size[along_x], line.size[along_y], line.size[along_z])
        fits = (real[0] <= oven.length - 2 * oven.wall and real[1] <= oven.width - 2 * oven.wall
                and oven.floor + real[2] + hook <= oven.height)  # fmt: skip
        if fits and real not in seen:
            seen.add(real)
            kept.append((turn, real))
    return kept


def _keys(sizes: Array, volume: Array, mass: Array) -> Array:
    """What pieces may be ordered by, the largest first: volume, each face, longest side, height, mass."""
    first = sizes[:, 0, :].astype(np.float64)
    faces = [first[:, 0] * first[:, 1], first[:, 1] * first[:, 2], first[:, 0] * first[:, 2]]
    heavy = mass if mass.any() else volume
    return np.ascontiguousarray(np.stack([volume, *faces, first.max(axis=1), first[:, 2] + volume, heavy]))


def of_families(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines by family, in order of first appearance."""
    held: dict[str, list[Line]] = {}
    for line in lines:
        held.setdefault(line.family, []).append(line)
    return held
