"""The publisher changes what one unit beyond a quota costs; the same promises as changing.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from app.entitlements.constants import Dimension
from app.tenancy.actor import Actor
from app.tenancy.scope import platform_scope

from ..constants import ChangeKind
from ..models import CatalogChange, OveragePrice, SaasSettings
from ..selectors import list_open_workshops
from ..usage_words import per_words
from .changing import Planned, record_change, require_version


@dataclass(frozen=True)
class Overage:
    """The price of `per_units` units beyond a quota (storage in bytes), in EUR excluding tax."""

    unit_price: Decimal
    per_units: int
    is_active: bool


def plan_overages(values: Mapping[Dimension, Overage]) -> Planned:
    """What saving these prices would do; nothing is written. A published price concerns every subscriber."""
    held = {row.dimension: row for row in OveragePrice.objects.all()}
    changes: dict[str, list[Any]] = {}
    told = False
    for dimension, value in values.items():
        before = held.get(dimension)
        if before and (before.unit_price, before.per_units, before.is_active) == _fields(value):
            continue
        if before is None and not value.unit_price:
            continue
        told = told or value.is_active or (before is not None and before.is_active)
        after = OveragePrice(dimension=dimension, **value.__dict__)
        changes[f"overage_{dimension}"] = [_words(before), _words(after)]
    kind = ChangeKind.RULE if told else ChangeKind.OFFER
    return Planned(changes, kind, tuple(list_open_workshops()) if told else ())


def change_overages(*, actor: Actor, values: Mapping[Dimension, Overage], version: int) -> CatalogChange | None:
    """Save the prices with effect at once. RuleError when someone else saved the settings since `version` was read."""
    with platform_scope():
        settings = SaasSettings.objects.select_for_update().get(pk=1)
        require_version(settings.version, version)
        planned = plan_overages(values)
        if not planned.changes:
            return None
        for name in planned.changes:
            dimension = Dimension(name.removeprefix("overage_"))
            OveragePrice.objects.update_or_create(dimension=dimension, defaults=dict(values[dimension].__dict__))
        settings.version += 1
        settings.save(update_fields=["version"])
        return record_change(actor, planned, subject=_("Prices of going over"), offer=None)


def _fields(value: Overage) -> tuple[Decimal, int, bool]:
    return value.unit_price, value.per_units, value.is_active


def _words(price: OveragePrice | None) -> str:
    if price is None:
        return "—"
    return per_words(price) if price.is_active else _("%(price)s, not published") % {"price": per_words(price)}
