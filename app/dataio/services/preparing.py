"""An import until it is confirmed: the file kept, its columns told, its rules chosen. Nothing else is written."""

import codecs
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import BinaryIO, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from app.crm.selectors import get_settings
from app.entitlements.constants import Dimension
from app.entitlements.services import require_room
from app.files.constants import CSV
from app.files.selectors import get_file, open_file
from app.files.services import clean_name, delete_file, store_file
from app.kernel.csvfiles import CsvTable, open_csv
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..columns import guess_mapping, names_somebody
from ..constants import IMPORT_MAX_BYTES, IMPORT_MAX_ROWS, PREVIEW_ROWS, WORK_TASK, ImportState
from ..locks import lock_import
from ..models import CustomerImport, ImportLine
from ..parsing import parse_rows
from ..planning import Planned, Planner, Rules
from ..selectors import has_written

#: UTF-16 without its mark was guessed from the whole file; with it, everybody who reads the file again agrees.
MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
COUNTERS = ("position", "done", "created", "updated", "duplicates", "refused")


def keep_file(*, workshop: Workshop, actor: Actor, name: str, file: BinaryIO) -> CustomerImport:
    """Keep a file until it is confirmed. RuleError with what is wrong when it is no table, too large or too long."""
    table = open_csv(file, max_bytes=IMPORT_MAX_BYTES)
    total = sum(1 for _row in islice(table.rows(), IMPORT_MAX_ROWS + 1))
    if not total:
        raise RuleError(_("The file has no line below the names of its columns."))
    if total > IMPORT_MAX_ROWS:
        raise RuleError(
            _("The file has more than %(limit)d lines. Split it into several files.") % {"limit": IMPORT_MAX_ROWS}
        )
    file.seek(0)
    content = MARKS.get(table.encoding, b"") + file.read()
    with transaction.atomic():
        stored = store_file(workshop=workshop, actor=actor, name=name, content=content, kind="import", content_type=CSV)
        return CustomerImport.objects.create(
            workshop=workshop,
            file_id=stored.public_id,
            file_name=clean_name(name),
            header=list(table.header),
            total=total,
            mapping=guess_mapping(table.header),
            criteria=get_settings(workshop).duplicate_criteria,
            requested_by=actor.label,
            user_id=actor.user_id,
        )


def open_source(held: CustomerImport) -> BinaryIO:
    """The bytes of an import's file, to be closed by the caller. RuleError when they are no longer there."""
    if held.file_id is None:
        raise RuleError(_("The file of this import has been removed: send it again."))
    try:
        return cast(BinaryIO, open_file(get_file(held.file_id)))
    except FileNotFoundError as error:
        raise RuleError(_("The file of this import has been lost: send it again.")) from error


def read_source(source: BinaryIO) -> CsvTable:
    """The bytes as a table."""
    return open_csv(cast(BinaryIO, getattr(source, "file", source)), max_bytes=IMPORT_MAX_BYTES)


def set_mapping(*, held: CustomerImport, mapping: Mapping[str, int]) -> CustomerImport:
    """Tell which column holds what. RuleError when none says who the customers are."""
    if not names_somebody(mapping):
        raise RuleError(_("Choose the column of the name, of the company or of the e-mail address."))
    return _change(held, mapping=dict(mapping))


def set_rules(*, held: CustomerImport, criteria: Sequence[str], decision: str, tags: Sequence[str]) -> CustomerImport:
    """Choose how duplicates are recognised and treated, and the tags that every line receives."""
    return _change(held, criteria=list(criteria), decision=decision, tags=list(tags))


def preview(held: CustomerImport) -> list[Planned]:
    """What the first lines would do."""
    with open_source(held) as source:
        rows = list(islice(parse_rows(read_source(source), held.mapping, tuple(held.tags)), PREVIEW_ROWS))
    return Planner(rules_of(held)).plan(rows)


def rules_of(held: CustomerImport) -> Rules:
    """The rules chosen for an import."""
    return Rules(tuple(held.criteria), held.decision)


def start_check(*, workshop: Workshop, held: CustomerImport) -> CustomerImport:
    """Have a worker read the whole file and count what it would do; nothing is written to the customers."""
    with transaction.atomic():
        locked = start_now(held=held)
        send_on_commit(WORK_TASK, workshop_id=workshop.pk, import_pk=locked.pk)
    return locked


def start_now(*, held: CustomerImport) -> CustomerImport:
    """Make the import ready to be checked by the caller itself. RuleError when no column says who people are."""
    with transaction.atomic():
        if not names_somebody(lock_import(held.pk).mapping):
            raise RuleError(_("Choose the column of the name, of the company or of the e-mail address."))
        return _restarted(held, ImportState.CHECKING, (ImportState.MAPPING, ImportState.CHECKED, ImportState.FAILED))


def confirm(*, workshop: Workshop, actor: Actor, held: CustomerImport) -> CustomerImport:
    """Start the import itself, once. RuleError when it was not checked or when another one is running.

    QuotaReachedError when the customers to create do not all fit: nothing is written then.
    """
    with transaction.atomic():
        locked = confirm_now(actor=actor, held=held)
        send_on_commit(WORK_TASK, workshop_id=workshop.pk, import_pk=locked.pk)
    return locked


def confirm_now(*, actor: Actor, held: CustomerImport) -> CustomerImport:
    """Make the import ready to be run by the caller itself; refused as `confirm` is."""
    require_room(workshop=held.workshop, dimension=Dimension.CONTACTS, amount=held.created, actor=actor)
    try:
        with transaction.atomic():
            locked = _restarted(held, ImportState.RUNNING, (ImportState.CHECKED,))
            locked.requested_by, locked.user_id = actor.label, actor.user_id
            locked.save()
    except IntegrityError as error:
        if "one_running_customer_import" not in str(error):
            raise
        raise RuleError(_("Another import is running: wait until it has finished.")) from error
    return locked


def abandon(*, actor: Actor, held: CustomerImport) -> None:
    """Forget an import that has written nothing, and its file. RuleError once it runs or has run."""
    with transaction.atomic():
        locked = lock_import(held.pk)
        if locked.state in (ImportState.RUNNING, ImportState.DONE) or has_written(locked):
            raise RuleError(_("This import has already written customers: it stays in the list."))
        if locked.file_id:
            delete_file(actor=actor, stored=get_file(locked.file_id))
        locked.delete()


def _restarted(held: CustomerImport, state: ImportState, allowed: Sequence[ImportState]) -> CustomerImport:
    """The import from its first line, in another state."""
    locked = lock_import(held.pk)
    if locked.state not in allowed:
        raise RuleError(_("This import is already under way."))
    ImportLine.objects.filter(source=locked).delete()
    locked.state, locked.failure = state, ""
    for name in COUNTERS:
        setattr(locked, name, 0)
    locked.save()
    return locked


def _change(held: CustomerImport, **values: object) -> CustomerImport:
    """Change what a check must see: what was checked before no longer holds."""
    with transaction.atomic():
        locked = lock_import(held.pk)
        if locked.state not in (ImportState.MAPPING, ImportState.CHECKED):
            raise RuleError(_("This import is already under way."))
        locked.state = ImportState.MAPPING
        for name, value in values.items():
            setattr(locked, name, value)
        locked.save()
    return locked
