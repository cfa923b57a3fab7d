"""The list of the day, partial inventories, and how the workshop wants them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..daily import Candidate, pick
from ..figures import find_settings, read_figures
from ..models import DailyPick, InventoryLine, InventoryPlan, Item, StockSettings
from ..models.planning import Why
from ..selectors import list_picks, list_powder_items, weighed_on
from ..spreading import LONGEST_PERIOD, Target, spread, targets, working_days

#: Working days without being seen after which a powder goes before chance.
DUE_AFTER_DAYS = 30
MOST_TARGETS = 300


def list_of_the_day(*, workshop: Workshop, day: date | None = None) -> list[DailyPick]:
    """The powders to weigh on a day (today): made when somebody first asks, then the same until the evening."""
    today = day or timezone.localdate()
    if not (picks := list_picks(today)):
        _draw(workshop, today, find_settings().daily_size, first=0)
        picks = list_picks(today)
    return picks


def draw_more(*, workshop: Workshop, day: date | None = None) -> int:
    """As many powders again on the list of a day (today), none that is on it or was weighed; how many there were."""
    today = day or timezone.localdate()
    return _draw(workshop, today, find_settings().daily_size, first=len(list_of_the_day(workshop=workshop, day=today)))


def plan_inventory(
    *, workshop: Workshop, actor: Actor, name: str, starts_on: date, ends_on: date, most_used: int
) -> InventoryPlan:
    """A partial inventory of the most used powders and of those at risk, spread over the working days of a period."""
    if ends_on < starts_on:
        raise RuleError(_("The last day is before the first one."), field="ends_on")
    if ends_on - starts_on > LONGEST_PERIOD:
        raise RuleError(_("Choose at most three months."), field="ends_on")
    found = [
        Target(one.item.pk, one.used, one.score, one.is_low)
        for one in read_figures(workshop, list(list_powder_items(in_stock=True).order_by("pk")))
    ]  # fmt: skip
    chosen = targets(found, most_used=most_used)[:MOST_TARGETS]
    if not chosen:
        raise RuleError(_("No powder is in stock."))
    days = spread(len(chosen), working_days(starts_on, ends_on))
    with transaction.atomic():
        plan: InventoryPlan = InventoryPlan.objects.create(
            workshop=workshop, name=name.strip() or _("Partial inventory"), starts_on=starts_on, ends_on=ends_on
        )
        InventoryLine.objects.bulk_create(
            InventoryLine(workshop=workshop, plan=plan, item_id=one.pk, day=day, why=_why(one))
            for one, day in zip(chosen, days, strict=True)
        )
        record(workshop=workshop, actor=actor, action="inventory.planned", subject=plan, changes={"items": len(chosen)})
    return plan


def close_inventory(*, workshop: Workshop, actor: Actor, plan: InventoryPlan) -> None:
    """End a partial inventory; what was not weighed stays as it is."""
    if plan.closed_at is None:
        plan.closed_at = timezone.now()
        plan.save(update_fields=["closed_at"])
        record(workshop=workshop, actor=actor, action="inventory.closed", subject=plan)


def save_settings(*, workshop: Workshop, actor: Actor, values: Mapping[str, Any]) -> StockSettings:
    """Keep how the workshop weighs and buys."""
    kept = StockSettings.objects.first() or StockSettings(workshop=workshop)
    changes = {name: [getattr(kept, name), value] for name, value in values.items() if getattr(kept, name) != value}
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save()
    if changes:
        record(workshop=workshop, actor=actor, action="settings.stock", subject=workshop, changes=changes)
    return kept


def save_consumable(
    *, workshop: Workshop, actor: Actor, name: str, unit: str, alert_below: Decimal | None, item: Item | None = None
) -> Item:
    """Add a consumable or change one. Refused when another has its name."""
    name, unit = " ".join(name.split()), unit.strip()
    held = item or Item(workshop=workshop)
    _require_free_name(held, name)
    before = [held.name, held.unit] if item else None
    held.name, held.unit, held.alert_below = name, unit, alert_below
    with transaction.atomic():
        held.save()
        changes = {"name": [before, [name, unit]]}
        record(workshop=workshop, actor=actor, action="consumable.saved", subject=held, changes=changes)
    return held


def archive_consumable(*, workshop: Workshop, actor: Actor, item: Item) -> None:
    """Take a consumable out of the lists; its movements stay."""
    with transaction.atomic():
        if Item.objects.filter(pk=item.pk, archived_at=None).update(archived_at=timezone.now()):
            record(workshop=workshop, actor=actor, action="consumable.archived", subject=item)


def restore_consumable(*, workshop: Workshop, actor: Actor, item: Item) -> None:
    """Put a consumable back in the lists. Refused when another has taken its name."""
    _require_free_name(item, item.name)
    with transaction.atomic():
        if Item.objects.filter(pk=item.pk, archived_at__isnull=False).update(archived_at=None):
            record(workshop=workshop, actor=actor, action="consumable.restored", subject=item)


def _require_free_name(item: Item, name: str) -> None:
    if Item.objects.filter(powder=None, name__iexact=name, archived_at=None).exclude(pk=item.pk).exists():
        raise RuleError(_("“%(name)s” is in the list already.") % {"name": name}, field="name")


def _draw(workshop: Workshop, day: date, size: int, *, first: int) -> int:
    """Add powders to the list of a day; whoever asks at the same time adds none of them twice."""
    seen = dict(DailyPick.objects.filter(day__lt=day).values_list("item_id").annotate(Max("day")).order_by())
    listed = {one.item_id for one in list_picks(day)}
    done = weighed_on(day)
    candidates = [
        Candidate(
            one.item.pk, one.used, max(filter(None, (one.weighed_on, seen.get(one.item.pk))), default=None),
            one.item.pk in done,
        )
        for one in read_figures(workshop, list(list_powder_items(in_stock=True).order_by("pk")), today=day)
        if one.item.pk not in listed
    ]  # fmt: skip
    picked = pick(candidates, day=day, workshop_pk=workshop.pk, size=size, bound=DUE_AFTER_DAYS)
    DailyPick.objects.bulk_create(
        [
            DailyPick(workshop=workshop, day=day, item_id=item_pk, why=Why(reason.value), position=first + place)
            for place, (item_pk, reason) in enumerate(picked)
        ],
        ignore_conflicts=True,
    )
    return len(picked)


def _why(one: Target) -> str:
    return Why.RISK if one.is_at_risk else Why.USED
