"""Plans as the format `oven-plan-solution/1`."""

from collections.abc import Mapping
from typing import Any

from .instance import Instance
from .plan import Item, Load, Plan

FORMAT = "oven-plan-solution/1"


def write_plan(instance: Instance, plan: Plan) -> dict[str, Any]:
    """A plan as what the file holds."""
    return {
        "format": FORMAT,
        "instance": instance.name,
        "loads": [_load(rank, load) for rank, load in enumerate(plan.loads, start=1)],
        "unplaced": list(plan.unplaced),
    }


def named_as_given(written: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """A written plan in which parts and families that are numbers in the problem are numbers again."""
    numbers = {
        key: {str(row["id"]): row["id"] for row in data.get(key) or () if isinstance(row.get("id"), int)}
        for key in ("parts", "families")
    }
    if not any(numbers.values()):
        return written
    parts, families = numbers["parts"], numbers["families"]
    for load in written["loads"]:
        load["family"] = families.get(load["family"], load["family"])
        for item in load["items"]:
            item["part"] = parts.get(item["part"], item["part"])
    return {**written, "unplaced": [parts.get(name, name) for name in written["unplaced"]]}


def read_plan(data: Mapping[str, Any]) -> Plan:
    """The plan of a decoded file; KeyError or TypeError when it is none."""
    loads = tuple(
        Load(
            row["family"],
            tuple(Item(item["part"], item["x"], item["y"], item["z"], item["rot"]) for item in row["items"]),
            row.get("oven", 0),
            row.get("start", 0),
            row.get("end", 0),
        )
        for row in data["loads"]
    )
    return Plan(loads, tuple(data.get("unplaced", ())))


def _load(rank: int, load: Load) -> dict[str, Any]:
    items = [{"part": item.part, "x": item.x, "y": item.y, "z": item.z, "rot": item.turn} for item in load.items]
    return {"id": rank, "oven": load.oven, "family": load.family, "start": load.start, "end": load.end, "items": items}
