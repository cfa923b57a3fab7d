"""What two parts must share to be powdered and cured together: one pure function, which the triggers repeat.

The RAL colour is not compared: the powder is, with its reference, its type and its finish.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from app.powders.constants import Finish, PowderType
from app.powders.models import Powder
from app.projects.models import Part

from .constants import Criterion
from .models import Batch

#: Where a query finds what each criterion compares: the powder is its reference, its type and its finish. Parts that
#: wait have no lot yet.
COLUMNS: dict[Criterion, str | None] = {
    Criterion.REFERENCE: "powder_id",
    Criterion.TYPE: "powder_id",
    Criterion.FINISH: "powder_id",
    Criterion.COATS: "coats",
    Criterion.PRIMER: "primer",
    Criterion.VARNISH: "varnish",
    Criterion.TEMPERATURE: "celsius",
    Criterion.MINUTES: "minutes",
    Criterion.LOT: None,
    Criterion.SITE: "project__site_id",
}


@dataclass(frozen=True, slots=True)
class Grouping:
    """All that is compared. `celsius` and `minutes` are those of the part, or else its powder's; None is not known.

    `lot` is empty when any will do.
    """

    powder_pk: int | None
    reference: str
    type: str
    finish: str
    coats: int = 1
    primer: bool = False
    varnish: bool = False
    celsius: int | None = None
    minutes: int | None = None
    site_pk: int | None = None
    lot: str = ""
    #: Only said, never compared.
    site_name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Difference:
    """A criterion on which two parts differ, with both values."""

    criterion: Criterion
    first: Any
    second: Any

    def words(self) -> str:
        """The difference for people: “Finish: matt in the batch, gloss on the part”."""
        return _("%(criterion)s: %(first)s in the batch, %(second)s on the part.") % {
            "criterion": self.criterion.label,
            "first": _value(self.criterion, self.first),
            "second": _value(self.criterion, self.second),
        }


def differences(first: Grouping, second: Grouping, tolerance: int = 0) -> list[Difference]:
    """Each criterion on which two groupings differ, in the order in which people look; empty when they go together.

    `tolerance` is the difference of curing time that the workshop accepts, in minutes; the temperature is equal.
    """
    pairs: list[tuple[Criterion, Any, Any]] = [
        (Criterion.REFERENCE, first.reference, second.reference),
        (Criterion.TYPE, first.type, second.type),
        (Criterion.FINISH, first.finish, second.finish),
        (Criterion.COATS, first.coats, second.coats),
        (Criterion.PRIMER, first.primer, second.primer),
        (Criterion.VARNISH, first.varnish, second.varnish),
        (Criterion.TEMPERATURE, first.celsius, second.celsius),
    ]
    found = [Difference(criterion, one, other) for criterion, one, other in pairs if one != other]
    if first.site_pk != second.site_pk:
        found.insert(0, Difference(Criterion.SITE, first.site_name, second.site_name))
    if first.powder_pk != second.powder_pk and not any(one.criterion in _IDENTITY for one in found):
        found.insert(0, Difference(Criterion.REFERENCE, first.reference, second.reference))
    if not _near(first.minutes, second.minutes, tolerance):
        found.append(Difference(Criterion.MINUTES, first.minutes, second.minutes))
    if first.lot and second.lot and first.lot != second.lot:
        found.append(Difference(Criterion.LOT, first.lot, second.lot))
    return found


def difference_told(detail: str) -> Difference:
    """The difference that the database has seen: a criterion and two values, as its trigger writes them."""
    name, first, second = json.loads(detail)
    criterion = Criterion(name)
    if criterion in (Criterion.PRIMER, Criterion.VARNISH):
        return Difference(criterion, first == "true", second == "true")
    if criterion in (Criterion.COATS, Criterion.TEMPERATURE, Criterion.MINUTES):
        return Difference(criterion, first and int(first), second and int(second))
    return Difference(criterion, first, second)


def grouping_of(part: Part, *, lot: str = "") -> Grouping:
    """What a part is grouped by: read it with its powder, its project and its site. A curing that is not said is the
    powder's own."""
    powder = part.powder or Powder()
    celsius, minutes = part.curing_celsius, part.curing_minutes
    site = part.project.site
    return Grouping(
        powder.pk, powder.reference, powder.type, powder.finish, part.coats, part.primer, part.varnish,
        celsius if celsius is not None else powder.curing_temperature_c,
        minutes if minutes is not None else powder.curing_minutes,
        site.pk, lot, site.name,
    )  # fmt: skip


def grouping_of_batch(batch: Batch) -> Grouping:
    """What a batch was opened for; read it with its powder and its site."""
    powder, site = batch.powder, batch.site
    return Grouping(
        powder.pk, powder.reference, powder.type, powder.finish, batch.coats, batch.primer, batch.varnish,
        batch.celsius, batch.minutes, site.pk, batch.lot if batch.same_lot else "", site.name,
    )  # fmt: skip


_IDENTITY = (Criterion.REFERENCE, Criterion.TYPE, Criterion.FINISH)


def _near(first: int | None, second: int | None, tolerance: int) -> bool:
    if first is None or second is None:
        return first is second
    return abs(first - second) <= tolerance


def _value(criterion: Criterion, value: Any) -> str:
    """A value as people say it."""
    if criterion in (Criterion.PRIMER, Criterion.VARNISH):
        return _("with") if value else _("without")
    if value in (None, ""):
        return _("not known")
    words = {Criterion.TYPE: dict(PowderType.choices), Criterion.FINISH: dict(Finish.choices)}.get(criterion, {})
    units = {Criterion.TEMPERATURE: f"{value} °C", Criterion.MINUTES: f"{value} min"}
    if criterion == Criterion.COATS:
        return ngettext("%(coats)d coat", "%(coats)d coats", value) % {"coats": value}
    return str(words.get(value) or units.get(criterion, value))
