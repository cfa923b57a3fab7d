"""What an alert may be about, how grave it is, and its words in the language of the reader."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from app.notify.events import StaffEvent


class AlertCause(models.TextChoices):
    STOCK_LOW = "stock_low", gettext_lazy("Low stock")
    STOCK_DRIFT = "stock_drift", gettext_lazy("Stock that drifts")


class AlertLevel(models.IntegerChoices):
    """The graver, the larger."""

    INFORMATION = 1, gettext_lazy("Information")
    WARNING = 2, gettext_lazy("Warning")
    CRITICAL = 3, gettext_lazy("Critical")

    @property
    def tone(self) -> str:
        """The tone of its pill."""
        return {AlertLevel.CRITICAL: "bad", AlertLevel.WARNING: "warn"}.get(self, "info")


class AlertState(models.TextChoices):
    NEW = "new", gettext_lazy("New alert")
    SEEN = "seen", gettext_lazy("Seen")
    RESOLVED = "resolved", gettext_lazy("Dealt with")


class News(NamedTuple):
    """What is said: a title, and a line that names what it is about. Never a price."""

    title: str
    body: str


#: The event under which people choose to hear of an alert that is not critical.
EVENT_OF: dict[str, StaffEvent] = {
    AlertCause.STOCK_LOW: StaffEvent.STOCK_LOW,
    AlertCause.STOCK_DRIFT: StaffEvent.STOCK_DRIFT,
}


def news_of(cause: str, subject: str, facts: Mapping[str, Any]) -> News:
    """An alert in words. `facts` of a low stock: `quantity` (text of a number), `unit`, `day` (ISO, or None)."""
    if cause == AlertCause.STOCK_DRIFT:
        body = _("The last three weighings miss it the same way: a loss, a wrong tare or a wrong consumption.")
        return News(_("Stock that drifts: %(item)s") % {"item": subject}, body)
    quantity = Decimal(facts["quantity"])
    left = _("%(quantity)s %(unit)s left") % {
        "quantity": formats.number_format(quantity.normalize(), use_l10n=True), "unit": facts["unit"]
    }  # fmt: skip
    if facts.get("day"):
        left += _(", used up around %(day)s") % {"day": formats.date_format(date.fromisoformat(facts["day"]), "j F")}
    title = _("Low stock: %(item)s") if quantity > 0 else _("Nothing left: %(item)s")
    return News(title % {"item": subject}, left)
