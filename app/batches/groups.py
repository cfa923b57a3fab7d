"""The groups that the waiting parts would make, by powder: what is kept of them, and the statement that works them out.

It is written once: the ORM takes longer to write the question than PostgreSQL to answer it for the powders that one
change touches. It says again which parts wait (`selectors.list_waiting_parts`) and what does not stay on them
(`estimating.consumption`); tests/app/batches/test_recommending.py holds it to the rule, part by part.
"""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from heapq import heapify, heappop, heappush
from pickle import dumps, loads
from typing import Any, NamedTuple

from django.db import connection

from app.estimating.consumption import DEFAULT_TRANSFER_LOSS
from app.powders.models import Powder
from app.projects.constants import RUNNING, Laying
from app.projects.models import Part, Project, Step
from app.quotes.models import Quote
from app.tenancy.scope import current_workshop_id

from .models import BatchItem
from .selectors import list_waiting_again

#: What is kept of a powder: the place of its first group, which is how a group begins, and all of its groups, which are
#: read when their turn comes.
Place = tuple[str, int, int]
Kept = tuple[Place, bytes]
#: In place of a day and of a curing that are not known, which come last.
NO_DAY, NO_NUMBER = "~", 100_000


class Group(NamedTuple):
    """What is kept of the parts that could be one batch: plain values, of which the first ones say its place in the
    list. They are compared as they are: hundreds are put in order for each page."""

    promised: str
    fewer_parts: int
    powder_pk: int
    coats: int
    primer: bool
    varnish: bool
    celsius_or_last: int
    minutes_or_last: int
    site_pk: int
    projects: int
    ready: int
    surface: str
    sprayed: str
    without_surface: int
    first_project: int

    @property
    def promised_on(self) -> date | None:
        """The earliest promise."""
        return None if self.promised == NO_DAY else date.fromisoformat(self.promised)

    @property
    def parts(self) -> int:
        """How many lines wait; many come before few."""
        return -self.fewer_parts

    @property
    def celsius(self) -> int | None:
        """The curing temperature; None when nobody has said it."""
        return _known(self.celsius_or_last)

    @property
    def minutes(self) -> int | None:
        """The curing time; None when nobody has said it."""
        return _known(self.minutes_or_last)

    @property
    def surface_m2(self) -> Decimal:
        """The surface of all its pieces."""
        return Decimal(self.surface)

    @property
    def sprayed_m2(self) -> Decimal:
        """The same once for each coat, with what does not stay on the parts: what `kilograms` reckons with."""
        return Decimal(self.sprayed)


def _known(value: int) -> int | None:
    return None if value == NO_NUMBER else value


