"""Consumption by the work, each once; corrections and losses by people."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.powders.models import Powder
from app.tenancy.actor import Actor
from app.tenancy.models import Site, Workshop

from ..constants import GRAM, HEAVIEST_KG, Source
from ..locks import lock_items
from ..models import Carton, Item, Movement, Posting
from .ledger import Entry, add_movements, begin_posting, ensure_items
from .watching import watch_items, watch_posted

#: What people change by hand, as the trail calls it.
ACTS: dict[str, str] = {
    Source.CORRECTION: "stock.correction",
    Source.LOSS: "stock.loss",
    Source.CONSUMABLE: "stock.consumable",
}


@dataclass(frozen=True, slots=True)
class Use:
    """Powder that a piece of work has used, in kg."""

    powder: Powder
    kg: Decimal
    site: Site
    source: Source
    source_pk: int
    source_name: str


def post_consumption(*, workshop: Workshop, actor: Actor, key: str, lines: Sequence[Use]) -> bool:
    """Take powder out of the stock, once for a key of the workshop; False when this key was posted before.

    The stock may go below zero: it is what the movements say, and work is never refused for it. A consumption that is
    reversed is posted again under another key.
    """
    with transaction.atomic():
        posting = begin_posting(workshop, key)
        if posting is None:
            return False
        items = ensure_items(workshop, [line.powder for line in lines])
        held, now = lock_items(item.pk for item in items.values()), timezone.now()
        entries = [
            Entry(
                items[line.powder.pk].pk, line.site.pk, -_weight(line.kg), line.source, now,
                source_pk=line.source_pk, source_name=line.source_name[:160], posting=posting,
            )
            for line in lines
            if line.kg
        ]  # fmt: skip
        add_movements(workshop=workshop, actor=actor, entries=entries)
        watch_posted(workshop=workshop, actor=actor, items=held.values())
    return True


def reverse_consumption(*, workshop: Workshop, actor: Actor, key: str, reason: str) -> bool:
    """Post the opposite of a consumption, at the same moment, once; False when there is none or it is done already."""
    with transaction.atomic():
        first = Posting.objects.filter(key=key).first()
        posting = begin_posting(workshop, f"reverse:{key}", reverses=first) if first else None
        if first is None or posting is None:
            return False
        rows = list(Movement.objects.filter(posting=first).order_by("pk"))
        lock_items(row.item_id for row in rows)
        entries = [
            Entry(
                row.item_id, row.site_id, -row.quantity, row.source, row.happened_at, carton_id=row.carton_id,
                source_pk=row.source_pk, source_name=row.source_name, reason=reason[:200], posting=posting,
            )
            for row in rows
        ]  # fmt: skip
        add_movements(workshop=workshop, actor=actor, entries=entries)
    return True


def correct_stock(
    *, workshop: Workshop, actor: Actor, item: Item, site: Site, quantity: Decimal, reason: str,
    source: Source = Source.CORRECTION, carton: Carton | None = None,
    key: UUID | None = None,
) -> None:  # fmt: skip
    """Add a quantity (below zero: take it away) for a reason: a correction, a loss, the use of a consumable.

    The same key again changes nothing.
    """
    if not reason.strip():
        raise RuleError(_("Say why."), field="reason")
    if not quantity or abs(quantity) > HEAVIEST_KG:
        raise RuleError(_("This quantity is not possible."), field="quantity")
    with transaction.atomic():
        lock_items([item.pk])
        posting = begin_posting(workshop, f"correction:{key}") if key else None
        if key and posting is None:
            return
        # Where the carton stands now: it may have been sent to another site since it was read.
        site_pk = Carton.objects.values_list("site_id", flat=True).get(pk=carton.pk) if carton else site.pk
        entry = Entry(
            item.pk, site_pk, quantity.quantize(GRAM), source, timezone.now(),
            carton_id=carton.pk if carton else None, reason=reason.strip()[:200], posting=posting,
        )  # fmt: skip
        add_movements(workshop=workshop, actor=actor, entries=[entry])
        changes = {"quantity": quantity, "reason": reason.strip(), "carton": carton.number if carton else ""}
        record(workshop=workshop, actor=actor, action=ACTS[source], subject=item, changes=changes)
        watch_items(workshop=workshop, actor=actor, items=[item])


def _weight(kg: Decimal) -> Decimal:
    if kg < 0 or kg > HEAVIEST_KG * 10:
        raise RuleError(_("This quantity is not possible."), field="quantity")
    return kg.quantize(GRAM)
