"""The uptime of a month, entered until probes measure it; its credits follow in the same transaction."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from app.billing.services.credits import work_out_credits
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.scope import platform_scope

from ..models import MeasuredMonth


def record_month(*, actor: Actor, month: date, uptime_percent: Decimal, source: str) -> int:
    """Keep the uptime of a month that is over, once, and work out what it owes; how many credits.

    RuleError when the month runs or was entered before: a credit is never worked out twice.
    """
    month = month.replace(day=1)
    with platform_scope():
        values = {"uptime_percent": uptime_percent, "source": source, "entered_by": actor.label[:160]}
        _row, is_new = MeasuredMonth.objects.get_or_create(month=month, defaults=values)
        if not is_new:
            raise RuleError(_("This month was entered before."), field="month")
        return work_out_credits(month=month, measured=uptime_percent)
