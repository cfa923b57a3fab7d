"""Importing powders from a CSV: keep the file, show what it would do, do it once."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.csvfiles import open_csv
from app.kernel.errors import RuleError
from app.powders.constants import IMPORT_MAX_BYTES
from app.powders.importing import ParsedRow, missing_columns, parse_rows, read_table
from app.powders.models import Powder, PowderImport
from app.powders.selectors import powders_by_identity
from app.powders.services.bulk import Entry, write_powders
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop


class Outcome(StrEnum):
    """What a row does."""

    CREATE = "create"
    UPDATE = "update"
    SKIP = "skip"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row and what it does; the powder that it would change."""

    row: ParsedRow
    outcome: Outcome
    powder: Powder | None = None


def keep_file(*, workshop: Workshop, actor: Actor, name: str, file: BinaryIO) -> PowderImport:
    """Keep a file until it is confirmed. Raises RuleError when it is no table, or too large."""
    open_csv(file, max_bytes=IMPORT_MAX_BYTES)
    file.seek(0)
    content = file.read()
    read_table(content)
    kept: PowderImport = PowderImport.objects.create(
        workshop=workshop, file_name=name[:200], content=content, user_id=actor.user_id
    )
    return kept


def plan(*, kept: PowderImport, mapping: Mapping[str, int], update: bool) -> Iterator[PlannedRow]:
    """What each row would do. A powder that exists, or that the file names twice, is updated or skipped.

    Raises RuleError when a required column is not chosen or the file was imported already.
    """
    if kept.imported_at:
        raise RuleError(_("This file has already been imported."))
    if missing := missing_columns(mapping):
        raise RuleError(_("Choose the column of: %(fields)s.") % {"fields": ", ".join(missing)})
    existing = powders_by_identity()
    seen: set[tuple[str, str, str]] = set()
    for row in parse_rows(read_table(bytes(kept.content)), mapping):
        if row.data is None:
            yield PlannedRow(row, Outcome.REFUSE)
            continue
        identity = (row.data.reference.lower(), row.data.type, row.data.finish)
        powder = existing.get(identity)
        if identity in seen:
            yield PlannedRow(replace(row, errors=(_("The file names this powder twice."),)), Outcome.SKIP)
        elif powder is None:
            yield PlannedRow(row, Outcome.CREATE)
        else:
            yield PlannedRow(row, Outcome.UPDATE if update else Outcome.SKIP, powder)
        seen.add(identity)


def run_import(
    *, workshop: Workshop, actor: Actor, kept: PowderImport, mapping: Mapping[str, int], update: bool
) -> PowderImport:
    """Write what `plan` shows, all of it or nothing, and keep the report in place of the file."""
    with transaction.atomic():
        locked = PowderImport.objects.select_for_update().get(pk=kept.pk)
        planned = list(plan(kept=locked, mapping=mapping, update=update))
        write_powders(workshop=workshop, actor=actor, entries=[entry for row in planned if (entry := _entry(row))])
        counts = Counter[str](row.outcome for row in planned)
        rows = [held.row for held in planned if held.outcome is Outcome.REFUSE]
        refused = [{"line": row.line, "cells": row.cells, "reason": " ".join(row.errors)} for row in rows]
        header = read_table(bytes(locked.content)).header
        locked.report = {"counts": counts, "refused": json.loads(json.dumps(refused)), "header": header}
        locked.content, locked.imported_at = b"", timezone.now()
        locked.save()
        record(workshop=workshop, actor=actor, action="powder.imported", subject=locked, changes=dict(counts))
    return locked


def _entry(planned: PlannedRow) -> Entry | None:
    data, price = planned.row.data, planned.row.price_per_kg
    writes = planned.outcome in (Outcome.CREATE, Outcome.UPDATE)
    return Entry(data, price, planned.powder) if data and writes else None
