"""The countries where a workshop may be, in the reader's language."""

from babel import Locale
from django.utils import translation

from app.kernel.money import babel_locale

#: Where powder coaters who work in French or beside France are: the Union, Switzerland, Monaco, the United Kingdom…
COUNTRIES = (
    "AD", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MC", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "MA", "TN", "DZ", "SN", "CI", "CA",
)  # fmt: skip


def country_choices() -> list[tuple[str, str]]:
    """(code, name), France first, then by name."""
    names = Locale.parse(babel_locale(translation.get_language() or "fr")).territories
    rest = sorted((code for code in COUNTRIES if code != "FR"), key=lambda code: names[code])
    return [(code, names[code]) for code in ("FR", *rest)]
