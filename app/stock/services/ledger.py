"""The one way into the table of movements: rows added, sums kept beside them, weighings found again when need be.

Everything here wants the row of the item held (`locks.lock_items`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Min, Q, Sum

from app.powders.models import Powder
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import SCALE_TOLERANCE_KG, ZERO
from ..models import Carton, Item, Level, Movement, Posting, Transfer, Weighing
from ..replay import CartonState, Event, Found, Line, Moved, Sent, State, Weighed, differences, replay

#: Movements that weighings and departures of cartons find; the others are what they are.
FOUND = Q(weighing__isnull=False) | Q(transfer__carton__isnull=False)


@dataclass(frozen=True)
class Entry:
    """A movement to add."""

    item_id: int
    site_id: int
    quantity: Decimal
    source: str
    happened_at: datetime
    carton_id: int | None = None
    source_pk: int | None = None
    source_name: str = ""
    reason: str = ""
    posting: Posting | None = None
    weighing: Weighing | None = None
    transfer: Transfer | None = None


def ensure_items(workshop: Workshop, powders: Iterable[Powder]) -> dict[int, Item]:
    """The items of these powders, by powder, made where they are not yet."""
    wanted = {powder.pk for powder in powders}
    known = {item.powder_id: item for item in Item.objects.filter(powder_id__in=wanted)}
    if missing := wanted - set(known):
        Item.objects.bulk_create(
            [Item(workshop=workshop, powder_id=powder_pk) for powder_pk in sorted(missing)], ignore_conflicts=True
        )
    return {item.powder_id: item for item in Item.objects.filter(powder_id__in=wanted) if item.powder_id}


def begin_posting(workshop: Workshop, key: str, *, reverses: Posting | None = None) -> Posting | None:
    """The row that says that this key is posted, or None when it is there already; whoever comes second waits here."""
    try:
        with transaction.atomic():
            created: Posting = Posting.objects.create(workshop=workshop, key=key, reverses=reverses)
    except IntegrityError as error:
        if "one_stock_posting_per_key" not in str(error):
            raise
        return None
    return created


def add_movements(*, workshop: Workshop, actor: Actor, entries: Sequence[Entry]) -> None:
    """Add movements and their sums, then find again the weighings that came after them."""
    _write(workshop, actor, entries)
    since: dict[int, datetime] = {}
    for entry in entries:
        since[entry.item_id] = min(entry.happened_at, since.get(entry.item_id, entry.happened_at))
    for item_id, moment in sorted(since.items()):
        settle(workshop=workshop, actor=actor, item_id=item_id, since=moment)


def settle(*, workshop: Workshop, actor: Actor, item_id: int, since: datetime) -> None:
    """Make the weighings and departures from a moment on agree with what is known now, by movements that correct."""
    weighings = {row.key: row for row in Weighing.objects.filter(item_id=item_id, at__gte=since)}
    transfers = {row.key: row for row in _departures(item_id, since)}
    if not weighings and not transfers:
        return
    found = replay(state_before(item_id, since), events_since(item_id, since))
    entries = [
        Entry(
            item_id, line.site, quantity, line.source,
            (weighings[key].at if key in weighings else transfers[key].at), carton_id=line.carton,
            weighing=weighings.get(key), transfer=transfers.get(key), reason=getattr(weighings.get(key), "reason", ""),
        )
        for key, lines in differences(found, _posted(item_id, since)).items()
        for line, quantity in lines.items()
    ]  # fmt: skip
    _write(workshop, actor, entries)


def find_before_writing(item_id: int, event: Event) -> Found:
    """What an event that is not written yet would find, as things are known now."""
    named = () if isinstance(event, Moved) or event.carton is None else (event.carton,)
    return replay(state_before(item_id, event.at, also=named), [*events_since(item_id, event.at), event])


def state_before(item_id: int, since: datetime, also: Iterable[int] = ()) -> State:
    """The stock just before a moment: the sums of today, less what came from that moment on.

    Empty cartons that nothing touched since then are left out, unless they are among `also`.
    """
    state, departures = State(), _departures(item_id, since)
    loose: dict[int, Decimal] = defaultdict(lambda: ZERO)
    books: dict[int, Decimal] = defaultdict(lambda: ZERO)
    later = Movement.objects.filter(item_id=item_id, happened_at__gte=since)
    for site, carton, total in later.values_list("site_id", "carton_id").annotate(Sum("quantity")).order_by():
        if carton is None:
            loose[site] += total
        else:
            books[carton] += total
    for level in Level.objects.filter(item_id=item_id):
        state.loose[level.site_id] = level.loose - loose[level.site_id]
    weighed = Weighing.objects.filter(item_id=item_id, at__gte=since, carton__isnull=False)
    touched = {*books, *also, *weighed.values_list("carton_id", flat=True), *(one.carton_id for one in departures)}
    for row in Carton.objects.filter(~Q(book_kg=0) | Q(pk__in=touched), item_id=item_id):
        book = row.book_kg - books[row.pk]
        state.cartons[row.pk] = CartonState(row.pk, book, row.site_id, row.opened_at, row.received_at)
    for transfer in sorted(departures, key=lambda one: (one.at, str(one.key)), reverse=True):
        carton_pk = transfer.carton_id or 0
        state.cartons[carton_pk] = replace(state.cartons[carton_pk], site=transfer.from_site_id)
    return state


def events_since(item_id: int, since: datetime) -> list[Event]:
    """What happened to an item from a moment on."""
    plain = Movement.objects.filter(item_id=item_id, happened_at__gte=since).exclude(FOUND)
    values = plain.values_list("happened_at", "site_id", "carton_id", "quantity")
    events: list[Event] = [Moved(*value) for value in values]
    for row in Weighing.objects.filter(item_id=item_id, at__gte=since):
        events.append(Weighed(row.at, row.key, row.carton_id, row.site_id, row.net))
    events.extend(
        Sent(row.at, row.key, row.carton_id, row.to_site_id) for row in _departures(item_id, since) if row.carton_id
    )
    return events


def open_on_time(carton: Carton) -> None:
    """Write again, from all its weighings, since when a carton is open, whether it is empty, what it last weighed."""
    weighings = Weighing.objects.filter(carton=carton)
    carton.opened_at = weighings.filter(net__lt=carton.full_kg - SCALE_TOLERANCE_KG).aggregate(at=Min("at"))["at"]
    last = weighings.order_by("-at", "-key").first()
    if last:
        carton.last_net_kg, carton.last_weighed_at = last.net, last.at
        carton.emptied_at = last.at if last.net == 0 else None
    carton.save(update_fields=["opened_at", "last_net_kg", "last_weighed_at", "emptied_at"])


def _departures(item_id: int, since: datetime) -> list[Transfer]:
    return list(Transfer.objects.filter(item_id=item_id, at__gte=since, carton__isnull=False))


def _posted(item_id: int, since: datetime) -> dict[UUID, dict[Line, Decimal]]:
    """The movements that weighings and departures have already, by the key of each."""
    posted: dict[UUID, dict[Line, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    rows = Movement.objects.filter(FOUND, item_id=item_id, happened_at__gte=since)
    for row in rows.values_list("weighing__key", "transfer__key", "site_id", "carton_id", "source", "quantity"):
        weighing, transfer, site, carton, source, quantity = row
        posted[weighing or transfer][Line(site, carton, source)] += quantity
    return posted


def _write(workshop: Workshop, actor: Actor, entries: Sequence[Entry]) -> None:
    """Add the rows, and the same quantities to the sums kept beside them."""
    Movement.objects.bulk_create(
        Movement(workshop=workshop, user_id=actor.user_id, user_name=actor.label, **vars(entry)) for entry in entries
    )
    levels: dict[tuple[int, int], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    books: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for entry in entries:
        sums = levels[entry.item_id, entry.site_id]
        sums[0] += entry.quantity
        if entry.carton_id is None:
            sums[1] += entry.quantity
        else:
            books[entry.carton_id] += entry.quantity
    for (item_id, site_id), (quantity, loose) in levels.items():
        changes = {"quantity": F("quantity") + quantity, "loose": F("loose") + loose}
        if not Level.objects.filter(item_id=item_id, site_id=site_id).update(**changes):
            Level.objects.create(workshop=workshop, item_id=item_id, site_id=site_id, quantity=quantity, loose=loose)
    for carton_id, book in books.items():
        Carton.objects.filter(pk=carton_id).update(book_kg=F("book_kg") + book)
