"""What the publisher keeps about the setting up of each workshop."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SetUpStep(models.TextChoices):
    """The publisher's checklist for a new customer."""

    DATA = "data", _("Data imported")
    SITES = "sites", _("Sites created")
    ALERTS = "alerts", _("Training on alerts")
    CALL = "call", _("Set-up call planned")


class LogLevel(models.TextChoices):
    """The levels of the lines of log that are kept."""

    WARNING = "warning", _("Warning")
    ERROR = "error", _("Error")
    CRITICAL = "critical", _("Critical")


#: From which share of its storage (%) a workshop is shown as near its limit, then as urgent.
NEAR_PERCENT, URGENT_PERCENT = 80, 90
