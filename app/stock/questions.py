"""The doubts of a weight, as questions to the person at the scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from app.kernel.money import format_number

from .constants import HEAVIEST_KG
from .models import Carton
from .plausibility import Doubt
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
