"""The figures of quality over a period: rate, what goes wrong, why, on which powders, and what it delays.

A project counts in the period when one of its steps was validated in it. A powder counts when it is the one of the
part concerned, or of any part of the project where no part is named.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.utils import timezone

from app.powders.constants import Finish
from app.powders.models import Powder
from app.tenancy.scope import current_workshop_id

from .models import Nonconformity, Part, Project, Step

MONTHS_SHOWN = 24


@dataclass(frozen=True)
class Period:
    """Two days, both included."""

    first: date
    last: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """From the first midnight to the one after the last day, by the workshop's clock."""
        start = timezone.make_aware(datetime.combine(self.first, time.min))
        return start, timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min))

    def months(self) -> list[date]:
        """The first day of each month that the period touches, the latest ones when there are many."""
        first = self.first.replace(day=1)
        count = (self.last.year - first.year) * 12 + self.last.month - first.month + 1
        ranks = [first.month - 1 + number for number in range(count)][-MONTHS_SHOWN:]
        return [date(first.year + rank // 12, rank % 12 + 1, 1) for rank in ranks]


@dataclass(frozen=True)
class Line:
    """A line of a ranking: how many non-conformities, their share in percent, and the rate where it is known.

    `minutes` and `cost` (euros) are those of the rework, where the ranking tells them.
    """

    label: str
    count: int
    share: Decimal
    per_hundred: Decimal | None = None
    colour: str = ""
    finish: str = ""
    minutes: int = 0
    cost: Decimal = Decimal(0)


@dataclass(frozen=True)
class Delays:
    """How many projects kept no promise, with a non-conformity and without; days late on average with one."""

    with_total: int
    with_late: int
    other_total: int
    other_late: int
    days: Decimal | None

    @property
    def with_share(self) -> Decimal | None:
        return share(self.with_late, self.with_total)

    @property
    def other_share(self) -> Decimal | None:
        return share(self.other_late, self.other_total)


@dataclass(frozen=True)
class Figures:
    """Everything that the page of quality shows."""

    count: int
    open: int
    worked: int
    per_hundred: Decimal | None
    #: Of the projects worked on, the share in which no non-conformity was found in the period, in percent.
    right_first_time: Decimal | None
    minutes: int
    cost: Decimal
    delays: Delays
    months: list[tuple[date, int]] = field(default_factory=list)
    defects: list[Line] = field(default_factory=list)
    causes: list[Line] = field(default_factory=list)
    powders: list[Line] = field(default_factory=list)
    finishes: list[Line] = field(default_factory=list)
    operators: list[Line] = field(default_factory=list)


def share(part: int, whole: int) -> Decimal | None:
    """A percentage with one decimal; None of nothing."""
    return (Decimal(100) * part / whole).quantize(Decimal("0.1")) if whole else None


def list_found(period: Period) -> "QuerySet[Nonconformity]":
    """The non-conformities found in the period, the newest first."""
    rows = _found(period)
    return rows.select_related("project__customer", "defect", "cause", "part__powder").order_by("-declared_at", "-pk")


def list_to_settle(period: Period) -> "QuerySet[Nonconformity]":
    """The same, those that are still open first."""
    return list_found(period).order_by(F("closed_at").desc(nulls_first=True), "-declared_at", "-pk")


def read_figures(period: Period, today: date) -> Figures:
    """The figures of a period, in four queries whatever its length."""
    fields = ("declared_at", "closed_at", "rework_minutes", "cost", "defect__name", "cause__name", "worked_by_name")
    rows = list(_found(period).order_by().values(*fields))
    worked, wrong, delays = _delays(period, today)
    powders, finishes = _by_powder(period)
    return Figures(
        count=len(rows),
        open=sum(row["closed_at"] is None for row in rows),
        worked=worked,
        per_hundred=share(len(rows), worked),
        right_first_time=share(worked - wrong, worked),
        minutes=sum(row["rework_minutes"] or 0 for row in rows),
        cost=sum((row["cost"] or Decimal(0) for row in rows), Decimal(0)),
        delays=delays,
        months=list(_by_month(period, rows)),
        defects=_ranking(row["defect__name"] for row in rows),
        causes=_by_cause(rows),
        powders=powders,
        finishes=finishes,
        operators=_ranking(row["worked_by_name"] for row in rows),
    )


def _found(period: Period) -> "QuerySet[Nonconformity]":
    start, end = period.bounds
    return Nonconformity.objects.filter(declared_at__gte=start, declared_at__lt=end)


def _by_month(period: Period, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[date, int]]:
    found = Counter(timezone.localtime(row["declared_at"]).date().replace(day=1) for row in rows)
    return ((month, found[month]) for month in period.months())


def _ranking(labels: Iterable[str]) -> list[Line]:
    """The most frequent first; what was not said comes last, whatever its number."""
    counts = Counter(labels)
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (item[0] == "", -item[1], item[0]))
    return [Line(label, count, share(count, total) or Decimal(0)) for label, count in ordered]


def _by_cause(rows: Sequence[dict[str, Any]]) -> list[Line]:
    """The causes, with what the rework of each took and cost; what was not noted counts as nothing."""
    minutes: Counter[str] = Counter()
    costs: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        cause = row["cause__name"] or ""
        minutes[cause] += row["rework_minutes"] or 0
        costs[cause] += row["cost"] or 0
    ranking = _ranking(row["cause__name"] or "" for row in rows)
    return [replace(line, minutes=minutes[line.label], cost=costs[line.label]) for line in ranking]


def _by_powder(period: Period) -> tuple[list[Line], list[Line]]:
    """The powders and the finishes most concerned, with their number per hundred projects that used them."""
    rows = _answer(_CONCERNED, period)
    used = _answer(_USED, period)
    of_powder = {powder: projects for powder, _finish, projects in used if powder is not None}
    of_finish = {finish: projects for _powder, finish, projects in used if finish is not None}
    powders = Counter(tuple(row[1:]) for row in rows)
    finishes = Counter(finish for _pk, finish in {(pk, finish) for pk, _powder, _ref, finish, _colour in rows})
    total = len({row[0] for row in rows})
    return (
        [
            Line(
                reference,
                count,
                share(count, total) or Decimal(0),
                share(count, of_powder.get(powder, 0)),
                colour,
                finish,
            )
            for (powder, reference, finish, colour), count in powders.most_common(15)
        ],
        [
            Line(
                str(Finish(finish).label),
                count,
                share(count, total) or Decimal(0),
                share(count, of_finish.get(finish, 0)),
            )
            for finish, count in sorted(finishes.items(), key=lambda item: (-item[1], item[0]))
        ],
    )


def _delays(period: Period, today: date) -> tuple[int, int, Delays]:
    """How many projects were worked on, in how many something was found, and who missed the promised date.

    A project is late when it was ready after that date, or is not ready and the date has passed.
    """
    zone = timezone.get_current_timezone_name()
    [row] = _answer(_DELAYS, period, today=today, zone=zone)
    worked, wrong, with_total, with_late, other_total, other_late, days = row
    average = days and days.quantize(Decimal("0.1"))
    return worked, wrong, Delays(with_total, with_late, other_total, other_late, average)


def _answer(sql: str, period: Period, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement about the workshop in scope. The ORM takes longer to write these than to be answered."""
    start, end = period.bounds
    with connection.cursor() as cursor:
        cursor.execute(sql, {"workshop": current_workshop_id(), "start": start, "end": end, **values})
        return list(cursor.fetchall())


_PROJECTS, _PARTS, _STEPS, _WRONG, _POWDERS = (
    model._meta.db_table for model in (Project, Part, Step, Nonconformity, Powder)
)
_WORKED = f"""(
    SELECT DISTINCT project_id FROM {_STEPS}
    WHERE workshop_id = %(workshop)s AND done_at >= %(start)s AND done_at < %(end)s
)"""
_DELAYS = f"""
WITH seen AS (
    SELECT promised_on, coalesce((ready_at AT TIME ZONE %(zone)s)::date, %(today)s::date) AS ended, EXISTS (
        SELECT FROM {_WRONG} AS found WHERE found.workshop_id = %(workshop)s AND found.project_id = project.id
        AND found.declared_at >= %(start)s AND found.declared_at < %(end)s
    ) AS wrong
    FROM {_WORKED} AS worked
    JOIN {_PROJECTS} AS project ON project.workshop_id = %(workshop)s AND project.id = worked.project_id
)
SELECT count(*), count(*) FILTER (WHERE wrong),
    count(promised_on) FILTER (WHERE wrong), count(*) FILTER (WHERE wrong AND ended > promised_on),
    count(promised_on) FILTER (WHERE NOT wrong), count(*) FILTER (WHERE NOT wrong AND ended > promised_on),
    avg(ended - promised_on) FILTER (WHERE wrong AND ended > promised_on)
FROM seen
"""
_CONCERNED = f"""
SELECT DISTINCT found.id, powder.id, powder.reference, powder.finish, powder.hex FROM {_WRONG} AS found
JOIN {_PARTS} AS part ON part.workshop_id = %(workshop)s AND part.project_id = found.project_id
    AND (found.part_id IS NULL OR found.part_id = part.id)
JOIN {_POWDERS} AS powder ON powder.workshop_id = %(workshop)s AND powder.id = part.powder_id
WHERE found.workshop_id = %(workshop)s AND found.declared_at >= %(start)s AND found.declared_at < %(end)s
ORDER BY powder.reference, powder.id, found.id
"""
_USED = f"""
SELECT powder.id, powder.finish, count(DISTINCT part.project_id) FROM {_WORKED} AS worked
JOIN {_PARTS} AS part ON part.workshop_id = %(workshop)s AND part.project_id = worked.project_id
JOIN {_POWDERS} AS powder ON powder.workshop_id = %(workshop)s AND powder.id = part.powder_id
GROUP BY GROUPING SETS ((powder.id), (powder.finish))
"""
