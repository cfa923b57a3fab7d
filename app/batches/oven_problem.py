"""From ovens and parts to a problem of the format oven-plan/1, and to the words of what it names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from app.projects.constants import Carry, Priority, Turning
from app.projects.models import Part

from .grouping import grouping_of
from .models import Oven, OvenSettings
from .opening import Window, windows_of, without
from .oven_constants import HOURS_FULL
from .oven_selectors import CurablePart
from .planner.instance import FORMAT, TURNS, UPRIGHT

MINUTES_A_DAY = 1440
#: How much a minute of lateness weighs, by priority of the project.
WEIGHTS = {Priority.LOW: 0.5, Priority.NORMAL: 1.0, Priority.HIGH: 2.0, Priority.URGENT: 4.0}
ROTATIONS = {Turning.FIXED: ["lwh"], Turning.UPRIGHT: list(UPRIGHT), Turning.ANY: list(TURNS)}
#: After any day that is written as 2026-11-23.
NEVER = "9999-12-31"
#: The opening days that every plan looks at: more than a year; and the most, for what takes longer.
HORIZON_DAYS, MOST_HORIZON_DAYS = 400, 3650


@dataclass
class Draft:
    """A problem, what its identifiers are, and the parts that cannot be planned with the reason of each."""

    problem: dict[str, Any]
    subject: dict[str, Any]
    left_out: list[dict[str, Any]] = field(default_factory=list)


def why_not(part: Part) -> str:
    """What a part lacks to be planned, in words; empty when it lacks nothing."""
    grouping = grouping_of(part)
    if grouping.powder_pk is None:
        return _("its powder is not known")
    if not grouping.celsius or not grouping.minutes:
        return _("its curing is not known")
    if part.size_mm is None:
        return _("its size is not known")
    return ""


def family_of(part: Part) -> str:
    """What may share a load, as batches say it: one powder, the same layers, the same curing, one site."""
    held = grouping_of(part)
    layers = f"{held.coats}{'P' if held.primer else ''}{'V' if held.varnish else ''}"
    return f"{held.powder_pk}-{layers}-{held.celsius}-{held.minutes}-{held.site_pk}"


def build_problem(
    *, ovens: Sequence[Oven], settings: OvenSettings, parts: Iterable[CurablePart], start: datetime,
    busy: Iterable[Window] = (), seconds: int | None = None,
) -> Draft:  # fmt: skip
    """The problem of curing these parts in ovens that are alike, from a moment on; minutes count from it."""
    oven = ovens[0]
    subject: dict[str, Any] = {
        "ovens": [{"pk": held.pk, "name": held.name} for held in ovens],
        "parts": {},
        "families": {},
    }
    problem = {
        "format": FORMAT,
        "name": oven.name,
        **inside_of(oven, len(ovens)),
        "changeover_min": oven.changeover_minutes,
        "calendar": [],
        "schedule": True,
        "objective": {
            "load_cost": float(settings.load_cost),
            "oven_minute_cost": float(oven.cost_per_hour) / 60,
            "changeover_cost": float(settings.changeover_cost),
            "tardiness_cost": float(settings.late_day_cost) / MINUTES_A_DAY,
        },
        "time_limit_s": seconds or settings.time_limit_s,
        "families": [],
        "parts": [],
    }
    draft = Draft(problem, subject)
    for curable in parts:
        _add(draft, curable, oven, settings, start)
    problem["calendar"] = _calendar(problem, oven, start, list(busy))
    return draft


def set_aside(problem: dict[str, Any], subject: dict[str, Any], beyond: Mapping[str, int]) -> Draft:
    """The problem without so many pieces of these parts, for which no hours are left, and each of them named."""
    lines = [{**line, "qty": line["qty"] - beyond.get(line["id"], 0)} for line in problem["parts"]]
    kept = {line["id"]: line["qty"] for line in lines if line["qty"]}
    words = subject["parts"]
    left_out = [
        {**words[line["id"]], "pieces": beyond[line["id"]], "code": line["id"], "reason": HOURS_FULL}
        for line in lines
        if line["id"] in beyond
    ]
    return Draft(
        {**problem, "parts": [line for line in lines if line["qty"]]},
        {**subject, "parts": {code: {**words[code], "pieces": pieces} for code, pieces in kept.items()}},
        [*subject.get("left_out", []), *sorted(left_out, key=lambda held: held["promised"] or NEVER)],
    )


def _calendar(problem: Mapping[str, Any], oven: Oven, start: datetime, busy: list[Window]) -> list[list[int]]:
    """The openings of as many weeks as the work may need, were each piece alone in a load: the weeks go on."""
    days = HORIZON_DAYS
    while True:
        windows = without(windows_of(oven.week, start, days), busy)
        if days >= MOST_HORIZON_DAYS or _are_enough(windows, problem):
            return [list(window) for window in windows]
        days = min(2 * days, MOST_HORIZON_DAYS)


def _are_enough(windows: Sequence[Window], problem: Mapping[str, Any]) -> bool:
    """Whether the openings hold a load for each piece in any order, once the last part is there."""
    longest = max((closes - opens for opens, closes in windows), default=0)
    cycles = {row["id"]: row["cycle_min"] for row in problem["families"] if row["cycle_min"] <= longest}
    lines = [line for line in problem["parts"] if line["family"] in cycles]
    if not lines:
        return True
    cycle, latest = max(cycles.values()), max(line["release"] for line in lines)
    wanted: int = ceil(sum(line["qty"] for line in lines) / problem["oven"]["count"])
    rooms = (closes - max(opens, latest) for opens, closes in windows)
    held: int = sum(max(1, room // (cycle + problem["changeover_min"])) for room in rooms if room >= cycle)
    return held >= wanted


def inside_of(oven: Oven, count: int) -> dict[str, Any]:
    """What a plan counts on of so many ovens like this one: their inside, what stays free in it, what it carries."""
    return {
        "oven": {
            "L": oven.length_mm, "W": oven.width_mm, "H": oven.height_mm, "count": count,
            "max_load_kg": None if oven.max_load_kg is None else float(oven.max_load_kg),
        },
        "clearance": {"gap": oven.gap_mm, "wall": oven.wall_mm, "floor": oven.floor_mm},
        "hanging": {"hook": oven.hook_mm, "tiers": 1 if oven.one_level else None, "rails_y": oven.rails_y or None},
    }  # fmt: skip


def _add(draft: Draft, curable: CurablePart, oven: Oven, settings: OvenSettings, start: datetime) -> None:
    part = curable.part
    reason = why_not(part)
    if part.project.site_id != oven.site_id:
        reason = _("it is at another site than the oven")
    words = words_of(part, curable.pieces)
    if reason:
        draft.left_out.append({**words, "code": part.code, "reason": reason})
        return
    family = family_of(part)
    if family not in draft.subject["families"]:
        words_of_family = family_words(part)
        draft.subject["families"][family] = words_of_family
        cycle = oven.heat_up_minutes + words_of_family["minutes"]
        draft.problem["families"].append({"id": family, "cycle_min": cycle})
    draft.subject["parts"][part.code] = words
    project = part.project
    draft.problem["parts"].append({
        "id": part.code, "project": project.number, **piece_of(part),
        "qty": curable.pieces, "weight": WEIGHTS[Priority(project.priority)],
        "release": max(0, _day_minutes(start, project.dropped_on)) if project.dropped_on else 0,
        "due": _due(start, project.promised_on, settings.days_before_promise),
    })  # fmt: skip


def piece_of(part: Part) -> dict[str, Any]:
    """What a plan counts on of a piece: what it may share a load with, its size, its mass, how it hangs."""
    length, width, height = part.size_mm or (0, 0, 0)
    return {
        "family": family_of(part), "l": length, "w": width, "h": height, "kg": float(part.mass_kg or 0),
        "rot": ROTATIONS[Turning(part.turning)], "carry": "flat" if part.carry == Carry.FLAT else "hang",
    }  # fmt: skip


def words_of(part: Part, pieces: int) -> dict[str, Any]:
    """A part as a plan tells it, whatever becomes of its project."""
    project = part.project
    return {
        "part": part.pk,
        "designation": part.designation,
        "pieces": pieces,
        "project": project.pk,
        "number": project.number,
        "title": project.title,
        "customer": str(project.customer),
        "promised": project.promised_on.isoformat() if project.promised_on else None,
    }


def family_words(part: Part) -> dict[str, Any]:
    """A family as people read it: the powder, the layers, the curing."""
    powder, held = part.powder, grouping_of(part)
    layers = [ngettext("%(coats)s coat", "%(coats)s coats", part.coats) % {"coats": part.coats}]
    layers += [_("primer")] if part.primer else []
    layers += [_("varnish")] if part.varnish else []
    return {
        "powder": part.powder_id,
        "name": str(powder),
        "colour": f"{powder.colour_code} {powder.colour_name}".strip() if powder else "",
        "hex": powder.hex if powder else "",
        "finish": powder.finish if powder else "",
        "layers": ", ".join(layers),
        "celsius": held.celsius,
        "minutes": held.minutes,
    }


def _due(start: datetime, promised: date | None, days_before: int) -> int | None:
    """The end of the promised day, less the days that the work after curing takes; it may be past."""
    return None if promised is None else _day_minutes(start, promised + timedelta(days=1 - days_before))


def _day_minutes(start: datetime, day: date) -> int:
    """Minutes from the start to the beginning of a day; within the ten thousand days that a plan can hold."""
    at = datetime.combine(day, time(), tzinfo=start.tzinfo)
    minutes = int((at.timestamp() - start.timestamp()) // 60)
    return max(-9_000_000, min(minutes, 9_000_000))
