"""Reads of the log."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from app.kernel.pagination import Page, keyset_page
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

from ..models import LogLine

PAGE_SIZE = 50


def get_log(*, filters: Mapping[str, Any], cursor: str | None) -> Page[LogLine]:
    """A page of the log, newest first, each line with `about`: its workshop, or None."""
    with platform_scope():
        page = keyset_page(list_lines(**filters), keys=("-at", "-id"), cursor=cursor, size=PAGE_SIZE)
        named = Workshop.objects.in_bulk({row.workshop_id for row in page.rows if row.workshop_id})
        for row in page.rows:
            row.about = named.get(row.workshop_id or 0)
        return page


def list_lines(
    *,
    workshop: str = "",
    level: str = "",
    words: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
) -> "QuerySet[LogLine]":
    """The lines that match; both days are included. Call it in the platform's scope."""
    lines = LogLine.objects.all()
    if workshop:
        found = Workshop.objects.filter(Q(name__icontains=workshop) | Q(slug__icontains=workshop))
        lines = lines.filter(workshop_id__in=list(found.values_list("pk", flat=True)[:200]))
    if level:
        lines = lines.filter(level=level)
    if words:
        lines = lines.filter(Q(event__icontains=words) | Q(request_id=words) | Q(logger__icontains=words))
    if first_day:
        lines = lines.filter(at__gte=_midnight(first_day))
    if last_day:
        lines = lines.filter(at__lt=_midnight(last_day + timedelta(days=1)))
    return lines


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
