"""What the pages of a plan show: its loads in words, its timeline, the drawing of a load."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from app.workshops.contrast import contrast

from .measures import Measures, fill_of, kg_of, late_by_project, length_left
from .models import OvenPlan
from .oven_constants import HOURS_FULL
from .oven_reasons import Reason, Reasons, moment_of
from .planner.instance import TURNS, Instance, Line
from .planner.plan import Item, Load, Plan, Unfit, unfit_of

#: A powder whose colour is not known.
NO_COLOUR = "#a39a8d"
DARK, LIGHT = "#1e1b18", "#ffffff"


def ink_on(colour: str) -> str:
    """The colour of a text over a powder."""
    return max((DARK, LIGHT), key=lambda ink: contrast(colour, ink))


@dataclass(frozen=True)
class Held:
    """A part in a load: the words of the plan about it, and how many of its pieces are there."""

    words: Mapping[str, Any]
    pieces: int
    is_late: bool

    @property
    def promised(self) -> date | None:
        return date.fromisoformat(self.words["promised"]) if self.words["promised"] else None


@dataclass(frozen=True)
class LoadLine:
    """A load in the list of a plan; `rank` is its place in the file, `place` its place in its oven, from 0."""

    rank: int
    place: int
    oven_rank: int
    oven: str
    family: Mapping[str, Any]
    starts_at: datetime
    ends_at: datetime
    parts: Sequence[Held]
    pieces: int
    fill: float
    kg: float
    reasons: Sequence[Reason]
    is_last: bool

    @property
    def number(self) -> int:
        return self.rank + 1

    @property
    def hex(self) -> str:
        return self.family["hex"] or NO_COLOUR

    @property
    def ink(self) -> str:
        return ink_on(self.hex)

    @property
    def fill_percent(self) -> int:
        return round(self.fill * 100)

    @property
    def is_late(self) -> bool:
        return any(held.is_late for held in self.parts)


@dataclass(frozen=True)
class Bar:
    """A load on the timeline of a day; `left` and `width` are percents of the drawing."""

    line: LoadLine
    left: str
    width: str
    top: int


@dataclass(frozen=True)
class Day:
    """A day of the timeline: its hours, and the bars of each oven."""

    day: date
    hours: Sequence[tuple[int, str]]
    ovens: Sequence[tuple[str, int]]
    bars: Sequence[Bar]
    height: int


class PlanPage:
    """A plan with its loads, ready to be shown."""

    ROW = 44

    def __init__(self, held: OvenPlan, instance: Instance, plan: Plan) -> None:
        self.held = held
        self.instance = instance
        self.plan = plan
        self.late = late_by_project(instance, plan)

    @cached_property
    def loads(self) -> list[LoadLine]:
        """The loads in time."""
        reasons = Reasons(self.instance, self.plan, self.held.subject, self.held.starts_at)
        lines = [
            self._line(rank, place, oven, len(ranks), reasons)
            for oven, ranks in enumerate(reasons.order)
            for place, rank in enumerate(ranks)
        ]
        return sorted(lines, key=lambda line: (line.starts_at, line.oven_rank))

    @cached_property
    def days(self) -> list[Day]:
        """The timeline, a drawing for each day on which a load starts."""
        days = sorted({line.starts_at.date() for line in self.loads})
        return [self._day(day) for day in days]

    @cached_property
    def unfit(self) -> list[tuple[str, list[Mapping[str, Any]]]]:
        """The parts that no load can take, by reason."""
        words = {
            Unfit.SIZE: _("its size exceeds the inside of the oven, however it is turned"),
            Unfit.MASS: _("its mass exceeds what the oven carries"),
            Unfit.CYCLE: _("its curing is longer than the longest opening of the oven"),
            Unfit.RELEASE: _("it is dropped off after the last opening that can be planned"),
        }
        found: dict[str, list[Mapping[str, Any]]] = {}
        left = set(self.plan.unplaced)
        for line in self.instance.lines:
            if line.id in left and (unfit := unfit_of(self.instance, line)):
                found.setdefault(words[unfit], []).append(self.held.subject["parts"][line.id])
        return list(found.items())

    def _line(self, rank: int, place: int, oven: int, count: int, reasons: Reasons) -> LoadLine:
        load = self.plan.loads[rank]
        pieces = Counter(item.part for item in load.items)
        words = self.held.subject["parts"]
        return LoadLine(
            rank=rank, place=place, oven_rank=oven, oven=self.held.subject["ovens"][oven]["name"],
            family=self.held.subject["families"][load.family],
            starts_at=moment_of(self.held.starts_at, load.start), ends_at=moment_of(self.held.starts_at, load.end),
            parts=[Held(words[code], many, words[code]["number"] in self.late) for code, many in pieces.items()],
            pieces=len(load.items), fill=fill_of(self.instance, load), kg=kg_of(self.instance, load),
            reasons=reasons.of(rank), is_last=place == count - 1,
        )  # fmt: skip

    def _day(self, day: date) -> Day:
        lines = [line for line in self.loads if line.starts_at.date() == day]
        first = min(line.starts_at.hour for line in lines)
        last = max(_hours(line.ends_at, day) for line in lines)
        span = max(1, int(last + 0.999) - first)
        names = [oven["name"] for oven in self.held.subject["ovens"]]
        bars = [
            Bar(line, f"{100 * (_hours(line.starts_at, day) - first) / span:.2f}",
                f"{100 * (_hours(line.ends_at, day) - _hours(line.starts_at, day)) / span:.2f}",
                line.oven_rank * self.ROW)
            for line in lines
        ]  # fmt: skip
        step = 1 if span <= 12 else 2
        hours = [(hour % 24, f"{100 * (hour - first) / span:.2f}") for hour in range(first, first + span, step)]
        rows = [(name, rank * self.ROW) for rank, name in enumerate(names)]
        return Day(day, hours, rows, bars, len(names) * self.ROW)


def _hours(moment: datetime, day: date) -> float:
    """Hours from the start of a day: 25.5 is half past one of the next one."""
    return (moment.date() - day).days * 24 + moment.hour + moment.minute / 60


@dataclass(frozen=True)
class Piece:
    """A piece in a load, drawn: its place and size in mm, turned; `number` follows the bars from the back."""

    at: int
    number: int
    code: str
    words: Mapping[str, Any]
    item: Item
    dx: int
    dy: int
    dz: int
    hook: int
    ceiling: int
    turned: str
    #: Room along x, y and z in each orientation that is allowed.
    turns: Mapping[str, Sequence[int]]

    @property
    def top(self) -> int:
        """Height of the hook's upper end above the floor of the oven."""
        return self.item.z + self.dz + self.hook

    @property
    def middle_x(self) -> int:
        return self.item.x + self.dx // 2

    @property
    def half_dx(self) -> int:
        return self.dx // 2

    @property
    def half_dy(self) -> int:
        return self.dy // 2

    @property
    def top_line(self) -> int:
        """The upper side of the piece in a drawing whose heights go down."""
        return self.ceiling - self.item.z - self.dz

    @property
    def hook_line(self) -> int:
        return self.ceiling - self.top

    @property
    def side_line(self) -> int:
        """The middle of the piece in that drawing."""
        return self.ceiling - self.item.z - self.dz // 2

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at, "number": self.number, "part": self.code, "x": self.item.x, "y": self.item.y,
            "z": self.item.z, "rot": self.item.turn, "dx": self.dx, "dy": self.dy, "dz": self.dz, "hook": self.hook,
            "turns": self.turns, "name": f"{self.words['number']} · {self.words['designation']}",
        }  # fmt: skip


