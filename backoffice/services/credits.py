"""The uptime of a month as the probes measured it; its credits follow in the same transaction."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from app.billing.services.credits import work_out_credits
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.scope import platform_scope
from status.selectors.incidents import own_downtime
from status.selectors.readings import get_month_uptime

from ..models import MeasuredMonth
from ..selectors.dunning import is_measured

log = structlog.get_logger(__name__)
PROBES = Actor.system("probes")


def close_month(*, today: date | None = None) -> int:
    """Work out the month that has just ended from its measurements, once; how many credits it owes.

    Nothing was measured: nothing is written, and the log says so. A month that was closed stays as it is.
    """
    today = today or timezone.localdate(timezone=timezone.get_default_timezone())
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    if is_measured(month):
        return 0
    found = get_month_uptime(month)
    if found.percent is None:
        log.warning("month_not_measured", month=f"{month:%Y-%m}")
        return 0
    own = {
        workshop_id: uptime.percent
        for workshop_id, spans in own_downtime(month).items()
        if (uptime := get_month_uptime(month, spans)).percent is not None
    }
    source = _(
        "Probes: %(measured)s h measured, %(down)s min down, %(maintenance)s h of maintenance, %(gap)s h not measured"
    ) % {
        "measured": round(found.measured / 3600), "down": round(found.down / 60),
        "maintenance": round(found.maintenance / 3600), "gap": round(found.gap / 3600),
    }  # fmt: skip
    return record_month(month=month, uptime_percent=found.percent, source=source, own=own)


def record_month(
    *, month: date, uptime_percent: Decimal, source: str, own: Mapping[int, Decimal | None] | None = None
) -> int:
    """Keep the uptime of a month that is over, once, and work out what it owes; how many credits.

    `own`: the uptime of the workshops that an incident of their own stopped. RuleError when the month runs or was
    closed before: a credit is never worked out twice.
    """
    month = month.replace(day=1)
    with platform_scope():
        values = {"uptime_percent": uptime_percent, "source": source[:200], "entered_by": PROBES.label}
        _row, is_new = MeasuredMonth.objects.get_or_create(month=month, defaults=values)
        if not is_new:
            raise RuleError(_("This month was closed before."), field="month")
        lower = {key: min(percent, uptime_percent) for key, percent in (own or {}).items() if percent is not None}
        return work_out_credits(month=month, measured=uptime_percent, measured_for=lower)
