"""Values as people read them, in their language."""

from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils.translation import get_language

from app.kernel.money import format_money, format_number, format_percentage
from app.kernel.phones import display_phone

register = template.Library()
NO_BREAK = "\u00a0"


def _locale() -> str:
    return get_language() or "fr"


@register.filter
def money(amount: Decimal | None) -> str:
    """`1 234,56 €`; a dash for None."""
    return "—" if amount is None else _written_money(str(amount), _locale())


@lru_cache(maxsize=4096)  # by their text: 1 and 1.0 are one key
def _written_money(amount: str, locale: str) -> str:
    return format_money(Decimal(amount), locale=locale)


@register.filter
def number(value: Decimal | float | None, decimals: int = 2) -> str:
    """`1 234,5`: at most so many decimals; a dash for None."""
    return "—" if value is None else _written(str(value), _locale(), decimals)


@lru_cache(maxsize=4096)  # lists are full of them; by their text, since 1 and 1.0 are one key
def _written(value: str, locale: str, decimals: int) -> str:
    return format_number(Decimal(value), locale=locale, decimals=decimals)


@register.filter
def percent(value: Decimal | None) -> str:
    """`5,5 %`."""
    return "—" if value is None else _written_percent(str(value), _locale())


@lru_cache(maxsize=1024)
def _written_percent(value: str, locale: str) -> str:
    return format_percentage(Decimal(value), locale=locale)


@register.filter
def phone(value: object) -> str:
    """`06 12 34 56 78` for a French number, the international form for others."""
    return display_phone(str(value or ""))


@register.filter
def siren(value: str) -> str:
    """`732 829 320`."""
    return NO_BREAK.join(value[at : at + 3] for at in range(0, 9, 3))


@register.filter
def siret(value: str) -> str:
    """`732 829 320 00074`."""
    return f"{siren(value[:9])}{NO_BREAK}{value[9:]}"
