"""Keeping lines of log where the publisher can search them, for a time."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from app.tenancy.scope import platform_scope

from .. import log_store
from ..constants import LogLevel
from ..models import LogLine

#: Application logs are kept 90 days, and never more lines than this.
KEPT = timedelta(days=90)
MOST_KEPT = 200_000
BATCH = 500
#: Columns of their own; everything else that a line says is in its details.
COLUMNS = {"timestamp", "level", "logger", "event", "workshop_id", "user_id", "request_id", "exception"}


def keep_lines() -> int:
    """Write the lines that wait; how many. While the database does not take them, they wait on."""
    kept = 0
    while lines := log_store.take(settings.REDIS_URL, BATCH):
        rows = [row for line in lines if (row := _row(line))]
        try:
            with platform_scope():
                LogLine.objects.bulk_create(rows)
        except DatabaseError:
            log_store.give_back(settings.REDIS_URL, lines)
            raise
        kept += len(rows)
    return kept


def forget_old_lines(now: datetime | None = None) -> int:
    """Remove the lines whose time is over, and the oldest ones beyond MOST_KEPT; how many."""
    with platform_scope():
        removed, _by_model = LogLine.objects.filter(at__lt=(now or timezone.now()) - KEPT).delete()
        newest = LogLine.objects.order_by("-pk").values_list("pk", flat=True)
        beyond = newest[MOST_KEPT : MOST_KEPT + 1].first()
        if beyond is not None:
            removed += LogLine.objects.filter(pk__lte=beyond).delete()[0]
        return removed


def _row(line: bytes) -> LogLine | None:
    """A line of JSON as a row; None for what is not one of ours."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    at = parse_datetime(str(said.get("timestamp", ""))) if isinstance(said, dict) else None
    if at is None or said.get("level") not in LogLevel.values:
        return None
    return LogLine(
        at=at,
        level=said["level"],
        logger=_text(said.get("logger", ""), 120),
        event=_text(said.get("event", ""), 300),
        workshop_id=_number(said.get("workshop_id")),
        user_id=_number(said.get("user_id")),
        request_id=_text(said.get("request_id", ""), 64),
        fault=_text(_fault(str(said.get("exception", ""))), 300),
        details={_text(name, 60): _text(value, 500) for name, value in said.items() if name not in COLUMNS},
    )


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: Any, most: int) -> str:
    """What PostgreSQL can keep of a text: no NUL, no half of a character."""
    return str(value).encode("utf-8", "replace").decode().replace("\x00", "")[:most]


def _fault(traceback: str) -> str:
    """The class of the error and where it was raised: its message may name somebody."""
    lines = traceback.strip().splitlines()
    if not lines:
        return ""
    places = [line.strip() for line in lines if line.strip().startswith("File ")]
    raised = next((line for line in reversed(lines) if line and not line[0].isspace()), "")
    return " – ".join(part for part in (raised.split(":")[0], places[-1] if places else "") if part)
