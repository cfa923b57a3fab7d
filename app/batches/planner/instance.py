"""What is to be planned, read from the format `oven-plan/1`. Lengths in mm, times in minutes, masses in kg."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, floor, isfinite
from typing import Any, TypeGuard, TypeVar

FORMAT = "oven-plan/1"
#: The order of dimensions along x, y and z; `lwh` is the part as given.
TURNS: dict[str, tuple[int, int, int]] = {
    "lwh": (0, 1, 2), "wlh": (1, 0, 2), "hwl": (2, 1, 0), "whl": (1, 2, 0), "lhw": (0, 2, 1), "hlw": (2, 0, 1),
}  # fmt: skip
UPRIGHT = ("lwh", "wlh")
#: Longer than any oven and any year: beyond, the numbers of a file are mistakes.
LONGEST_MM, LONGEST_MINUTES, MOST_PIECES = 100_000, 10_000_000, 20_000
#: A search of more than a day is a mistake too.
LONGEST_SEARCH_S = 86_400.0
#: Characters of a wrong value that a sentence repeats.
MOST_SAID = 60


def _is_whole(held: object) -> TypeGuard[int | float]:
    """Whether a value of a file is a whole number; 40.0 is one, true is none."""
    return not isinstance(held, bool) and (isinstance(held, int) or (isinstance(held, float) and held.is_integer()))


def _short(held: object) -> str:
    """A value of a file as a sentence says it: its beginning, in characters that any screen shows."""
    text = str(held).encode("utf-8", "replace").decode()
    return text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}…"


class InstanceError(ValueError):
    """The file cannot be planned; `problems` has one sentence for each thing that is wrong, with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Oven:
    """The inside of the ovens, all alike, and what stays free in them."""

    length: int
    width: int
    height: int
    count: int = 1
    max_load_kg: float | None = None
    gap: int = 0
    wall: int = 0
    floor: int = 0
    hook: int = 0
    one_level: bool = False
    rails_y: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Family:
    """One powder, one curing: what may share a load, and how long the load takes."""

    id: str
    cycle_min: int


@dataclass(frozen=True)
class Line:
    """A line of identical pieces."""

    id: str
    family: str
    project: str
    size: tuple[int, int, int]
    quantity: int = 1
    kg: float = 0.0
    release: int = 0
    due: int | None = None
    weight: float = 1.0
    turns: tuple[str, ...] = UPRIGHT
    flat: bool = False


@dataclass(frozen=True)
class Costs:
    """What a plan costs; the sum is to be least."""

    load: float = 1.0
    oven_minute: float = 0.0
    changeover: float = 0.0
    tardiness: float = 0.0


@dataclass(frozen=True)
class Instance:
    """A whole planning problem."""

    name: str
    oven: Oven
    families: tuple[Family, ...]
    lines: tuple[Line, ...]
    costs: Costs = field(default_factory=Costs)
    changeover_min: int = 0
    calendar: tuple[tuple[int, int], ...] | None = None
    schedule: bool = True
    time_limit_s: float = 10.0


@dataclass(frozen=True)
class Reading:
    """What can be planned of a file, one sentence for each thing that is wrong in it, and the lines left out for it."""

    instance: Instance
    problems: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def read_instance(data: Mapping[str, Any]) -> Instance:
    """The problem in a decoded file; InstanceError that lists everything that is wrong."""
    reading = read_tolerantly(data)
    if reading.problems:
        raise InstanceError(list(reading.problems))
    return reading.instance


def read_tolerantly(data: Mapping[str, Any]) -> Reading:
    """What can be planned of a decoded file; InstanceError when the oven itself, or the whole file, makes no sense.

    A wrong line, family or window is told and left out; windows that overlap stay, each a window of its own.
    """
    reader = _Reader()
    instance = reader.read(data)
    if reader.fatal or instance is None:
        raise InstanceError([*reader.fatal, *reader.problems])
    return Reading(instance, tuple(reader.problems), tuple(reader.left_out))


Kept = TypeVar("Kept", Family, Line)


