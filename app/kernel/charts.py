"""Small bar charts drawn on the server; the table beside them holds the figures."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600, 120
GAP = 0.25


@dataclass(frozen=True)
class Bar:
    """A rectangle of the drawing, in its own units (WIDTH × HEIGHT)."""

    x: str
    y: str
    width: str
    height: str


def bars(values: Sequence[float], *, full: float = 0) -> list[Bar]:
    """One bar a value, from zero to the largest one, or to `full` at least; nothing to draw gives no bar."""
    largest = max(values, default=0)
    if largest <= 0:
        return []
    step, top = WIDTH / len(values), max(largest, full)
    return [_bar(index * step, step, HEIGHT * max(value, 0) / top) for index, value in enumerate(values)]


def _bar(left: float, step: float, height: float) -> Bar:
    return Bar(f"{left + step * GAP / 2:.1f}", f"{HEIGHT - height:.1f}", f"{step * (1 - GAP):.1f}", f"{height:.1f}")


def polyline(values: Sequence[float]) -> str:
    """The points of a line from the first value to the last, zero always within; nothing to draw gives no point."""
    if len(values) < 2:
        return ""
    low, high = min(0.0, *values), max(0.0, *values)
    if high == low:
        return ""
    step = WIDTH / (len(values) - 1)
    return " ".join(
        f"{index * step:.1f},{HEIGHT * (high - value) / (high - low):.1f}" for index, value in enumerate(values)
    )
