"""Weighing cartons and counting what is in none: the doubts asked, the gap found, the history kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Site, Workshop

from ..constants import GRAM, HEAVIEST_KG, SCALE_TOLERANCE_KG, ZERO, Source
from ..locks import lock_carton, lock_items
from ..models import Carton, Item, Transfer, Weighing
from ..plausibility import Doubt, Known, doubts, is_impossible, meant, net_of
from ..replay import Line, Weighed
from .ledger import find_before_writing, open_on_time, settle
from .watching import ask_watch


class DoubtError(RuleError):
    """A weight that is kept only once somebody has confirmed it; `meant` is what they may have wanted to type."""

    def __init__(self, found: Sequence[Doubt], suggestion: Decimal | None) -> None:
        super().__init__(_("Check this weight."), field="gross")
        self.doubts = list(found)
        self.meant = suggestion


@dataclass(frozen=True, slots=True)
class Reading:
    """What was typed at the scale: the gross weight in kg, when, and the doubts that the person has answered.

    `tare` corrects the carton's; `powder_pk` is the powder that was asked for, if one was.
    """

    key: UUID
    gross: Decimal
    at: datetime | None = None
    tare: Decimal | None = None
    powder_pk: int | None = None
    confirmed: Collection[str] = ()
    reason: str = ""


def weigh_carton(*, workshop: Workshop, actor: Actor, carton: Carton, reading: Reading) -> Weighing:
    """Make the net weight of a carton its real stock, at the moment of the weighing, and post the gap with its reason.

    The same key again changes nothing. Raises DoubtError until each doubt is confirmed, RuleError for a weight that
    no workshop has.
    """
    with transaction.atomic():
        held = lock_carton(carton.pk)
        if known := Weighing.objects.filter(key=reading.key).first():
            return known
        tare = held.tare_kg if reading.tare is None else reading.tare.quantize(GRAM)
        if not ZERO <= tare <= held.full_kg:
            raise RuleError(_("No empty carton weighs this."), field="tare")
        gross = reading.gross.quantize(GRAM)
        moment = min(max(reading.at or timezone.now(), held.received_at), timezone.now())
        net = net_of(gross, tare)
        if net < held.full_kg - SCALE_TOLERANCE_KG:
            held.opened_at = min(held.opened_at or moment, moment)
            held.save(update_fields=["opened_at"])
        site_pk = _site_at(held, moment)
        event = Weighed(moment, reading.key, held.pk, site_pk, net)
        theory = net - _gap(find_before_writing(held.item_id, event)[reading.key], held.pk)
        previous = _net_before(held, moment)
        _require_plausible(held, reading, gross, Known(held.full_kg, tare, previous, theory))
        _correct_tare(workshop, actor, held, tare, moment)
        weighing: Weighing = Weighing.objects.create(
            workshop=workshop, key=reading.key, item_id=held.item_id, carton=held, site_id=site_pk, gross=gross,
            tare=tare, net=net, previous_net=previous, theory=theory, confirmed=sorted(reading.confirmed),
            reason=reading.reason.strip()[:200], at=moment, user_id=actor.user_id, user_name=actor.label,
        )  # fmt: skip
        _finish(workshop, actor, held.item, weighing)
        open_on_time(held)
    return weighing


def count_loose(
    *, workshop: Workshop, actor: Actor, item: Item, site: Site, quantity: Decimal, key: UUID, reason: str = ""
) -> Weighing:
    """Make a counted quantity the real stock of what is in no carton: consumables, powder without cartons."""
    if quantity < 0 or quantity > HEAVIEST_KG * 1000:
        raise RuleError(_("This quantity is not possible."), field="quantity")
    with transaction.atomic():
        held = lock_items([item.pk])[item.pk]
        if known := Weighing.objects.filter(key=key).first():
            return known
        if Carton.objects.filter(item=held, emptied_at=None).exists():
            raise RuleError(_("This powder has cartons: weigh them."), field="quantity")
        moment, net = timezone.now(), quantity.quantize(GRAM)
        found = find_before_writing(held.pk, Weighed(moment, key, None, site.pk, net))
        weighing: Weighing = Weighing.objects.create(
            workshop=workshop, key=key, item=held, site=site, gross=net, tare=ZERO, net=net,
            theory=net - _gap(found[key], None), reason=reason.strip()[:200], at=moment, user_id=actor.user_id,
            user_name=actor.label,
        )  # fmt: skip
        _finish(workshop, actor, held, weighing)
    return weighing


def empty_carton(*, workshop: Workshop, actor: Actor, carton: Carton, key: UUID) -> Weighing:
    """A carton in which nothing is left: it weighs its tare."""
    reading = Reading(key, carton.tare_kg, confirmed=frozenset(Doubt), reason=_("Carton empty"))
    if not carton.tare_kg:
        raise RuleError(_("Give this carton its tare first."))
    return weigh_carton(workshop=workshop, actor=actor, carton=carton, reading=reading)


def _site_at(carton: Carton, moment: datetime) -> int:
    """Where a carton stood at a moment: a late weighing was made before it left."""
    left = Transfer.objects.filter(carton=carton, at__gt=moment).order_by("at", "pk")
    return left.values_list("from_site_id", flat=True).first() or carton.site_id


def _net_before(carton: Carton, moment: datetime) -> Decimal | None:
    """What the last weighing before a moment had left in a carton: a late one is not compared with what came after."""
    earlier = Weighing.objects.filter(carton=carton, at__lte=moment).order_by("-at", "-pk")
    return earlier.values_list("net", flat=True).first()


def _require_plausible(carton: Carton, reading: Reading, gross: Decimal, known: Known) -> None:
    if is_impossible(gross, known):
        raise RuleError(_("No carton weighs this."), field="gross")
    found = doubts(gross, known)
    if reading.powder_pk is not None and reading.powder_pk != carton.item.powder_id:
        found.insert(0, Doubt.OTHER_POWDER)
    unanswered = [doubt for doubt in found if doubt not in reading.confirmed]
    if unanswered or gross > HEAVIEST_KG:
        raise DoubtError(unanswered or [Doubt.UNIT], meant(gross, known))


def _correct_tare(workshop: Workshop, actor: Actor, carton: Carton, tare: Decimal, moment: datetime) -> None:
    """Keep it for the next weighings, unless it was corrected again since: a late weighing has its own alone."""
    if tare == carton.tare_kg or (carton.tare_corrected_at and carton.tare_corrected_at > moment):
        return
    changes = {"tare": [carton.tare_kg, tare]}
    carton.tare_kg, carton.tare_corrected_at = tare, moment
    carton.save(update_fields=["tare_kg", "tare_corrected_at"])
    record(workshop=workshop, actor=actor, action="carton.tare_corrected", subject=carton, changes=changes)


def _finish(workshop: Workshop, actor: Actor, item: Item, weighing: Weighing) -> None:
    """The gap posted, the item seen, the trail."""
    settle(workshop=workshop, actor=actor, item_id=item.pk, since=weighing.at)
    item.last_weighed_at = max(item.last_weighed_at or weighing.at, weighing.at)
    item.save(update_fields=["last_weighed_at"])
    carton = weighing.carton
    record(
        workshop=workshop, actor=actor, action="stock.weighed", subject=carton or item,
        changes={"gross": weighing.gross, "tare": weighing.tare, "net": [weighing.previous_net, weighing.net],
                 "theory": weighing.theory, "gap": weighing.gap, "device_at": weighing.at},
    )  # fmt: skip
    ask_watch(workshop=workshop, item=item)


def _gap(lines: Mapping[Line, Decimal], carton_pk: int | None) -> Decimal:
    """What a weighing found more, or less, than what it weighed should have held."""
    found = (
        quantity for line, quantity in lines.items() if line.source == Source.WEIGHING and line.carton == carton_pk
    )
    return sum(found, ZERO)
