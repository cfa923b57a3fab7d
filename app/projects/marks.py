"""What is drawn over a photo: a list of shapes in coordinates relative to the picture, 0 to 1000 on each side.

The image stays as it is; screens and the report draw the layer over it.
"""

import math
from dataclasses import dataclass
from typing import Any, Final, NotRequired, TypedDict

from django.utils.translation import gettext as _

from app.kernel.errors import RuleError

SCALE: Final = 1000
SHAPES: Final = ("pen", "arrow", "circle", "text")
#: Each stands out on metal and on powder, with the outline that the screens draw around it.
COLOURS: Final = {"ember": "#ff6a1f", "white": "#ffffff", "yellow": "#ffd83d", "blue": "#4fb4ff"}
#: The length of an arrow's head, in the coordinates of the view box.
HEAD: Final = 34
#: A note: its smallest and largest size, the width of a letter for a size of 1, what stays free beside it.
NOTE_SIZES: Final = (14, 38)
NOTE_WIDTH: Final = 0.58
NOTE_MARGIN: Final = 12
MARKS_MOST, POINTS_MOST, TEXT_LONGEST = 60, 600, 80

Point = tuple[float, float]


class Mark(TypedDict):
    """One shape: the points of a stroke; the two ends of an arrow; centre and edge of a circle; the foot of a text."""

    shape: str
    colour: str
    points: list[list[int]]
    text: NotRequired[str]


def read_marks(given: object) -> list[Mark]:
    """The layer that a browser sent; RuleError when it is not one."""
    if not isinstance(given, list) or len(given) > MARKS_MOST:
        raise RuleError(_("These annotations cannot be read: at most %(most)d shapes.") % {"most": MARKS_MOST})
    return [_read_mark(mark) for mark in given]


def _read_mark(given: Any) -> Mark:
    try:
        shape, colour = given["shape"], given["colour"]
        points = [[_coordinate(x), _coordinate(y)] for x, y in given["points"]]
        text = str(given.get("text", "")).strip()
    except (TypeError, KeyError, ValueError, AttributeError, OverflowError) as error:
        raise RuleError(_("These annotations cannot be read.")) from error
    least, most = {"pen": (1, POINTS_MOST), "text": (1, 1)}.get(shape, (2, 2))
    known = shape in SHAPES and colour in COLOURS and least <= len(points) <= most
    if not known or len(text) > TEXT_LONGEST or (shape == "text") != bool(text):
        raise RuleError(_("These annotations cannot be read."))
    mark: Mark = {"shape": shape, "colour": colour, "points": points}
    if text:
        mark["text"] = text
    return mark


def _coordinate(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("not a coordinate")
    return min(SCALE, max(0, round(value)))


@dataclass(frozen=True)
class Shape:
    """A mark as SVG shows it: a path, or a text at a point; `assets/js/marks.js` draws the same."""

    colour: str
    path: str = ""
    text: str = ""
    #: Where the text begins, written for SVG: a decimal comma would be read as two numbers.
    x: str = ""
    y: str = ""
    #: Which end of the text stands there, and its size: a note does not leave the picture.
    anchor: str = "start"
    size: int = 0

    @property
    def ink(self) -> str:
        """The colour itself, for documents; screens have it in their styles."""
        return COLOURS[self.colour]


def shapes_of(marks: list[Mark], width: int, height: int) -> list[Shape]:
    """The layer in the coordinates of `view_box`: as wide as SCALE, as high as the picture's proportions ask."""
    ratio = height / width
    return [_shape(mark, [(x, round(y * ratio, 1)) for x, y in mark["points"]]) for mark in marks]


def view_box(width: int, height: int) -> str:
    """The viewBox of a layer over a picture of these proportions."""
    return f"0 0 {SCALE} {round(SCALE * height / width, 1)}"


def _shape(mark: Mark, points: list[Point]) -> Shape:
    first, last = points[0], points[-1]
    if mark["shape"] == "text":
        return _note(mark, first)
    if mark["shape"] == "pen":
        return Shape(mark["colour"], path=_line(points))
    return Shape(mark["colour"], path=_circle(first, last) if mark["shape"] == "circle" else _arrow(first, last))


def _note(mark: Mark, foot: Point) -> Shape:
    text, at_right = mark.get("text", ""), foot[0] > SCALE / 2
    room = (foot[0] if at_right else SCALE - foot[0]) - NOTE_MARGIN
    size = max(NOTE_SIZES[0], min(NOTE_SIZES[1], math.floor(room / (NOTE_WIDTH * len(text)))))
    return Shape(
        mark["colour"], text=text, x=str(foot[0]), y=str(foot[1]), anchor="end" if at_right else "start", size=size
    )


def _line(points: list[Point]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in (points if len(points) > 1 else points * 2))


def _circle(centre: Point, edge: Point) -> str:
    radius = round(max(8.0, math.dist(centre, edge)), 1)
    half = f"a{radius} {radius} 0 1 0 "
    return f"M{round(centre[0] - radius, 1)} {centre[1]}{half}{2 * radius} 0{half}{-2 * radius} 0"


def _arrow(tail: Point, head: Point) -> str:
    angle = math.atan2(head[1] - tail[1], head[0] - tail[0])
    wings = [
        (round(head[0] - HEAD * math.cos(angle + turn), 1), round(head[1] - HEAD * math.sin(angle + turn), 1))
        for turn in (0.5, -0.5)
    ]
    return _line([tail, head]) + _line([wings[0], head, wings[1]])