PARTS, PROJECTS, POWDERS, ITEMS, QUOTES, STEPS = (
    model._meta.db_table for model in (Part, Project, Powder, BatchItem, Quote, Step)
)
_RUNNING = ", ".join(f"'{status}'" for status in RUNNING)
#: Up to how many powders the project of each part is looked up, its step and its batches (`each` forbids the planner
#: anything else): for the parts of four powders it would read every running project, every step that is left and every
#: part that was ever in a batch, which takes twice as long, and longer each year.
FEW = 20
_FIRST, _SECOND = f"'{Laying.TO_LAY}'", f"'{Laying.AGAIN}'"
_BOTH = f"{_FIRST}, {_SECOND}"
#: The parts of the powders that are asked, of running projects, with what they are grouped by and what is summed.
_PARTS = f"""
SELECT part.id AS part_id, part.powder_id, part.coats, part.primer, part.varnish,
    coalesce(part.curing_celsius, powder.curing_temperature_c, {NO_NUMBER}) AS celsius,
    coalesce(part.curing_minutes, powder.curing_minutes, {NO_NUMBER}) AS minutes,
    part.surface_m2 * part.quantity AS surface,
    CASE WHEN powder.consumption_g_per_m2 IS NOT NULL THEN 1
        ELSE 1 - coalesce(project.transfer_loss_percent, {DEFAULT_TRANSFER_LOSS}) / 100.0 END AS stays,
    project.id AS project_id, project.site_id, project.promised_on, project.laying, project.now
FROM {PARTS} AS part
JOIN {POWDERS} AS powder ON powder.workshop_id = %(workshop)s AND powder.id = part.powder_id
CROSS JOIN LATERAL (
    SELECT one.id, one.site_id, one.promised_on, one.laying, quote.transfer_loss_percent, EXISTS (
        SELECT FROM {STEPS} AS step WHERE step.workshop_id = %(workshop)s AND step.lays_powder
        AND step.project_id = one.id AND step.done_at IS NULL AND step.name = one.current_step {{each}}
    ) AS now
    FROM {PROJECTS} AS one
    LEFT JOIN {QUOTES} AS quote ON quote.workshop_id = %(workshop)s AND quote.id = one.quote_id
    WHERE one.workshop_id = %(workshop)s AND one.id = part.project_id AND one.status IN ({_RUNNING})
    AND one.laying IN ({{laying}}) {{each}}
) AS project
WHERE part.workshop_id = %(workshop)s AND part.powder_id IS NOT NULL {{of_powders}}
"""
#: In no batch, when they are laid for the first time; of what is laid again, what is told. The parts are put apart: two
#: questions are planned in less time than one of all these tables.
_GROUPS = f"""
WITH told AS MATERIALIZED ({{parts}})
SELECT coalesce(min(promised_on)::text, '{NO_DAY}'), -count(*), powder_id, coats, primer, varnish, celsius, minutes,
    site_id, count(DISTINCT project_id), count(DISTINCT project_id) FILTER (WHERE now),
    coalesce(sum(surface), 0)::text, coalesce(sum(surface * coats / stays), 0)::text,
    count(*) FILTER (WHERE surface IS NULL), min(project_id), bool_or(laying = '{Laying.AGAIN}')
FROM told WHERE NOT EXISTS (
    SELECT FROM {ITEMS} AS item
    WHERE item.workshop_id = %(workshop)s AND item.part_id = told.part_id AND (item.is_held OR item.done_at IS NOT NULL)
    AND told.laying = {_FIRST} {{each}}
)
GROUP BY powder_id, coats, primer, varnish, celsius, minutes, site_id
"""


def read_groups(powder_pks: Collection[int] | None) -> dict[int, Kept]:
    """What is kept of the exact groupings of the parts that wait, by powder; None: of all powders."""
    # Few projects come back: it is seen among the parts of a few powders whether one does, and asked before of many.
    rows = _read_rows(powder_pks, None if _are_few(powder_pks) else list_waiting_again())
    if _are_few(powder_pks) and any(laid_again for *_group, laid_again in rows):
        rows = _read_rows(powder_pks, list_waiting_again())
    by_powder: dict[int, list[tuple[Any, ...]]] = {}
    for *group, _laid_again in rows:
        by_powder.setdefault(group[2], []).append(tuple(group))
    return {pk: (min(groups)[:3], dumps(groups)) for pk, groups in by_powder.items()}


def first_groups(kept: Iterable[Kept], most: int, site_pk: int | None = None) -> list[Group]:
    """The first groups of these powders, on a site or on all, in the order of the list.

    Hundreds of powders are put in order, and the groups of those that come first are read.
    """
    groups_of = dict(kept)
    turns: list[tuple[Any, ...]] = list(groups_of)
    heapify(turns)
    found: list[Group] = []
    while turns and len(found) < most:
        turn = heappop(turns)
        if turn in groups_of:  # the place of a powder's first group, which comes before that group
            for values in loads(groups_of[turn]):  # noqa: S301  what `read_groups` has kept
                heappush(turns, values)
        elif site_pk is None or Group(*turn).site_pk == site_pk:
            found.append(Group(*turn))
    return found


def _are_few(powder_pks: Collection[int] | None) -> bool:
    return powder_pks is not None and len(powder_pks) <= FEW


def _read_rows(powder_pks: Collection[int] | None, again: list[int] | None) -> list[tuple[Any, ...]]:
    """The values of each `Group`, and whether some of its parts are laid again: those of `again`, or every one of the
    powders when it is not said which of them wait."""
    asked: dict[str, Any] = {"workshop": current_workshop_id(), "powders": list(powder_pks or ()), "again": again}
    of_powders = "" if powder_pks is None else "AND part.powder_id = ANY(%(powders)s)"
    each = "OFFSET 0" if _are_few(powder_pks) else ""
    parts = _PARTS.format(of_powders=of_powders, each=each, laying=_BOTH if again is None else _FIRST)
    if again:
        those = f"{of_powders} AND part.id = ANY(%(again)s)"
        parts += "UNION ALL" + _PARTS.format(of_powders=those, each=each, laying=_SECOND)
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS.format(parts=parts, each=each), asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
