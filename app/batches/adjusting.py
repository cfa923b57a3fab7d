"""A plan put right by hand. Pure: no Django."""

from .measures import Box, box_of
from .planner.instance import TURNS, Instance, Line
from .planner.plan import Item, Load


def find_place(instance: Instance, load: Load, line: Line) -> Item | None:
    """A free spot for one more piece in a load that is partly filled, or None: the edges of its parts are tried."""
    lines = {held.id: held for held in instance.lines}
    oven = instance.oven
    boxes = [box_of(instance, lines[item.part], item) for item in load.items]
    xs = sorted({oven.wall, *(box[3] + oven.gap for box in boxes)})
    ys = sorted({oven.wall, *(box[4] + oven.gap for box in boxes)})
    zs = [oven.floor] if line.flat or oven.one_level else sorted({oven.floor, *(box[5] + oven.gap for box in boxes)})
    for turn in line.turns:
        depth = line.size[TURNS[turn][1]]
        rows = ys if line.flat or oven.rails_y is None else [rail - depth // 2 for rail in oven.rails_y]
        for z in zs:
            for y in rows:
                for x in xs:
                    item = Item(line.id, x, y, z, turn)
                    if _is_free(instance, boxes, box_of(instance, line, item)):
                        return item
    return None


def _is_free(instance: Instance, boxes: list[Box], box: Box) -> bool:
    oven = instance.oven
    inside = (box[0] >= oven.wall and box[3] <= oven.length - oven.wall and box[1] >= oven.wall
              and box[4] <= oven.width - oven.wall and box[5] <= oven.height)  # fmt: skip
    axes = range(2 if oven.one_level else 3)
    return inside and not any(
        all(box[axis] < other[axis + 3] + oven.gap and other[axis] < box[axis + 3] + oven.gap for axis in axes)
        for other in boxes
    )