class _Reader:
    """Reads field by field and keeps every problem, so that a file is put right in one go."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.fatal: list[str] = []
        self.left_out: list[str] = []

    def read(self, data: Mapping[str, Any]) -> Instance | None:
        if not isinstance(data, Mapping) or data.get("format", FORMAT) != FORMAT:
            self.fatal.append(f"format: {FORMAT} expected")
            return None
        oven = self._oven(data)
        rows = {key: self._rows(data, key) for key in ("families", "parts")}
        self.fatal, self.problems = self.problems, []  # up to here, nothing can be left out
        schedule = self._yes(data, "schedule", default=True)
        families = tuple(self._kept("families", rows["families"], lambda rank, row: self._family(rank, row, schedule)))
        known = {family.id for family in families}
        lines = tuple(self._kept("parts", rows["parts"], lambda rank, row: self._line(rank, row, known)))
        if sum(line.quantity for line in lines) > MOST_PIECES:
            self.fatal.append(f"parts: more than {MOST_PIECES} pieces")
        objective = self._mapping(data, "objective")
        return Instance(
            name=str(data.get("name", "")),
            oven=oven,
            families=families,
            lines=lines,
            costs=Costs(
                load=self._number(objective, "load_cost", "objective", default=1.0),
                oven_minute=self._number(objective, "oven_minute_cost", "objective", default=0.0),
                changeover=self._number(objective, "changeover_cost", "objective", default=0.0),
                tardiness=self._number(objective, "tardiness_cost", "objective", default=0.0),
            ),
            changeover_min=self._minutes(data, "changeover_min", "", default=0, least=0, rounded=ceil),
            calendar=self._calendar(data.get("calendar")),
            schedule=schedule,
            time_limit_s=self._number(data, "time_limit_s", "", default=10.0, most=LONGEST_SEARCH_S),
        )

    def _kept(self, kind: str, rows: list[Mapping[str, Any]], read: Callable[[int, Any], Kept]) -> Iterator[Kept]:
        """The rows in which nothing is wrong, each name once; the names of the others are left out."""
        seen: set[str] = set()
        for rank, row in enumerate(rows):
            before = len(self.problems)
            held = read(rank, row)
            if held.id in seen:
                self.problems.append(f"{kind}: {_short(held.id)} is there twice")
            elif len(self.problems) == before:
                seen.add(held.id)
                yield held
            elif held.id and kind == "parts":
                self.left_out.append(held.id)

    def _oven(self, data: Mapping[str, Any]) -> Oven:
        oven, clearance, hanging = (self._mapping(data, key) for key in ("oven", "clearance", "hanging"))
        rails = self._list(hanging, "rails_y", "hanging")
        tiers = hanging.get("tiers")
        if rails is not None and not all(_is_whole(rail) and abs(rail) <= LONGEST_MM for rail in rails):
            self.problems.append("hanging.rails_y: a list of whole numbers expected")
            rails = None
        if tiers not in (None, 1):
            self.problems.append("hanging.tiers: 1 or null")
        return Oven(
            length=self._whole(oven, "L", "oven", least=1),
            width=self._whole(oven, "W", "oven", least=1),
            height=self._whole(oven, "H", "oven", least=1),
            count=self._whole(oven, "count", "oven", default=1, least=1, most=1000),
            max_load_kg=None if oven.get("max_load_kg") is None else self._number(oven, "max_load_kg", "oven"),
            gap=self._whole(clearance, "gap", "clearance", default=0),
            wall=self._whole(clearance, "wall", "clearance", default=0),
            floor=self._whole(clearance, "floor", "clearance", default=0),
            hook=self._whole(hanging, "hook", "hanging", default=0),
            one_level=tiers == 1,
            rails_y=None if rails is None else tuple(sorted(int(rail) for rail in rails)),
        )

    def _family(self, rank: int, row: Mapping[str, Any], schedule: bool) -> Family:
        where = f"families[{rank}]"
        cycle = self._whole(row, "cycle_min", where, default=None if schedule else 1, most=LONGEST_MINUTES)
        return Family(self._text(row, "id", where), cycle)

    def _line(self, rank: int, row: Mapping[str, Any], families: set[str]) -> Line:
        where = f"parts[{rank}]"
        name, family = self._text(row, "id", where), self._text(row, "family", where)
        where = f"{where} {_short(name)}".rstrip()
        if family and family not in families:
            self.problems.append(f"{where}: unknown family {_short(family)}")
        turns = [str(turn) for turn in self._list(row, "rot", where) or UPRIGHT]
        unknown = [turn for turn in turns if turn not in TURNS]
        if unknown:
            self.problems.append(f"{where}: unknown orientation {_short(', '.join(unknown))}")
        carry = row.get("carry") or "hang"
        if carry not in ("hang", "flat"):
            self.problems.append(f"{where}: carry is hang or flat")
        due, project = row.get("due"), row.get("project")
        return Line(
            id=name,
            family=family,
            project=f"\0{name}" if project is None else self._text(row, "project", where),
            size=(self._side(row, "l", where), self._side(row, "w", where), self._side(row, "h", where)),
            quantity=self._whole(row, "qty", where, default=1, most=MOST_PIECES),
            kg=self._number(row, "kg", where, default=0.0),
            release=max(0, self._minutes(row, "release", where, default=0, rounded=ceil)),
            due=None if due is None else self._minutes(row, "due", where, rounded=floor),
            weight=self._number(row, "weight", where, default=1.0),
            turns=tuple(dict.fromkeys(turn for turn in turns if turn in TURNS)) or UPRIGHT,
            flat=carry == "flat",
        )

    def _side(self, row: Mapping[str, Any], key: str, where: str) -> int:
        return self._whole(row, key, where, least=1, most=1_000_000_000)

    def _calendar(self, rows: Any) -> tuple[tuple[int, int], ...] | None:
        """The windows that can be read; hours that cannot be told are no reason to work at any hour."""
        if rows is None:
            return None
        if not isinstance(rows, list):
            self.fatal.append("calendar: a list of windows expected")
            return None
        windows = [window for rank, row in enumerate(rows) if (window := self._window(f"calendar[{rank}]", row))]
        if any(after[0] < before[1] for before, after in pairwise(windows)):
            self.problems.append("calendar: windows overlap or are not in order")
        return tuple(sorted(set(windows)))

    def _window(self, where: str, row: Any) -> tuple[int, int] | None:
        if not isinstance(row, list) or len(row) != 2:
            self.problems.append(f"{where}: a pair of minutes expected")
            return None
        before, pair = len(self.problems), {"opens": row[0], "closes": row[1]}
        opens = self._minutes(pair, "opens", where, rounded=ceil)
        closes = self._minutes(pair, "closes", where, rounded=floor)
        if len(self.problems) > before:
            return None
        if opens >= closes:
            self.problems.append(f"{where}: a window closes before it opens")
            return None
        return opens, closes

    def _rows(self, data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        rows = data.get(key, [])
        if not isinstance(rows, list) or any(not isinstance(row, Mapping) for row in rows):
            self.problems.append(f"{key}: a list of objects expected")
            return []
        return rows

    def _list(self, row: Mapping[str, Any], key: str, where: str) -> list[Any] | None:
        held = row.get(key)
        if held is not None and not isinstance(held, list):
            self.problems.append(f"{where} {key}: a list expected")
            return None
        return held

    def _mapping(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        held = data.get(key) or {}
        if not isinstance(held, Mapping):
            self.problems.append(f"{key}: an object expected")
            return {}
        return held

    def _text(self, row: Mapping[str, Any], key: str, where: str) -> str:
        held = row.get(key)
        if held is None or held == "":
            self.problems.append(f"{where}: {key} is missing")
            return ""
        if isinstance(held, bool) or not isinstance(held, str | int):
            self.problems.append(f"{where}: {key} is not a name")
            return ""
        return str(held)

    def _yes(self, row: Mapping[str, Any], key: str, *, default: bool) -> bool:
        held = row.get(key)
        if held is not None and not isinstance(held, bool):
            self.problems.append(f"{key}: true or false expected")
        return held if isinstance(held, bool) else default

    def _number(
        self, row: Mapping[str, Any], key: str, where: str, default: float | None = None, most: float = 1e12
    ) -> float:
        held = row.get(key)
        held = default if held is None else held
        if isinstance(held, bool) or not isinstance(held, int | float) or not 0 <= held <= most:
            self.problems.append(f"{where} {key}: a positive number expected".strip())
            return default or 0.0
        return float(held)

    def _minutes(
        self, row: Mapping[str, Any], key: str, where: str, *, rounded: Callable[[float], int],
        default: int | None = None, least: int = -LONGEST_MINUTES,
    ) -> int:  # fmt: skip
        """A time: one between two minutes is the whole one that breaks nothing."""
        held = row.get(key)
        if isinstance(held, float) and isfinite(held):
            row = {key: rounded(held)}
        return self._whole(row, key, where, default=default, least=least, most=LONGEST_MINUTES)

    def _whole(
        self, row: Mapping[str, Any], key: str, where: str, default: int | None = None, least: int = 0,
        most: int = LONGEST_MM,
    ) -> int:  # fmt: skip
        held = row.get(key)
        held = default if held is None else held
        if not _is_whole(held):
            self.problems.append(f"{where} {key}: a whole number expected".strip())
            return max(least, 0)
        if not least <= held <= most:
            self.problems.append(f"{where} {key}: {_short(held)} is not between {least} and {most}".strip())
            return max(least, 0)
        return int(held)
