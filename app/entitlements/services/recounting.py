"""Making the counters of what exists agree with what exists.

The apps that own the rows say how many there are, in their AppConfig:
`usage_counters = {"contacts": "app.crm.selectors.count_customers"}`, functions without argument, in the scope.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import structlog
from django.apps import apps
from django.db import transaction
from django.utils.module_loading import import_string

from app.tenancy.models import Workshop

from ..constants import RENEWALS, Renewal
from ..models import Usage
from ..quotas import EPOCH

HOURS_KEPT = timedelta(days=2)

log = structlog.get_logger(__name__)


def recount(*, workshop: Workshop) -> dict[str, tuple[int, int]]:
    """Repair each counter of the workshop in scope, and return what differed: {dimension: (counted, real)}.

    The counter is locked before the rows are counted: an act in progress is either committed, and counted, or
    waits for the lock and adds itself afterwards.
    """
    repaired = {}
    for dimension, real in _counters():
        with transaction.atomic():
            Usage.objects.get_or_create(workshop=workshop, dimension=dimension, period=EPOCH)
            held = Usage.objects.select_for_update().get(dimension=dimension, period=EPOCH)
            found = real()
            if held.used != found:
                repaired[dimension] = (held.used, found)
                log.warning("usage_recounted", dimension=dimension, counted=held.used, real=found)
                held.used = found
                held.save(update_fields=["used"])
    return repaired


def forget_hours(*, now: datetime) -> int:
    """Remove the counters of hours long gone, of which the log of days keeps the sum. How many."""
    hourly = [dimension for dimension, renewal in RENEWALS.items() if renewal == Renewal.HOUR]
    removed, _by_model = Usage.objects.filter(dimension__in=hourly, period__lt=now - HOURS_KEPT).delete()
    return removed


def _counters() -> Iterator[tuple[str, Callable[[], int]]]:
    for config in apps.get_app_configs():
        for dimension, path in getattr(config, "usage_counters", {}).items():
            yield dimension, import_string(path)
