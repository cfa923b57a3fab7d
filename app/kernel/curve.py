"""The curing curve: a ramp, a plateau and a cooling, sampled into SVG paths that follow a list of steps."""

from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 560, 150, 14
RAMP_END, PLATEAU_END = 0.36, 0.74
SAMPLES = 96


@dataclass(frozen=True)
class Point:
    """A step on the curve, in SVG units."""

    x: float
    y: float
    label: str
    state: str  # "done", "now" or "todo"


@dataclass(frozen=True)
class Curve:
    """What the template draws: the path already heated, the path to come, and the steps."""

    done: str
    todo: str
    points: tuple[Point, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def now(self) -> Point | None:
        """The step in progress, None when all are done."""
        return next((point for point in self.points if point.state == "now"), None)

    @property
    def position(self) -> int:
        """Rank of the step in progress, from 1; the number of steps when all are done."""
        return next((rank for rank, point in enumerate(self.points, 1) if point.state == "now"), len(self.points))


def heat(t: float) -> float:
    """Temperature between 0 and 1 at the moment `t` of the cycle, between 0 and 1."""
    if t < RAMP_END:
        return _smooth(t / RAMP_END)
    if t <= PLATEAU_END:
        return 1.0
    return 1.0 - 0.92 * _smooth((t - PLATEAU_END) / (1 - PLATEAU_END))


def curve_of(labels: list[str], current: int) -> Curve:
    """The curve of a list of steps; `current` is the rank of the step in progress, from 0 (past the end: all done)."""
    count = max(len(labels), 1)
    moments = [(rank + 0.5) / count for rank in range(count)]
    cut = 1.0 if current >= count else moments[max(current, 0)]
    states = ["done" if rank < current else "now" if rank == current else "todo" for rank in range(count)]
    points = tuple(
        Point(*_place(moment), label=str(label), state=state)
        for moment, label, state in zip(moments, labels, states, strict=False)
    )
    return Curve(_path(0.0, cut), _path(cut, 1.0) if cut < 1 else "", points)


def _smooth(t: float) -> float:
    """The quintic step: flat at both ends, steep in the middle."""
    return t * t * t * (t * (6 * t - 15) + 10)


def _place(t: float) -> tuple[float, float]:
    y = MARGIN + (1 - heat(t)) * (HEIGHT - 2 * MARGIN)
    return round(4 + t * (WIDTH - 8), 1), round(y, 1)


def _path(start: float, end: float) -> str:
    steps = max(int(SAMPLES * (end - start)), 1)
    places = [_place(start + (end - start) * step / steps) for step in range(steps + 1)]
    return "M" + "L".join(f"{x} {y}" for x, y in places)
