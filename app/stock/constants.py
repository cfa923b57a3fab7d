"""Where movements come from, and the limits of what a scale can say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """What made the stock change."""

    RECEIPT = "receipt", _("Receipt")
    PROJECT = "project", _("Project")
    BATCH = "batch", _("Batch")
    REWORK = "rework", _("Rework")
    CONSUMABLE = "consumable", _("Use of a consumable")
    WEIGHING = "weighing", _("Gap found by weighing")
    ALLOCATION = "allocation", _("Consumption put on its carton")
    TRANSFER = "transfer", _("Transfer between sites")
    CORRECTION = "correction", _("Correction")
    LOSS = "loss", _("Loss")


#: What the work uses: the base of forecasts, of yields and of the daily list.
USES = (Source.PROJECT, Source.BATCH, Source.REWORK, Source.CONSUMABLE)

GRAM = Decimal("0.001")
ZERO = Decimal("0.000")
#: No scale of a workshop says more, no movement is larger, kg.
HEAVIEST_KG = Decimal(2000)
#: What two weighings of the same thing may differ by, kg.
SCALE_TOLERANCE_KG = Decimal("0.050")
CARTON_SERIES = "carton"
#: Before the number of a carton: a letter that no part number has, so that neither is taken for the other.
CARTON_MARK = "S"


@dataclass(frozen=True, slots=True)
class Demand:
    """Powder that will be needed: where, how much, and from which day (None: not known)."""

    powder_pk: int
    site_pk: int
    kg: Decimal
    needed_on: date | None
