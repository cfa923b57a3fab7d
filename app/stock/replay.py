"""What weighings and transfers find, replayed in the order of time. Pure functions (docs/algorithms/stock.md).

Consumption is posted for a powder, not for a carton: between two weighings it is known only as what is `loose`, below
zero. A weighing (or the departure of a carton) puts on its carton the share that the carton must have given, then finds
the gap with the scale. Because this depends only on what happened before, and never on the order in which it was
recorded, a late weighing is applied at its own time and the later ones are computed again on top of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from .constants import ZERO, Source


@dataclass(frozen=True, slots=True)
class CartonState:
    """A carton at a moment: the sum of its movements, where it stands, since when it is open."""

    pk: int
    book: Decimal
    site: int
    opened_at: datetime | None
    received_at: datetime


@dataclass
class State:
    """The stock of one item at a moment: what is in no carton, by site, and the cartons."""

    loose: dict[int, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    cartons: dict[int, CartonState] = field(default_factory=dict)

    def change(self, site: int, carton: int | None, quantity: Decimal) -> None:
        """Add a movement."""
        if carton is None:
            self.loose[site] += quantity
        else:
            state = self.cartons[carton]
            self.cartons[carton] = replace(state, book=state.book + quantity)


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement that is what it is: a receipt, a consumption, a loss."""

    at: datetime
    site: int
    carton: int | None
    quantity: Decimal

    @property
    def order(self) -> tuple[datetime, int, str]:
        return self.at, 0, ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A carton that leaves a site for another with all that it holds."""

    at: datetime
    key: UUID
    carton: int
    to_site: int

    @property
    def order(self) -> tuple[datetime, int, str]:
        return self.at, 1, str(self.key)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A scale, or a count of what is in no carton (`carton` None)."""

    at: datetime
    key: UUID
    carton: int | None
    site: int
    net: Decimal

    @property
    def order(self) -> tuple[datetime, int, str]:
        return self.at, 2, str(self.key)


Event = Moved | Sent | Weighed


@dataclass(frozen=True, slots=True)
class Line:
    """Where a movement that was found belongs."""

    site: int
    carton: int | None
    source: str


Found = dict[UUID, dict[Line, Decimal]]


def replay(state: State, events: Iterable[Event]) -> Found:
    """The movements that each weighing and each departure of a carton finds; `state` is left as after the last one."""
    found: Found = {}
    for event in sorted(events, key=lambda one: one.order):
        if isinstance(event, Moved):
            state.change(event.site, event.carton, event.quantity)
            continue
        lines = _weigh(state, event) if isinstance(event, Weighed) else _send(state, event)
        found[event.key] = {line: quantity for line, quantity in lines.items() if quantity}
    return found


def shares(loose: Decimal, cartons: Sequence[CartonState], at: datetime) -> dict[int, Decimal]:
    """How much of the consumption on no carton each carton must have given: the open ones first, the oldest first.

    What no carton can have given stays on none.
    """
    waiting, given = -loose, {}
    for carton in sorted(cartons, key=lambda one: _turn(one, at)):
        share = min(waiting, carton.book)
        if waiting <= 0 or share <= 0:
            continue
        given[carton.pk] = share
        waiting -= share
    return given


def _turn(carton: CartonState, at: datetime) -> tuple[bool, datetime, int]:
    is_open = carton.opened_at is not None and carton.opened_at <= at
    return not is_open, (carton.opened_at if is_open and carton.opened_at else carton.received_at), carton.pk


def _allocate(state: State, carton: CartonState, at: datetime) -> tuple[dict[Line, Decimal], Decimal]:
    """Put on a carton its share of the consumption on none: the two movements, and what should be left in it."""
    here = [one for one in state.cartons.values() if one.site == carton.site]
    share = shares(state.loose[carton.site], here, at).get(carton.pk, ZERO)
    lines = {
        Line(carton.site, carton.pk, Source.ALLOCATION): -share,
        Line(carton.site, None, Source.ALLOCATION): share,
    }
    for line, quantity in lines.items():
        state.change(line.site, line.carton, quantity)
    return lines, carton.book - share


def _weigh(state: State, event: Weighed) -> dict[Line, Decimal]:
    if event.carton is None:
        gap = event.net - state.loose[event.site]
        state.change(event.site, None, gap)
        return {Line(event.site, None, Source.WEIGHING): gap}
    carton = state.cartons[event.carton]
    lines, theory = _allocate(state, carton, event.at)
    gap = event.net - theory
    state.change(carton.site, carton.pk, gap)
    return lines | {Line(carton.site, carton.pk, Source.WEIGHING): gap}


def _send(state: State, event: Sent) -> dict[Line, Decimal]:
    carton = state.cartons[event.carton]
    lines, left = _allocate(state, carton, event.at)
    # The carton keeps what it holds: its book does not change, the levels of the two sites do.
    state.cartons[carton.pk] = replace(state.cartons[carton.pk], site=event.to_site)
    return lines | {
        Line(carton.site, carton.pk, Source.TRANSFER): -left,
        Line(event.to_site, carton.pk, Source.TRANSFER): left,
    }


def differences(found: Found, posted: Mapping[UUID, Mapping[Line, Decimal]]) -> Found:
    """What is still to post so that each weighing and each departure has the movements that it finds."""
    missing: Found = {}
    for key, lines in found.items():
        before = posted.get(key, {})
        for line in {*lines, *before}:
            change = lines.get(line, ZERO) - before.get(line, ZERO)
            if change:
                missing.setdefault(key, {})[line] = change
    return missing
