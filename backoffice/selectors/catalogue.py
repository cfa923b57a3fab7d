"""The catalogue and its history, for the publisher."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from app.billing.constants import NoticeState
from app.billing.models import CatalogChange, ChangeNotice, Offer, OveragePrice
from app.kernel.pagination import Page, keyset_page
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

PAGE_SIZE = 50


def list_offers() -> list[Offer]:
    """Every plan and option, sold or not, the plans first."""
    return list(Offer.objects.order_by("-kind", "-is_active", "position", "pk"))


def find_offer(offer_pk: int) -> Offer | None:
    return Offer.objects.filter(pk=offer_pk).first()


def list_overages() -> dict[str, OveragePrice]:
    """The prices of going over, published or not, by dimension."""
    return {price.dimension: price for price in OveragePrice.objects.all()}


def list_names(workshops: Iterable[int]) -> list[str]:
    """The names of these workshops, in order."""
    with platform_scope():
        return list(Workshop.objects.filter(pk__in=list(workshops)).order_by("name").values_list("name", flat=True))


def list_changes(
    *, kind: str = "", words: str = "", first_day: date | None = None, last_day: date | None = None
) -> "QuerySet[CatalogChange]":
    """The history of prices, rules and quotas, newest first; both days are included."""
    changes = CatalogChange.objects.order_by("-pk")
    if kind:
        changes = changes.filter(kind=kind)
    if words:
        changes = changes.filter(Q(subject__icontains=words) | Q(actor__icontains=words))
    if first_day:
        changes = changes.filter(at__gte=_midnight(first_day))
    if last_day:
        changes = changes.filter(at__lt=_midnight(last_day + timedelta(days=1)))
    return changes


def get_history(*, filters: Mapping[str, Any], cursor: str | None) -> Page[CatalogChange]:
    """A page of the history, each line with `sent`: how far its mails and prices are."""
    with platform_scope():
        page = keyset_page(list_changes(**filters), keys=("-id",), cursor=cursor, size=PAGE_SIZE)
        _add_progress(page.rows)
        return page


def read_history(filters: Mapping[str, Any]) -> list[CatalogChange]:
    """Every line of these filters, for a file."""
    with platform_scope():
        changes = list(list_changes(**filters))
        _add_progress(changes)
        return changes


def find_change(change_pk: int) -> CatalogChange | None:
    """A line of the history with `sent`; None when there is none."""
    with platform_scope():
        found = CatalogChange.objects.select_related("offer").filter(pk=change_pk).first()
        _add_progress([found] if found else [])
        return found


def list_notices_of(change_pk: int) -> list[ChangeNotice]:
    """What the change owes to each workshop; the failed ones first."""
    with platform_scope():
        notices = ChangeNotice.objects.select_related("workshop").filter(change=change_pk)
        return sorted(notices, key=lambda notice: (notice.state != NoticeState.FAILED, notice.workshop.name))


def _add_progress(changes: list[CatalogChange]) -> None:
    """One statement for the whole page."""
    counted = ChangeNotice.objects.filter(change__in=changes).values("change_id").order_by()
    progress = {
        row["change_id"]: row
        for row in counted.annotate(
            all=Count("pk"),
            mailed=Count("mailed_at"),
            moves=Count("pk", filter=Q(moves_price=True)),
            moved=Count("moved_at"),
            failed=Count("pk", filter=Q(state=NoticeState.FAILED)),
        )
    }
    none = dict.fromkeys(("all", "mailed", "moves", "moved", "failed"), 0)
    for change in changes:
        change.sent = progress.get(change.pk, none)  # type: ignore[attr-defined]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
