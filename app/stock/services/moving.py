"""Cartons and quantities that come in, and that go from a site to another."""

from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.codes import code_of
from app.kernel.errors import RuleError
from app.numbering.services import take_ranks
from app.powders.models import Powder, PowderFormat
from app.tenancy.actor import Actor
from app.tenancy.models import Site, Workshop

from ..constants import CARTON_MARK, CARTON_SERIES, GRAM, HEAVIEST_KG, ZERO, Source
from ..locks import lock_carton, lock_items
from ..models import Carton, Item, Movement, Transfer, Weighing
from .ledger import Entry, add_movements, begin_posting, ensure_items, open_on_time, settle
from .watching import watch_items

MOST_CARTONS = 200


def receive_cartons(
    *, workshop: Workshop, actor: Actor, powder: Powder, site: Site, full_kg: Decimal, tare_kg: Decimal,
    how_many: int = 1, lot: str = "", packaging: PowderFormat | None = None, net_kg: Decimal | None = None,
    key: UUID | None = None,
) -> list[Carton]:  # fmt: skip
    """Add cartons to the stock, each with its number; `net_kg` is what is left in one that was begun before.

    The same key again gives the same cartons. RuleError for a number or weights that no delivery has.
    """
    if not 1 <= how_many <= MOST_CARTONS:
        raise RuleError(_("Between 1 and %(most)s cartons.") % {"most": MOST_CARTONS}, field="how_many")
    if not 0 < full_kg <= HEAVIEST_KG or not 0 <= tare_kg <= full_kg:
        raise RuleError(_("Check these weights: they are in kg."), field="full_kg")
    if net_kg is not None and not 0 <= net_kg <= full_kg:
        raise RuleError(_("A carton that was begun holds less than a full one."), field="net_kg")
    now = timezone.now()
    with transaction.atomic():
        item = ensure_items(workshop, [powder])[powder.pk]
        lock_items([item.pk])
        posting = begin_posting(workshop, f"receipt:{key}") if key else None
        if key and posting is None:
            return list(Carton.objects.filter(pk__in=_received(key)).order_by("pk"))
        ranks = take_ranks(workshop=workshop, series=CARTON_SERIES, how_many=how_many)
        cartons = Carton.objects.bulk_create(
            Carton(
                workshop=workshop, item=item, site=site, number=f"{CARTON_MARK}{code_of(rank)}", lot=lot.strip(),
                format=packaging, full_kg=full_kg.quantize(GRAM), tare_kg=tare_kg.quantize(GRAM), received_at=now,
            )
            for rank in ranks
        )  # fmt: skip
        held = full_kg if net_kg is None else net_kg
        entries = [
            Entry(
                item.pk, site.pk, held.quantize(GRAM), Source.RECEIPT, now, carton_id=carton.pk,
                source_pk=carton.pk, source_name=carton.number, posting=posting,
            )
            for carton in cartons
        ]  # fmt: skip
        add_movements(workshop=workshop, actor=actor, entries=entries)
        if net_kg is not None:
            _weighed_on_receipt(workshop, actor, cartons, net_kg.quantize(GRAM))
        changes = {"cartons": how_many, "kg": held * how_many, "lot": lot.strip()}
        record(workshop=workshop, actor=actor, action="stock.received", subject=item, changes=changes)
        watch_items(workshop=workshop, actor=actor, items=[item])
    return cartons


def send_carton(*, workshop: Workshop, actor: Actor, carton: Carton, to_site: Site, key: UUID) -> Transfer:
    """Move a carton, with what it should hold, to another site; the same key again changes nothing."""
    with transaction.atomic():
        held = lock_carton(carton.pk)
        if known := Transfer.objects.filter(key=key).first():
            return known
        if held.site_id == to_site.pk:
            raise RuleError(_("The carton is on this site already."), field="to_site")
        transfer: Transfer = Transfer.objects.create(
            workshop=workshop, key=key, item_id=held.item_id, carton=held, from_site_id=held.site_id, to_site=to_site,
            quantity=ZERO, at=timezone.now(), user_id=actor.user_id, user_name=actor.label,
        )  # fmt: skip
        held.site = to_site
        held.save(update_fields=["site"])
        settle(workshop=workshop, actor=actor, item_id=held.item_id, since=transfer.at)
        _tell(workshop, actor, held, transfer)
    return transfer


def send_quantity(
    *, workshop: Workshop, actor: Actor, item: Item, from_site: Site, to_site: Site, quantity: Decimal, key: UUID
) -> Transfer:
    """Move a quantity of what is in no carton to another site; the same key again changes nothing."""
    if from_site.pk == to_site.pk:
        raise RuleError(_("Choose two different sites."), field="to_site")
    if not 0 < quantity <= HEAVIEST_KG:
        raise RuleError(_("This quantity is not possible."), field="quantity")
    with transaction.atomic():
        lock_items([item.pk])
        if known := Transfer.objects.filter(key=key).first():
            return known
        now, moved = timezone.now(), quantity.quantize(GRAM)
        transfer: Transfer = Transfer.objects.create(
            workshop=workshop, key=key, item=item, from_site=from_site, to_site=to_site, quantity=moved, at=now,
            user_id=actor.user_id, user_name=actor.label,
        )  # fmt: skip
        out = Entry(item.pk, from_site.pk, -moved, Source.TRANSFER, now, transfer=transfer)
        into = Entry(item.pk, to_site.pk, moved, Source.TRANSFER, now, transfer=transfer)
        add_movements(workshop=workshop, actor=actor, entries=[out, into])
        _tell(workshop, actor, item, transfer)
    return transfer


def _received(key: UUID) -> QuerySet[Movement, int | None]:
    """The cartons that were received under a key."""
    return Movement.objects.filter(posting__key=f"receipt:{key}").values_list("carton_id", flat=True)


def _weighed_on_receipt(workshop: Workshop, actor: Actor, cartons: list[Carton], net: Decimal) -> None:
    """The first weighing of a carton that was begun before it had a number: it agrees with what was received."""
    for carton in cartons:
        Weighing.objects.create(
            workshop=workshop, key=uuid4(), item_id=carton.item_id, carton=carton, site_id=carton.site_id,
            gross=net + carton.tare_kg, tare=carton.tare_kg, net=net, theory=net, at=carton.received_at,
            user_id=actor.user_id, user_name=actor.label,
        )  # fmt: skip
        open_on_time(carton)


def _tell(workshop: Workshop, actor: Actor, subject: Carton | Item, transfer: Transfer) -> None:
    changes = {"site": [transfer.from_site.name, transfer.to_site.name]}
    record(workshop=workshop, actor=actor, action="stock.transferred", subject=subject, changes=changes)
