"""What hours hold that are too short for everything: the most urgent loads, the same for the same problem."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from .instance import Instance
from .plan import Item, Load, Plan, fits_alone
from .schedule import Schedule


def within_hours(instance: Instance) -> tuple[Plan, dict[str, int]]:
    """A plan of what finds hours, and of each line the pieces that find none, in a problem that has opening hours.

    Each family is packed by date, once; the loads take the hours by their most urgent piece, each in the oven that can
    run it first. One that finds no hours is left out whole, and the next ones are tried: a shorter one may find some.
    """
    wanted = [line for line in instance.lines if line.quantity]
    possible = [line for line in wanted if fits_alone(instance, line)]
    known = {line.id for line in possible}
    unplaced = tuple(line.id for line in wanted if line.id not in known)
    if not possible:
        return Plan((), unplaced), {}
    ovens = [_Oven(instance) for _number in range(instance.oven.count)]
    releases = {line.id: line.release for line in possible}
    cycles = {family.id: family.cycle_min for family in instance.families}
    loads, beyond = list[Load](), Counter[str]()
    for family, items in _by_date(Schedule(instance, possible)):
        release = max(releases[item.part] for item in items)
        slots = [slot for oven in ovens if (slot := oven.next_slot(family, cycles[family], release))]
        if not slots:
            beyond.update(item.part for item in items)
            continue
        slot = min(slots, key=lambda held: held.start)
        slot.oven.last = slot
        loads.append(Load(family, items, ovens.index(slot.oven), slot.start, slot.end))
    return Plan(tuple(loads), unplaced), dict(beyond)


def _by_date(schedule: Schedule) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """The loads of a first plan, by their most urgent piece: the ovens have them by turns."""
    state = schedule.first(by_date=True, until=inf)
    items = schedule.items(state)
    for place in range(int(state.lengths.max())):
        for oven in range(state.order.shape[0]):
            if place < state.lengths[oven]:
                held = int(state.order[oven, place])
                yield schedule.names[int(state.family[held])], items[held]


@dataclass(frozen=True)
class _Slot:
    """When an oven could run a load; `window` is the rank of the opening."""

    oven: "_Oven"
    family: str
    start: int
    end: int
    window: int


class _Oven:
    """An oven that is filled load after load; `last` is the slot of its last load."""

    def __init__(self, instance: Instance) -> None:
        self.windows = instance.calendar or ()
        self.changeover = instance.changeover_min
        self.last: _Slot | None = None

    def next_slot(self, family: str, cycle: int, release: int) -> _Slot | None:
        """The earliest that a load may run after the last one; None when no opening that is left holds it."""
        free, rank = release, 0
        if self.last:
            pause = self.changeover if self.last.family != family else 0
            free, rank = max(release, self.last.end + pause), self.last.window
        for window in range(rank, len(self.windows)):
            start = max(free, self.windows[window][0])
            if start + cycle <= self.windows[window][1]:
                return _Slot(self, family, start, start + cycle, window)
        return None
