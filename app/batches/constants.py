"""States of a batch, and what its parts must have in common."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

BATCH_SERIES = "batch"


class BatchState(models.TextChoices):
    OPEN = "open", pgettext_lazy("batch", "Open")
    LAUNCHED = "launched", pgettext_lazy("batch", "Launched")
    CLOSED = "closed", pgettext_lazy("batch", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("batch", "Cancelled")


#: A part is in one batch of these at most.
HOLDING = (BatchState.OPEN, BatchState.LAUNCHED)


class Criterion(models.TextChoices):
    """What two parts of one batch share. The RAL colour is not one: two powders of one RAL are two powders."""

    REFERENCE = "reference", _("Reference")
    TYPE = "type", _("Type")
    FINISH = "finish", _("Finish")
    COATS = "coats", _("Coats")
    PRIMER = "primer", _("Primer")
    VARNISH = "varnish", _("Varnish")
    TEMPERATURE = "temperature", _("Curing temperature")
    MINUTES = "minutes", _("Curing time")
    LOT = "lot", _("Lot")
    SITE = "site", _("Site")


class Posting(models.TextChoices):
    """When the powder of a batch leaves the theoretical stock."""

    LAUNCH = "launch", _("When the batch is launched")
    CLOSING = "closing", _("When the batch is closed")