class LoadPicture:
    """A load, drawn from above and from the side, and listed in the order in which it is hung."""

    def __init__(self, instance: Instance, load: Load, subject: Mapping[str, Any]) -> None:
        self.instance = instance
        self.load = load
        self.oven = instance.oven
        self.subject = subject

    @cached_property
    def pieces(self) -> list[Piece]:
        """The pieces as they are hung: bar by bar from the back, from left to right."""
        lines = {line.id: line for line in self.instance.lines}
        ranks = sorted(range(len(self.load.items)), key=lambda at: _hanging(self.load.items[at]))
        return [self._piece(number, at, lines[self.load.items[at].part]) for number, at in enumerate(ranks, start=1)]

    @property
    def from_above(self) -> list[Piece]:
        """As the eye sees them: what is higher comes last."""
        return sorted(self.pieces, key=lambda piece: piece.top)

    @property
    def from_the_side(self) -> list[Piece]:
        """Seen from the front: what is nearer comes last. The height is counted from the ceiling, as SVG does."""
        return sorted(self.pieces, key=lambda piece: piece.item.y)

    @property
    def family(self) -> Mapping[str, Any]:
        family: Mapping[str, Any] = self.subject["families"][self.load.family]
        return family

    @property
    def hex(self) -> str:
        return self.family["hex"] or NO_COLOUR

    @property
    def ink(self) -> str:
        return ink_on(self.hex)

    @property
    def letters(self) -> int:
        """Height of the numbers in the drawing, in mm of the oven: no higher than the thinnest piece is deep."""
        return max(40, min([self.oven.length // 34, *(piece.dy for piece in self.pieces)]))

    @property
    def fill_percent(self) -> int:
        return round(fill_of(self.instance, self.load) * 100)

    @property
    def length_left(self) -> int:
        return length_left(self.instance, self.load)

    @property
    def inner_length(self) -> int:
        return self.oven.length - 2 * self.oven.wall

    @property
    def inner_width(self) -> int:
        return self.oven.width - 2 * self.oven.wall

    @property
    def floor_line(self) -> int:
        """The least height of parts in a drawing whose heights go down."""
        return self.oven.height - self.oven.floor

    @property
    def kg(self) -> float:
        return kg_of(self.instance, self.load)

    @property
    def kg_left(self) -> float | None:
        return None if self.oven.max_load_kg is None else self.oven.max_load_kg - self.kg

    def as_json(self) -> dict[str, Any]:
        """What the scripts of the page draw and move."""
        oven = self.oven
        return {
            "L": oven.length, "W": oven.width, "H": oven.height, "wall": oven.wall, "floor": oven.floor,
            "gap": oven.gap, "hex": self.hex, "ink": self.ink,
            "pieces": [piece.as_json() for piece in sorted(self.pieces, key=lambda piece: piece.at)],
        }  # fmt: skip

    def _piece(self, number: int, at: int, line: Line) -> Piece:
        item = self.load.items[at]
        dx, dy, dz = (line.size[axis] for axis in TURNS[item.turn])
        hook = 0 if line.flat else self.oven.hook
        words = self.subject["parts"][line.id]
        turns = {turn: [line.size[axis] for axis in TURNS[turn]] for turn in line.turns}
        return Piece(
            at, number, line.id, words, item, dx, dy, dz, hook, self.oven.height, _turned(item.turn), turns
        )  # fmt: skip


def _turned(turn: str) -> str:
    """How a piece is turned, as it is told to whoever hangs it."""
    if turn == "lwh":
        return _("as measured")
    if turn == "wlh":
        return _("a quarter turn")
    upright = {"l": _("its length upright"), "w": _("its width upright"), "h": _("tipped over")}
    return upright[turn[2]]


def load_of_layout(instance: Instance, layout: Sequence[Mapping[str, Any]]) -> Load:
    """The load of the places that were kept with it."""
    items = tuple(Item(row["part"], row["x"], row["y"], row["z"], row["rot"]) for row in layout)
    return Load(next(line.family for line in instance.lines if line.id == items[0].part), items)


def _hanging(item: Item) -> tuple[int, int, int]:
    return item.y, item.x, item.z


@dataclass(frozen=True)
class Gain:
    """A plan beside first come, first served: what is saved; negative when the plan costs more."""

    planned: Measures
    first_come: Measures

    @property
    def loads(self) -> int:
        return self.first_come.loads - self.planned.loads

    @property
    def hours(self) -> float:
        return self.first_come.hours - self.planned.hours

    @property
    def euros(self) -> float:
        return self.first_come.cost - self.planned.cost

    @property
    def late(self) -> int:
        return self.first_come.late_projects - self.planned.late_projects

    @property
    def loads_more(self) -> int:
        return -self.loads

    @property
    def hours_more(self) -> float:
        return -self.hours

    @property
    def euros_more(self) -> float:
        return -self.euros

    @property
    def late_more(self) -> int:
        return -self.late

    @property
    def is_none(self) -> bool:
        return not (self.loads or self.late or round(self.hours, 1) or round(self.euros))


def gain_of(plan: OvenPlan) -> Gain | None:
    """The gain of a plan; None when the comparison could not be made."""
    if not (plan.figures and plan.first_come):
        return None
    return Gain(Measures(**plan.figures), Measures(**plan.first_come))


def by_reason(left_out: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """The parts that could not be planned, by reason."""
    for reason in dict.fromkeys(held["reason"] for held in left_out):
        words = _("the opening hours are full of more urgent work") if reason == HOURS_FULL else reason
        yield words, [held for held in left_out if held["reason"] == reason]
