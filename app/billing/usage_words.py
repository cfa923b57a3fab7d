"""Quantities of quotas in words: bytes as gigabytes, the others as numbers."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from app.entitlements.constants import Dimension
from app.kernel.money import babel_locale, format_money, format_number

from .constants import GIGABYTE
from .models import OveragePrice

MEGABYTE = 1_000_000


def quantity_words(dimension: str, quantity: int | None) -> str:
    """`20 GB`, `1,000`, `unlimited`."""
    if quantity is None:
        return _("unlimited")
    if dimension == Dimension.STORAGE:
        return storage_words(quantity)
    return format_number(Decimal(quantity), locale=_locale(), decimals=0)


def storage_words(size: int) -> str:
    """Bytes as the decimal gigabytes or megabytes that disks are sold in."""
    if abs(size) >= GIGABYTE:
        return _("%(size)s GB") % {"size": _short(size, GIGABYTE)}
    return _("%(size)s MB") % {"size": _short(size, MEGABYTE)}


def per_words(price: OveragePrice) -> str:
    """`0.02 € each`, `10.00 € for 100`: the price of going over, excluding tax."""
    amount = {"price": _exact_money(price.unit_price)}
    units = quantity_words(price.dimension, price.per_units)
    if price.per_units == 1:
        return _("%(price)s each") % amount
    return _("%(price)s for %(units)s") % {**amount, "units": units}


def _exact_money(amount: Decimal) -> str:
    """A unit price may be finer than the cent."""
    if amount == round(amount, 2):
        return format_money(amount, locale=_locale())
    return f"{format_number(amount, locale=_locale(), decimals=4)}\u00a0€"


def _short(size: int, unit: int) -> str:
    return format_number(Decimal(size) / unit, locale=_locale(), decimals=1)


def _locale() -> str:
    return babel_locale(get_language() or "fr")
