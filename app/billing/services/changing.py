"""The publisher changes a price, a rule or a quota: history, mail and new price for each workshop concerned.

An offer is never deleted, only withdrawn from sale: who holds it keeps it. The history and what is owed to each
workshop are written with the change; the rest is carried out afterwards, and resumed after a crash (notices.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import difference
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.kernel.money import cents
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

from ..constants import ChangeKind, OfferKind
from ..models import CatalogChange, ChangeNotice, Offer, PriceVersion, SaasSettings
from ..selectors import list_holders, list_open_workshops

FAN_OUT = "billing.fan_out_change"
#: What may be edited, by what kind of change it is.
OFFER_FIELDS = {
    "price_excl_tax": ChangeKind.PRICE,
    "limits": ChangeKind.QUOTA,
    "features": ChangeKind.RULE,
    "name": ChangeKind.OFFER,
    "description": ChangeKind.OFFER,
    "support_level": ChangeKind.RULE,
    "guaranteed_uptime": ChangeKind.RULE,
    "position": ChangeKind.OFFER,
    "is_active": ChangeKind.OFFER,
    "is_public": ChangeKind.OFFER,
}
SETTINGS_FIELDS = {
    "trial_days": ChangeKind.RULE,
    "storage_gb": ChangeKind.QUOTA,
    "vat_rate": ChangeKind.RULE,
    "prorate": ChangeKind.RULE,
    "premium_features": ChangeKind.RULE,
    "days_before_limit": ChangeKind.RULE,
    "days_before_suspension": ChangeKind.RULE,
    "support_first_answer_hours": ChangeKind.RULE,
}
#: Changes that concern whoever holds the offer; the others only its presentation.
TOLD = frozenset({ChangeKind.PRICE, ChangeKind.RULE, ChangeKind.QUOTA})
_GRAVITY = (ChangeKind.PRICE, ChangeKind.QUOTA, ChangeKind.RULE, ChangeKind.OFFER)


@dataclass(frozen=True)
class Planned:
    """A change before it is made: what differs, and how many workshops are concerned."""

    changes: dict[str, list[Any]]
    kind: ChangeKind
    concerned: tuple[int, ...]


def plan_offer_change(offer: Offer, values: Mapping[str, Any]) -> Planned:
    """What saving these values would do; nothing is written. RuleError for a price that cannot be."""
    _require_price(values.get("price_excl_tax"))
    changes = difference({name: getattr(offer, name) for name in OFFER_FIELDS}, values)
    kind = _kind(OFFER_FIELDS, changes)
    return Planned(changes, kind, tuple(list_holders(offer)) if kind in TOLD else ())


def change_offer(*, offer_pk: int, actor: Actor, values: Mapping[str, Any], version: int) -> CatalogChange | None:
    """Save the values with effect at once. RuleError when someone else saved since `version` was read.

    Returns the line of history, None when nothing differs.
    """
    with platform_scope():
        offer = Offer.objects.select_for_update().get(pk=offer_pk)
        require_version(offer.version, version)
        planned = plan_offer_change(offer, values)
        if not planned.changes:
            return None
        for name in planned.changes:
            setattr(offer, name, values[name])
        offer.version += 1
        offer.save()
        if "price_excl_tax" in planned.changes and offer.price_excl_tax is not None:
            PriceVersion.objects.create(offer=offer, amount=offer.price_excl_tax, starts_at=timezone.now())
        return record_change(actor, planned, subject=offer.name, offer=offer)


def create_offer(*, actor: Actor, key: str, kind: OfferKind, values: Mapping[str, Any]) -> Offer:
    """Add a plan or an option. RuleError for a key that is taken or a price that cannot be."""
    _require_price(values.get("price_excl_tax"))
    with platform_scope():
        if Offer.objects.filter(key=key).exists():
            raise RuleError(_("This key is taken."), field="key")
        offer: Offer = Offer.objects.create(key=key, kind=kind, **values)
        if offer.price_excl_tax is not None:
            PriceVersion.objects.create(offer=offer, amount=offer.price_excl_tax, starts_at=timezone.now())
        changes = {name: [None, value] for name, value in values.items()}
        record_change(actor, Planned(changes, ChangeKind.OFFER, ()), subject=offer.name, offer=offer)
    return offer


def plan_settings_change(settings: SaasSettings, values: Mapping[str, Any]) -> Planned:
    """What saving these settings would do; nothing is written."""
    changes = difference({name: getattr(settings, name) for name in SETTINGS_FIELDS}, values)
    kind = _kind(SETTINGS_FIELDS, changes)
    told = {"storage_gb", "days_before_limit", "days_before_suspension", "premium_features"} & changes.keys()
    return Planned(changes, kind, tuple(list_open_workshops()) if told else ())


def change_settings(*, actor: Actor, values: Mapping[str, Any], version: int) -> CatalogChange | None:
    """Save the publisher's settings with effect at once; same promises as `change_offer`."""
    with platform_scope():
        settings = SaasSettings.objects.select_for_update().get(pk=1)
        require_version(settings.version, version)
        if values.get("days_before_limit", 0) > values.get("days_before_suspension", 999):
            raise RuleError(_("Premium functions are suspended before the access is."), field="days_before_limit")
        planned = plan_settings_change(settings, values)
        if not planned.changes:
            return None
        for name in planned.changes:
            setattr(settings, name, values[name])
        settings.version += 1
        settings.save()
        return record_change(actor, planned, subject=str(SaasSettings._meta.verbose_name), offer=None)


def record_quota_of(*, workshop_id: int, actor: Actor, changes: Mapping[str, list[Any]]) -> CatalogChange:
    """Add the change of one workshop's quota to the history, and the mail that it owes to this workshop."""
    with platform_scope():
        name = Workshop.objects.values_list("name", flat=True).get(pk=workshop_id)
        return record_change(actor, Planned(dict(changes), ChangeKind.QUOTA, (workshop_id,)), subject=name, offer=None)


def record_change(actor: Actor, planned: Planned, *, subject: str, offer: Offer | None) -> CatalogChange:
    """Add a line of history and what it owes to each workshop concerned; in the platform's scope."""
    with transaction.atomic():
        change: CatalogChange = CatalogChange.objects.create(
            user_id=actor.user_id,
            actor=actor.label,
            kind=planned.kind,
            subject=subject[:120],
            offer=offer,
            changes={name: [_plain(old), _plain(new)] for name, (old, new) in planned.changes.items()},
            concerned=len(planned.concerned),
        )
        moves = "price_excl_tax" in planned.changes
        ChangeNotice.objects.bulk_create(
            [ChangeNotice(workshop_id=pk, change=change, moves_price=moves) for pk in planned.concerned],
            batch_size=1000,
        )
    send_on_commit(FAN_OUT, change_pk=change.pk)
    return change


def _kind(fields: Mapping[str, ChangeKind], changes: Mapping[str, Any]) -> ChangeKind:
    """The gravest kind among the fields that change."""
    kinds = {fields[name] for name in changes}
    return next((kind for kind in _GRAVITY if kind in kinds), ChangeKind.OFFER)


def require_version(held: int, read: int) -> None:
    """RuleError when someone else saved since `read` was read."""
    if held != read:
        raise RuleError(_("Someone else has just changed this: look at it again before saving."))


def _require_price(price: Decimal | None) -> None:
    if price is None:
        return
    if price < 0:
        raise RuleError(_("A price is zero or more."), field="price_excl_tax")
    if cents(price) != price:
        raise RuleError(_("A price has two decimals at most."), field="price_excl_tax")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
