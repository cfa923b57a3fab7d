"""The price of one, as documents write it."""

from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency
from django import template
from django.utils.translation import get_language

from app.kernel.money import babel_locale

register = template.Library()


@register.filter
def unit_price(price: Decimal) -> str:
    """`61,585 €`: cents, and the further decimals that the price has."""
    locale = Locale.parse(babel_locale(get_language() or "fr"))
    pattern = locale.currency_formats["standard"].pattern.replace("0.00", "0.00####")
    return str(format_currency(price, "EUR", format=pattern, locale=locale, currency_digits=False))
