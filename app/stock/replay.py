"""What weighings and transfers find, replayed in the order of time. Pure functions (docs/algorithms/stock.md).

Consumption is posted for a powder, not for a carton: between two weighings it is known only as what is `loose`, below
zero. A weighing (or the departure of a carton) first puts it on the cartons that must have given it, then finds the gap
with the scale. Because this depends only on what happened before, and never on the order in which it was recorded, a
late weighing is applied at its own time and the later ones are computed again on top of it.
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


def _allocate(state: State, site: int, at: datetime) -> dict[Line, Decimal]:
    """Put the consumption on no carton of a site on its cartons, as far as they can have given it."""
    here = [one for one in state.cartons.values() if one.site == site]
    lines = {Line(site, pk, Source.ALLOCATION): -share for pk, share in shares(state.loose[site], here, at).items()}
    lines[Line(site, None, Source.ALLOCATION)] = -sum(lines.values(), ZERO)
    return _change(state, lines)


def _weigh(state: State, event: Weighed) -> dict[Line, Decimal]:
    if event.carton is None:
        gap = {Line(event.site, None, Source.WEIGHING): event.net - state.loose[event.site]}
        return _change(state, gap)
    site = state.cartons[event.carton].site
    lines = _allocate(state, site, event.at)
    gap = {Line(site, event.carton, Source.WEIGHING): event.net - state.cartons[event.carton].book}
    if state.loose[site] < 0:  # more than all the cartons held: it cannot have been used
        gap[Line(site, None, Source.WEIGHING)] = -state.loose[site]
    return lines | _change(state, gap)


def _send(state: State, event: Sent) -> dict[Line, Decimal]:
    site = state.cartons[event.carton].site
    lines = _allocate(state, site, event.at)
    carton = state.cartons[event.carton]
    # Its book does not change, since it keeps what it holds: the levels of the two sites do.
    state.cartons[carton.pk] = replace(carton, site=event.to_site)
    return lines | {
        Line(site, carton.pk, Source.TRANSFER): -carton.book,
        Line(event.to_site, carton.pk, Source.TRANSFER): carton.book,
    }


def _change(state: State, lines: dict[Line, Decimal]) -> dict[Line, Decimal]:
    for line, quantity in lines.items():
        state.change(line.site, line.carton, quantity)
    return lines


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
