"""A change of the catalogue in words, field by field; for the preview and for the history."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from app.billing.constants import SupportLevel
from app.billing.models import FeatureFlag, Offer, SaasSettings
from app.billing.usage_words import quantity_words
from app.entitlements.constants import Dimension, Feature
from app.kernel.money import babel_locale, format_money

Line = tuple[str, str, str]


def changes_in_words(changes: Mapping[str, list[Any]]) -> list[Line]:
    """(what, before, after) for each value that differs."""
    return [line for name, (old, new) in changes.items() for line in _lines(name, old, new)]


def _lines(name: str, old: Any, new: Any) -> list[Line]:
    if name == "limits":
        return _limits(old or {}, new or {})
    if name in Dimension.values:
        return [(str(Dimension(name).label), quantity_words(name, old), quantity_words(name, new))]
    if name.startswith("overage_"):
        return [(str(Dimension(name.removeprefix("overage_")).label), str(old), str(new))]
    return [(_label(name), _words(name, old), _words(name, new))]


def _limits(old: Mapping[str, int | None], new: Mapping[str, int | None]) -> list[Line]:
    differing = [name for name in Dimension.values if old.get(name) != new.get(name)]
    return [
        (str(Dimension(name).label), quantity_words(name, old.get(name)), quantity_words(name, new.get(name)))
        for name in differing
    ]


def _words(name: str, value: Any) -> str:
    if name == "price_excl_tax":
        return _("on quotation") if value is None else format_money(Decimal(value), locale=_locale())
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in {"features", "premium_features"}:
        return ", ".join(str(Feature(feature).label) for feature in value)
    if name == "support_level":
        return str(SupportLevel(value).label)
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _label(name: str) -> str:
    for model in (Offer, SaasSettings, FeatureFlag):
        try:
            label = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        except FieldDoesNotExist:
            continue
        return label[:1].upper() + label[1:]
    return name


def _locale() -> str:
    return babel_locale(get_language() or "fr")
