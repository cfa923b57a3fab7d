"""The work on a file, chunk by chunk. Each chunk is one transaction with the position it reaches: a worker that is
killed loses nothing, and whoever takes over starts after the last chunk that was kept."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

import structlog
from django.utils import timezone

from app.audit.services import record
from app.crm.services.bulk import create_many, update_many
from app.files.selectors import get_file
from app.files.services import delete_file
from app.kernel.csvfiles import CsvTable
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import get_workshop

from ..constants import CHUNK, WORKING, ImportState, Outcome
from ..locks import lock_import
from ..models import CustomerImport, ImportLine
from ..parsing import ParsedRow, parse_row
from ..planning import Planned, Planner
from ..selectors import get_import, lines_of
from .preparing import COUNTERS, open_source, read_source, rules_of

log = structlog.get_logger(__name__)
COLUMN_OF = {
    Outcome.CREATED: "created",
    Outcome.UPDATED: "updated",
    Outcome.DUPLICATE: "duplicates",
    Outcome.REFUSED: "refused",
}


def work_on_import(*, workshop_id: int, import_pk: int) -> None:
    """Check or run an import to its end, or until another worker does; call it outside any scope."""
    try:
        with workshop_scope(workshop_id):
            held, workshop = _take(import_pk), get_workshop(workshop_id)
            source = open_source(held) if held else None
        if held is None or source is None:
            return
        with source:
            if not _work(workshop, held, read_source(source)):
                return
    except RuleError as error:
        with workshop_scope(workshop_id):
            _fail(import_pk, error.message)
        return
    with workshop_scope(workshop_id):
        _finish(workshop, import_pk, held.state)


def actor_of(held: CustomerImport) -> Actor:
    """Who asked for the import."""
    return Actor(label=held.requested_by, origin=Origin.JOB, user_id=held.user_id)


def _take(import_pk: int) -> CustomerImport | None:
    """The import to work on. A check keeps what it has seen in memory, so it starts again from the first line."""
    held = lock_import(import_pk)
    if held.state not in WORKING:
        return None
    if held.state == ImportState.CHECKING:
        ImportLine.objects.filter(source=held).delete()
        for name in COUNTERS:
            setattr(held, name, 0)
    held.save()
    return held


def _work(workshop: Workshop, held: CustomerImport, table: CsvTable) -> bool:
    """Every chunk from the position on; False when another worker has taken over."""
    running = held.state == ImportState.RUNNING
    planner = Planner(rules_of(held), lines_of=partial(lines_of, held) if running else None)
    position = held.position
    for rows in _chunks(table, held):
        with workshop_scope(workshop.pk):
            locked = lock_import(held.pk)
            if locked.state != held.state or locked.position != position:
                log.info("import_taken_over", import_id=held.pk, position=locked.position)
                return False
            planned = planner.plan(rows)
            if running:
                _write(workshop, locked, planned)
            else:
                _note(locked, planned)
            _advance(locked, planned)
            position = locked.position
    return True


def _chunks(table: CsvTable, held: CustomerImport) -> Iterator[list[ParsedRow]]:
    tags = tuple(held.tags)
    left = (row for row in table.rows() if row.line > held.position)
    parsed = (parse_row(row, held.mapping, tags) for row in left)
    while chunk := list(islice(parsed, CHUNK)):
        yield chunk


def _write(workshop: Workshop, held: CustomerImport, planned: Sequence[Planned]) -> None:
    """Create and change the customers of a chunk, and remember what each line became."""
    new = [line for line in planned if line.outcome is Outcome.CREATED]
    made = create_many(
        workshop=workshop,
        actor=actor_of(held),
        rows=[(line.row.data, line.row.keys) for line in new if line.row.data and line.row.keys],
    )
    for line, customer in zip(new, made, strict=True):
        line.customer = customer
    changed = [(line.customer, line.data) for line in planned if line.outcome is Outcome.UPDATED]
    update_many(workshop=workshop, changed=[(customer, data) for customer, data in changed if customer and data])
    _note(held, planned, every=True)


def _note(held: CustomerImport, planned: Iterable[Planned], *, every: bool = False) -> None:
    """What lines became; a check keeps only those that will write nothing."""
    writes = (Outcome.CREATED, Outcome.UPDATED)
    ImportLine.objects.bulk_create(
        ImportLine(
            workshop_id=held.workshop_id,
            source=held,
            line=line.row.line,
            outcome=line.outcome,
            customer=line.customer,
            reason=line.reason,
            cells=list(line.row.cells) if line.outcome is Outcome.REFUSED else [],
            changes=line.changes,
        )
        for line in planned
        if every or line.outcome not in writes
    )


def _advance(held: CustomerImport, planned: Sequence[Planned]) -> None:
    counts = Counter(line.outcome for line in planned)
    for outcome, column in COLUMN_OF.items():
        setattr(held, column, getattr(held, column) + counts[outcome])
    held.position, held.done = planned[-1].row.line, held.done + len(planned)
    held.save()


def _finish(workshop: Workshop, import_pk: int, state: str) -> None:
    """The end of the file: the check waits for a confirmation, the import is done and its file goes."""
    held = lock_import(import_pk)
    if held.state != state:
        return
    if state == ImportState.CHECKING:
        held.state = ImportState.CHECKED
        held.save()
        return
    if held.file_id:
        delete_file(actor=actor_of(held), stored=get_file(held.file_id))
    held.state, held.file_id, held.finished_at = ImportState.DONE, None, timezone.now()
    held.save()
    counts = {name: getattr(held, name) for name in ("created", "updated", "duplicates", "refused")}
    record(workshop=workshop, actor=actor_of(held), action="customer.imported", subject=held, changes=counts)


def _fail(import_pk: int, message: str) -> None:
    held = get_import(import_pk)
    held.state, held.failure = ImportState.FAILED, message[:300]
    held.save()
    log.warning("import_failed", import_id=import_pk, reason=message)
