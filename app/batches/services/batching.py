"""A batch before its launch: opened, filled, emptied, cancelled. The rule is `grouping.differences`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import Error as PostgresError

from app.audit.services import record
from app.kernel.errors import RuleError
from app.numbering.services import next_number
from app.projects.models import Part
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import BATCH_SERIES, BatchState
from ..grouping import Grouping, difference_told, differences, grouping_of, grouping_of_batch
from ..locks import lock_batch, lock_projects
from ..models import Batch, BatchItem
from ..selectors import (
    find_holding,
    get_batch_settings,
    get_parts,
    is_number_taken,
    list_items,
    list_pass_numbers,
    list_waiting_parts,
)

MOST_PARTS = 2000
#: What the triggers of the first migration answer, and the key that keeps a part in one batch.
DIFFERS = "TG001"
REFUSALS = (DIFFERS, "TG002", "TG003")
TAKEN = "23505"


def open_batch(
    *, workshop: Workshop, actor: Actor, grouping: Grouping, parts: Sequence[Part] = (), note: str = ""
) -> Batch:
    """Open a batch for a powder laid and cured in one way, with these parts or still empty.

    RuleError when a part differs: the first difference is told with both values, and nothing is opened.
    """
    if grouping.powder_pk is None or grouping.site_pk is None:
        raise RuleError(_("Choose the powder of the batch."), field="powder")
    rules = get_batch_settings(workshop)
    with transaction.atomic():
        batch = Batch(
            workshop=workshop, site_id=grouping.site_pk, powder_id=grouping.powder_pk, coats=grouping.coats,
            primer=grouping.primer, varnish=grouping.varnish, celsius=grouping.celsius, minutes=grouping.minutes,
            tolerance_minutes=rules.tolerance_minutes, same_lot=rules.same_lot, note=note.strip(),
            created_by_name=actor.label,
        )  # fmt: skip
        lock_projects(part.project_id for part in parts)
        today = timezone.localdate()
        batch.number = next_number(workshop=workshop, series=BATCH_SERIES, on=today, is_taken=is_number_taken)
        batch.save()
        held = lock_batch(batch.pk)
        record(workshop=workshop, actor=actor, action="batch.opened", subject=held,
               changes={"powder": str(held.powder), "parts": [part.code for part in parts]})  # fmt: skip
        _put_in(workshop, held, parts)
    return held


def open_batch_of(*, workshop: Workshop, actor: Actor, parts: Sequence[Part]) -> Batch:
    """Open a batch for parts: the first one says what it is for. RuleError without a part or when one differs."""
    if not parts:
        raise RuleError(_("Choose at least one part."))
    return open_batch(workshop=workshop, actor=actor, grouping=grouping_of(parts[0]), parts=parts)


def add_parts(*, workshop: Workshop, actor: Actor, batch: Batch, parts: Sequence[Part]) -> Batch:
    """Put parts in an open batch, all or none; RuleError names the criterion that differs, with both values."""
    if not parts:
        raise RuleError(_("Choose at least one part."))
    with transaction.atomic():
        lock_projects(part.project_id for part in parts)
        held = lock_batch(batch.pk)
        _require_open(held)
        if fresh := _put_in(workshop, held, parts):
            changes = {"parts": [part.code for part in fresh]}
            record(workshop=workshop, actor=actor, action="batch.filled", subject=held, changes=changes)
    return held


def remove_parts(*, workshop: Workshop, actor: Actor, batch: Batch, part_pks: Sequence[int], reason: str = "") -> Batch:
    """Take parts out of an open batch; those that are not in it are ignored. RuleError once it is launched."""
    with transaction.atomic():
        held = lock_batch(batch.pk)
        _require_open(held)
        items = list(BatchItem.objects.filter(batch=held, part__in=part_pks).select_related("part"))
        BatchItem.objects.filter(pk__in=[item.pk for item in items]).delete()
        if items:
            changes = {"parts": [item.part.code for item in items], **({"reason": reason} if reason else {})}
            record(workshop=workshop, actor=actor, action="batch.emptied", subject=held, changes=changes)
    return held


def edit_batch(*, workshop: Workshop, actor: Actor, batch: Batch, note: str) -> Batch:
    """Change the note of a batch that is not over."""
    with transaction.atomic():
        held = lock_batch(batch.pk)
        if not held.is_holding:
            raise RuleError(_("This batch is over."))
        before, held.note = held.note, note.strip()
        if before != held.note:
            held.save(update_fields=["note"])
            changes = {"note": [before, held.note]}
            record(workshop=workshop, actor=actor, action="batch.edited", subject=held, changes=changes)
    return held


def _require_open(batch: Batch) -> None:
    if batch.state != BatchState.OPEN:
        message = _("%(batch)s is no longer open: its parts do not change.")
        raise RuleError(message % {"batch": batch.number})


def _put_in(workshop: Workshop, batch: Batch, parts: Sequence[Part]) -> list[Part]:
    """Write the parts that are not there yet; the projects and the batch are held."""
    present = {item.part_id: item for item in list_items(batch)}
    fresh = [part for part in get_parts(part.pk for part in parts) if part.pk not in present]
    if len(present) + len(fresh) > MOST_PARTS:
        raise RuleError(_("A batch holds at most %(most)d parts.") % {"most": MOST_PARTS})
    _require_waiting(workshop, batch, fresh)
    _require_alike(batch, [item.part for item in present.values()], fresh)
    passes = list_pass_numbers({part.project_id for part in fresh})
    with told_by_the_database():
        BatchItem.objects.bulk_create(
            BatchItem(workshop=workshop, batch=batch, part=part, pass_number=passes[part.project_id]) for part in fresh
        )
    return fresh


def _require_waiting(workshop: Workshop, batch: Batch, parts: Sequence[Part]) -> None:
    """RuleError for a part that has no powder, is in another batch, or waits for no powder."""
    pks = [part.pk for part in parts]
    waiting = set(list_waiting_parts(workshop).filter(pk__in=pks).values_list("pk", flat=True))
    held = find_holding(pks)
    for part in parts:
        if part.pk in waiting:
            continue
        said = {"part": part.code, "designation": part.designation}
        if part.powder is None:
            raise RuleError(_("%(part)s, %(designation)s: this part has no powder.") % said)
        if part.pk in held:
            message = _("%(part)s, %(designation)s: this part is in %(batch)s already.")
            raise RuleError(message % {**said, "batch": held[part.pk].number})
        raise RuleError(_("%(part)s, %(designation)s: no powder is to be laid on this part now.") % said)


def _require_alike(batch: Batch, present: Sequence[Part], fresh: Sequence[Part]) -> None:
    """RuleError with every criterion on which a part differs from the batch, or from a part that is in it."""
    wanted = grouping_of_batch(batch)
    spread = dict.fromkeys([wanted, *(grouping_of(part) for part in present)])
    for part in fresh:
        grouping = grouping_of(part)
        for one in spread:
            if found := differences(one, grouping, batch.tolerance_minutes):
                words = " ".join(difference.words() for difference in found)
                said = {"part": part.code, "designation": part.designation, "reasons": words}
                raise RuleError(_("%(part)s, %(designation)s does not go with %(batch)s. %(reasons)s") % {
                    **said, "batch": batch.number})  # fmt: skip
        spread[grouping] = None


@contextmanager
def told_by_the_database() -> Iterator[None]:
    """What the database alone has seen, because a part was changed in the same moment, as a refusal."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        cause = error.__cause__
        if not isinstance(cause, PostgresError) or cause.sqlstate not in (*REFUSALS, TAKEN):
            raise
        told = difference_told(cause.diag.message_detail or "").words() if cause.sqlstate == DIFFERS else ""
        raise RuleError(f"{_('A part has changed meanwhile: look at the batch again.')} {told}".strip()) from error
