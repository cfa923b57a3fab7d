"""The price of one, as documents write it."""

from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency
from django import template
from django.utils.translation import get_language

from app.kernel.money import babel_locale

register = template.Library()


@register.filter
def unit_price(price: Decimal) -> str:
    """`61,585 €`: cents, and the further decimals that the price has."""
    return _written(str(price), babel_locale(get_language() or "fr"))


@lru_cache(maxsize=2048)  # by its text: 1 and 1.00 are equal
def _written(price: str, language: str) -> str:
    locale = Locale.parse(language)
    pattern = locale.currency_formats["standard"].pattern.replace("0.00", "0.00####")
    return str(format_currency(Decimal(price), "EUR", format=pattern, locale=locale, currency_digits=False))
