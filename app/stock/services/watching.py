"""Telling the staff, once for each crossing, that something runs low or that its weighings drift."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.kernel.jobs import send_on_commit
from app.notify.events import StaffEvent
from app.notify.services import News, tell_staff
from app.tenancy.actor import Actor
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop

from ..figures import Figures, read_figures
from ..models import Item

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
    item = figures.item
    if is_low == (item.low_since is not None):
        return
    item.low_since = timezone.now() if is_low else None
    item.save(update_fields=["low_since"])
    if is_low:
        _tell(workshop, actor, item, StaffEvent.STOCK_LOW, partial(_low_news, figures))


def _note_drift(workshop: Workshop, actor: Actor, figures: Figures, drifts: bool) -> None:
    item = figures.item
    if drifts == (item.drifting_since is not None):
        return
    item.drifting_since = timezone.now() if drifts else None
    item.save(update_fields=["drifting_since"])
    if drifts:
        _tell(workshop, actor, item, StaffEvent.STOCK_DRIFT, partial(_drift_news, item))


def _tell(workshop: Workshop, actor: Actor, item: Item, event: StaffEvent, news: Callable[[], News]) -> None:
    since = item.low_since if event is StaffEvent.STOCK_LOW else item.drifting_since
    tell_staff(
        workshop=workshop, actor=actor, event=event, news=news, dedupe_key=f"{item.pk}:{since:%Y%m%d%H%M%S%f}",
        path=workshop_url(workshop, "stock:item_detail", item_pk=item.pk),
    )  # fmt: skip


def _low_news(figures: Figures) -> News:
    left = _("%(quantity)s %(unit)s left") % {
        "quantity": formats.number_format(figures.level.normalize(), use_l10n=True), "unit": figures.item.unit
    }  # fmt: skip
    if figures.runs_out_on:
        left += _(", used up around %(day)s") % {"day": formats.date_format(figures.runs_out_on, "j F")}
    return News(_("Low stock: %(item)s") % {"item": figures.item}, left)


def _drift_news(item: Item) -> News:
    body = _("The last three weighings miss it the same way: a loss, a wrong tare or a wrong consumption.")
    return News(_("Stock that drifts: %(item)s") % {"item": item}, body)
