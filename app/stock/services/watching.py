"""Telling the staff, once for each crossing, that something runs low or that its weighings drift."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from app.audit.services import record
from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.kernel.jobs import send_on_commit
from app.notify.alerts import AlertCause, AlertLevel
from app.notify.services.alerting import Concern, end_cause, raise_alert
from app.tenancy.actor import Actor
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop

from ..figures import Figures, read_figures
from ..models import Item
from ..selectors import only_site_of

WATCH = Actor.system("stock")
WATCH_TASK = "stock.watch_item"


def watch_items(*, workshop: Workshop, actor: Actor, items: Sequence[Item]) -> None:
    """Note what became low or began to drift, what no longer is, and tell what is new. Safe to repeat.

    Without the smart stock, only thresholds in quantity count.
    """
    if workshop.is_read_only():
        return
    smart = has_feature(workshop, Feature.SMART_STOCK)
    for figures in read_figures(workshop, items):
        threshold = figures.item.alert_below
        is_low = figures.is_low if smart else threshold is not None and figures.level <= threshold
        _note_low(workshop, actor, figures, is_low)
        _note_drift(workshop, actor, figures, smart and figures.drifts)


def ask_watch(*, workshop: Workshop, item: Item) -> None:
    """Have a worker look at an item, since what is needed of it is asked of every floor above.

    A task that is lost is made up for by the hourly look at everything.
    """
    send_on_commit(WATCH_TASK, workshop_id=workshop.pk, item_pk=item.pk)


def watch_item(*, workshop: Workshop, item_pk: int) -> None:
    """One item, when it is still in use."""
    items = list(Item.objects.filter(pk=item_pk, archived_at=None).select_related("powder"))
    watch_items(workshop=workshop, actor=WATCH, items=items)


def watch_posted(*, workshop: Workshop, actor: Actor, items: Iterable[Item]) -> None:
    """After work was posted: only what has a threshold in quantity, which is the cheap half of `watch_items`."""
    watched = [item for item in items if item.alert_below is not None and item.low_since is None]
    if watched:
        watch_items(workshop=workshop, actor=actor, items=watched)


def watch_workshop(*, workshop: Workshop) -> None:
    """Everything in stock."""
    items = list(Item.objects.filter(archived_at=None).select_related("powder").order_by("pk"))
    watch_items(workshop=workshop, actor=WATCH, items=items)


def set_alert(
    *, workshop: Workshop, actor: Actor, item: Item, alert_below: Decimal | None, alert_days: int | None
) -> None:
    """Choose when an item is low: under a quantity, under so many days of work, either, or as the workshop says."""
    before = {"alert_below": item.alert_below, "alert_days": item.alert_days}
    item.alert_below, item.alert_days = alert_below, alert_days
    item.save(update_fields=["alert_below", "alert_days"])
    changes = {name: [before[name], getattr(item, name)] for name in before if before[name] != getattr(item, name)}
    if changes:
        record(workshop=workshop, actor=actor, action="stock.alert_set", subject=item, changes=changes)
    watch_items(workshop=workshop, actor=actor, items=[item])


def _note_low(workshop: Workshop, actor: Actor, figures: Figures, is_low: bool) -> None:
    """A warning from the crossing on, critical once nothing is left; resolved when there is enough again."""
    item = figures.item
    crossed, is_out = is_low != (item.low_since is not None), is_low and figures.level <= 0
    if crossed:
        item.low_since = timezone.now() if is_low else None
        item.save(update_fields=["low_since"])
    if crossed and not is_low:
        end_cause(workshop=workshop, actor=actor, cause=AlertCause.STOCK_LOW, subject=item)
    elif item.low_since and (crossed or is_out):
        facts = {
            "quantity": str(figures.level), "unit": str(item.unit),
            "day": figures.runs_out_on.isoformat() if figures.runs_out_on else None,
        }  # fmt: skip
        level = AlertLevel.CRITICAL if is_out else AlertLevel.WARNING
        _raise(workshop, actor, item, AlertCause.STOCK_LOW, level, item.low_since, facts)


def _note_drift(workshop: Workshop, actor: Actor, figures: Figures, drifts: bool) -> None:
    item = figures.item
    if drifts == (item.drifting_since is not None):
        return
    item.drifting_since = timezone.now() if drifts else None
    item.save(update_fields=["drifting_since"])
    if item.drifting_since:
        _raise(workshop, actor, item, AlertCause.STOCK_DRIFT, AlertLevel.INFORMATION, item.drifting_since, {})
    else:
        end_cause(workshop=workshop, actor=actor, cause=AlertCause.STOCK_DRIFT, subject=item)


def _raise(
    workshop: Workshop, actor: Actor, item: Item, cause: AlertCause, level: AlertLevel, since: datetime,
    facts: Mapping[str, Any],
) -> None:  # fmt: skip
    path = workshop_url(workshop, "stock:item_detail", item_pk=item.pk)
    concern = Concern(item, path, facts, only_site_of(item))
    raise_alert(workshop=workshop, actor=actor, cause=cause, level=level, since=since, concern=concern)
