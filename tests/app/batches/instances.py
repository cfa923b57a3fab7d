"""Small problems for tests, and random ones that use the whole format."""

import random
from typing import Any

from app.batches.planner.instance import TURNS


def problem(**changes: Any) -> dict[str, Any]:
    """Two pieces of 400 mm and an oven of one metre; a change replaces a whole key."""
    base = {
        "format": "oven-plan/1",
        "name": "test",
        "oven": {"L": 1000, "W": 1000, "H": 1000},
        "families": [{"id": "mat", "cycle_min": 30}, {"id": "satin", "cycle_min": 20}],
        "parts": [part()],
        "schedule": False,
        "time_limit_s": 0.35,
    }
    return {**base, **changes}


def part(**changes: Any) -> dict[str, Any]:
    """A line of two pieces."""
    return {"id": "A", "family": "mat", "l": 400, "w": 400, "h": 400, "qty": 2, **changes}


def random_problem(number: int) -> dict[str, Any]:
    """Anything that the format allows, impossible pieces included."""
    chance = random.Random(number)
    length, width, height = (chance.randint(200, most) for most in (5000, 3000, 3000))
    families = [{"id": f"F{rank}", "cycle_min": chance.randint(10, 90)} for rank in range(chance.randint(1, 5))]
    opening = chance.choice([100, 480])
    days = [[1440 * day + 480, 1440 * day + 480 + opening] for day in range(400)]
    rails = sorted(chance.sample(range(width), min(4, width)))
    return {
        "format": "oven-plan/1",
        "oven": {"L": length, "W": width, "H": height, "count": chance.randint(1, 3),
                 "max_load_kg": chance.choice([None, 60, 500])},
        "clearance": {"gap": chance.choice([0, 1, 50]), "wall": chance.choice([0, 50]),
                      "floor": chance.choice([0, 100])},
        "hanging": {"hook": chance.choice([0, 120]), "tiers": chance.choice([None, 1]),
                    "rails_y": chance.choice([None, rails])},
        "families": families,
        "changeover_min": chance.choice([0, 15]),
        "calendar": chance.choice([None, days]),
        "schedule": chance.random() < 0.6,
        "objective": {"load_cost": 40, "oven_minute_cost": 0.2, "changeover_cost": 15, "tardiness_cost": 0.02},
        "time_limit_s": 0.35,
        "parts": [_line(chance, rank, families, (length, width, height)) for rank in range(chance.randint(0, 25))],
    }  # fmt: skip


def _line(chance: random.Random, rank: int, families: list[dict[str, Any]], room: tuple[int, ...]) -> dict[str, Any]:
    line = {
        "id": f"P{rank}",
        "family": chance.choice(families)["id"],
        "qty": chance.choice([0, 1, 1, 2, 5, 20]),
        "kg": chance.choice([0, 5, 50.5]),
        "carry": chance.choice(["hang", "flat"]),
        "rot": chance.sample(list(TURNS), chance.randint(1, 6)),
        "release": chance.choice([0, 300]),
        "weight": chance.choice([0, 1, 2.5]),
    }
    for key, side in zip("lwh", room, strict=True):
        line[key] = chance.choice([chance.randint(1, max(1, side // 3)), chance.randint(1, int(side * 1.1))])
    if chance.random() < 0.6:
        line |= {"project": f"J{chance.randint(0, 5)}", "due": chance.randint(0, 3000)}
    return line
