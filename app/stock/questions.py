"""The doubts of a weight or of a quantity, as questions to the person who typed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from app.kernel.money import format_number
from app.powders.models import Powder
from app.powders.selectors import list_formats_of
from app.tenancy.models import Site

from .constants import HEAVIEST_KG, SCALE_TOLERANCE_KG, ZERO
from .models import Carton, Item, Level
from .plausibility import UNIT, Doubt, is_heavy, is_heavy_carton
from .services.weighing import DoubtError


@dataclass(frozen=True)
class Questions:
    """What to ask: the sentences, the answers that confirm them all, the weight that was meant instead if one is."""

    sentences: list[str]
    confirmed: list[str]
    meant: Decimal | None
    can_confirm: bool


def ask(doubt: DoubtError, carton: Carton, typed: Mapping[str, Any]) -> Questions:
    """The questions about a weight; those answered before stay answered."""
    gross, tare = typed["gross"], typed["tare"]
    sentences = [_sentence(one, carton, gross, tare, doubt.meant) for one in doubt.doubts]
    confirmed = [*typed["confirmed"], *(str(one) for one in doubt.doubts)]
    return Questions(sentences, confirmed, doubt.meant, gross <= HEAVIEST_KG)


def doubt_of_carton(powder: Powder, full_kg: Decimal) -> str | None:
    """What to ask about the weight of cartons that are received: grams typed for kilograms, mostly."""
    if not is_heavy_carton(full_kg, [one.net_kg for one in list_formats_of(powder.brand)]):
        return None
    return _("%(typed)s kg of powder in one carton: did you mean %(meant)s kg? If it is right, send it once more.") % {
        "typed": _kg(full_kg), "meant": _kg(full_kg / UNIT),
    }  # fmt: skip


def doubt_of_correction(item: Item, site: Site, quantity: Decimal) -> str | None:
    """What to ask about a quantity that comes in, or goes out (below zero)."""
    level = _level(item, site)
    if quantity < 0 and -quantity > max(level, ZERO) + SCALE_TOLERANCE_KG:
        return _("There is %(level)s %(unit)s, and you take %(typed)s out. If it is right, send it once more.") % {
            "level": _kg(level), "typed": _kg(-quantity), "unit": item.unit,
        }  # fmt: skip
    return doubt_of_count(item, site, quantity)


def doubt_of_count(item: Item, site: Site, quantity: Decimal) -> str | None:
    """What to ask about a powder that was counted, or that comes in: never how much was expected."""
    if not item.is_powder or not is_heavy(quantity, _level(item, site)):
        return None
    return _("%(typed)s kg: did you mean %(meant)s kg? If it is right, send it once more.") % {
        "typed": _kg(quantity), "meant": _kg(quantity / UNIT),
    }  # fmt: skip


def _level(item: Item, site: Site) -> Decimal:
    return Level.objects.filter(item=item, site=site).aggregate(sum=Sum("quantity"))["sum"] or ZERO


def _sentence(doubt: Doubt, carton: Carton, gross: Decimal, tare: Decimal, meant: Decimal | None) -> str:
    values = {
        "gross": _kg(gross), "tare": _kg(tare), "full": _kg(carton.full_kg + tare), "meant": _kg(meant or gross),
        "last": _kg(carton.last_net_kg or Decimal(0)), "net": _kg(gross - tare), "powder": carton.item,
    }  # fmt: skip
    sentences = {
        Doubt.UNIT: _("You typed %(gross)s kg: did you mean %(meant)s kg?"),
        Doubt.ABOVE_FULL: _("A full carton of this kind weighs %(full)s kg, and you typed %(gross)s kg. Is it right?"),
        Doubt.BELOW_TARE: _(
            "%(gross)s kg is less than the empty carton (%(tare)s kg). Is the carton empty, or the tare wrong?"
        ),
        Doubt.MORE_THAN_BEFORE: _(
            "%(net)s kg would be left, more than at the last weighing (%(last)s kg). Is it the right carton?"
        ),
        Doubt.LARGE_GAP: _("This is far from what was expected. Weigh it once more: is it still %(gross)s kg?"),
        Doubt.OTHER_POWDER: _(
            "This carton holds %(powder)s, which is not the powder that was asked for. Weigh it all the same?"
        ),
    }
    return sentences[doubt] % values


def _kg(value: Decimal) -> str:
    return format_number(value, locale=get_language() or "fr", decimals=3)
