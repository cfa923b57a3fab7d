"""Carrying out what a change of the catalogue owes to each workshop: one mail, one new price, the new rights."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import structlog
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.translation import gettext as _

from app.entitlements.constants import Dimension, Feature
from app.kernel.jobs import send_on_commit
from app.kernel.money import format_money
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import get_workshop

from .. import stripe_mirror
from ..constants import ChangeKind, NoticeState
from ..emails import Value, send_to_owners
from ..errors import PaymentServiceError
from ..models import CatalogChange, ChangeNotice, Offer, SaasSettings, SubscribedItem
from ..selectors import find_subscription, get_change, get_price, is_subscribed, list_notices, list_trial_workshops
from ..usage_words import quantity_words
from .access import apply_access
from .setup import publish_price
from .subscription import sync_workshop

log = structlog.get_logger(__name__)
CARRY_NOTICE = "billing.carry_notice"
APPLY = "billing.apply_access"
PUBLISHER = Actor.system("ThermoGestion")
#: After this many failures the backoffice shows the notice as failed; the publisher may ask again.
MOST_ATTEMPTS = 200


def fan_out(*, change_pk: int) -> None:
    """One task a workshop. The new price is published first: what follows needs it."""
    change = get_change(change_pk)
    if change.kind == ChangeKind.PRICE and change.offer and change.offer.is_active and stripe_mirror.is_connected():
        publish_price(change.offer)
    for workshop_id, notice_pk in list_notices(change_pk):
        send_on_commit(CARRY_NOTICE, workshop_id=workshop_id, notice_pk=notice_pk)
    for workshop_id in list_trial_workshops():
        send_on_commit(APPLY, workshop_id=workshop_id)


def carry_notice(*, workshop_id: int, notice_pk: int) -> None:
    """Mail, rights, then the price at the payment service; each step is done once, whoever starts again."""
    with workshop_scope(workshop_id):
        notice = ChangeNotice.objects.select_for_update(of=("self",)).select_related("change__offer").get(pk=notice_pk)
        if notice.state == NoticeState.DONE:
            return
        workshop = get_workshop(workshop_id)
        if notice.mailed_at is None:
            _mail(workshop, notice.change)
            notice.mailed_at = timezone.now()
        apply_access(workshop=workshop)
        line = _line_to_move(notice)
        if line is None:
            notice.state = NoticeState.DONE
            notice.moved_at = timezone.now() if notice.moves_price else None
        notice.save()
        subscription = find_subscription()
    if line is None or subscription is None:
        return
    try:
        price_id = publish_price(line.offer).stripe_price_id
        stripe_mirror.move_price(
            subscription_id=subscription.stripe_subscription_id,
            item_id=line.stripe_item_id,
            price_id=price_id,
            key=f"notice-{notice_pk}",
        )
        sync_workshop(workshop_id)
    except PaymentServiceError as error:
        _failed(workshop_id, notice_pk, str(error))
    else:
        _moved(workshop_id, notice_pk)


def retry_notice(*, workshop_id: int, notice_pk: int) -> None:
    """Ask again for a notice that failed."""
    with workshop_scope(workshop_id):
        ChangeNotice.objects.filter(pk=notice_pk, state=NoticeState.FAILED).update(
            state=NoticeState.WAITING, attempts=0
        )
    send_on_commit(CARRY_NOTICE, workshop_id=workshop_id, notice_pk=notice_pk)


def _line_to_move(notice: ChangeNotice) -> SubscribedItem | None:
    """The line of the subscription that must take the new price, if it has one at the payment service."""
    if not (notice.moves_price and notice.moved_at is None and notice.change.offer and stripe_mirror.is_connected()):
        return None
    if not is_subscribed(find_subscription()):
        return None
    line = SubscribedItem.objects.filter(offer=notice.change.offer, ends_at=None).select_related("offer").first()
    if line is None or line.unit_price == get_price(line.offer).amount:
        return None
    return line


def _moved(workshop_id: int, notice_pk: int) -> None:
    with workshop_scope(workshop_id):
        ChangeNotice.objects.filter(pk=notice_pk).update(moved_at=timezone.now(), state=NoticeState.DONE, last_error="")


def _failed(workshop_id: int, notice_pk: int, error: str) -> None:
    log.warning("notice_failed", notice=notice_pk, error=error)
    with workshop_scope(workshop_id):
        notice = ChangeNotice.objects.select_for_update().get(pk=notice_pk)
        notice.attempts += 1
        notice.last_error = error[:300]
        if notice.attempts >= MOST_ATTEMPTS:
            notice.state = NoticeState.FAILED
        notice.save(update_fields=["attempts", "last_error", "state"])


def _mail(workshop: Workshop, change: CatalogChange) -> None:
    """The mail that cannot be switched off, once for each Owner."""
    subscription = find_subscription()
    values: dict[str, Value] = {"changement": in_words(change)}
    kind = "rules_changed"
    if change.kind == ChangeKind.PRICE:
        kind = "price_changed"
        values["date"] = (subscription.period_end if subscription else None) or timezone.now()
    send_to_owners(workshop=workshop, actor=PUBLISHER, kind=kind, values=values, about=f"change:{change.pk}")


def in_words(change: CatalogChange) -> str:
    """What changes, one line a subject, from which value to which one."""
    return "\n".join(line for name, (old, new) in change.changes.items() for line in _lines(change, name, old, new))


def _lines(change: CatalogChange, name: str, old: Any, new: Any) -> list[str]:
    if name == "price_excl_tax":
        return [f"{change.subject} : {_money(old)} → {_money(new)}"]
    if name == "limits":
        return _limit_lines(old or {}, new or {})
    if name in {"features", "premium_features"}:
        added = [f"+ {Feature(feature).label}" for feature in new if feature not in (old or [])]
        return added + [f"− {Feature(feature).label}" for feature in old or [] if feature not in new]
    if name in Dimension.values:
        return _limit_lines({name: old}, {name: new})
    if name in {"name", "description", "position", "is_public", "is_active"}:
        return []
    return [f"{_field_name(name)} : {old} → {new}"]


def _field_name(name: str) -> str:
    if name.startswith("overage_"):
        return str(Dimension(name.removeprefix("overage_")).label)
    for model in (SaasSettings, Offer):
        try:
            return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        except FieldDoesNotExist:
            continue
    return name


def _limit_lines(old: Mapping[str, int | None], new: Mapping[str, int | None]) -> list[str]:
    names = [name for name in Dimension.values if old.get(name) != new.get(name)]
    return [
        f"{Dimension(name).label} : {quantity_words(name, old.get(name))} → {quantity_words(name, new.get(name))}"
        for name in names
    ]


def _money(value: str | None) -> str:
    return _("on quotation") if value is None else format_money(Decimal(value))
