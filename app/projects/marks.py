"""What is drawn over a photo: a list of shapes in coordinates relative to the picture, 0 to 1000 on each side.

The image stays as it is; screens and the report draw the layer over it.
"""

import math
from typing import Any, Final, NotRequired, TypedDict

from django.utils.translation import gettext as _

from app.kernel.errors import RuleError

SCALE: Final = 1000
SHAPES: Final = ("pen", "arrow", "circle", "text")
#: Each stands out on metal and on powder, with the outline that the screens draw around it.
COLOURS: Final = ("ember", "white", "yellow", "blue")
MARKS_MOST, POINTS_MOST, TEXT_LONGEST = 60, 600, 120


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
