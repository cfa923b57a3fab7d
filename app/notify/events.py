"""What the people of a workshop may be told of, who may hear it, and how they hear it unless they choose otherwise."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from app.tenancy.permissions import Permission


class StaffEvent(models.TextChoices):
    QUOTE_SENT = "quote_sent", _("A quote was sent to a customer")
    QUOTE_SIGNED = "quote_signed", _("A customer signed a quote")
    PROJECT_READY = "project_ready", _("A project is ready to collect")
    PROJECT_LATE = "project_late", _("Projects are late")
    STOCK_LOW = "stock_low", _("A powder or a consumable runs low")
    STOCK_DRIFT = "stock_drift", _("The weighings of a powder drift")
    ALERT_CRITICAL = "alert_critical", _("A critical alert: something has run out")


@dataclass(frozen=True)
class Hearing:
    """The right that lets a member hear of an event, and the defaults. Push goes only to devices that asked for it."""

    permission: Permission
    by_email: bool
    by_push: bool = True


HEARING: dict[str, Hearing] = {
    StaffEvent.QUOTE_SENT: Hearing(Permission.QUOTES_READ, by_email=False, by_push=False),
    StaffEvent.QUOTE_SIGNED: Hearing(Permission.QUOTES_READ, by_email=False),
    StaffEvent.PROJECT_READY: Hearing(Permission.PROJECTS_UPDATE, by_email=False),
    StaffEvent.PROJECT_LATE: Hearing(Permission.PROJECTS_UPDATE, by_email=True),
    StaffEvent.STOCK_LOW: Hearing(Permission.STOCK_EDIT, by_email=True),
    StaffEvent.STOCK_DRIFT: Hearing(Permission.STOCK_EDIT, by_email=False),
    StaffEvent.ALERT_CRITICAL: Hearing(Permission.STOCK_EDIT, by_email=True),
}
