"""`import_customers --workshop SLUG FILE [--commit] [--json]`: the import of the screens, from a terminal."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from app.crm.constants import Criterion
from app.dataio.constants import Decision, ImportState, Outcome
from app.dataio.models import CustomerImport
from app.dataio.selectors import get_import, reasons
from app.dataio.services.preparing import abandon, confirm_now, keep_file, set_rules, start_now
from app.dataio.services.running import work_on_import
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import find_workshop_by_slug
from app.workshops.selectors import list_owners

COUNTS = ("created", "updated", "duplicates", "refused")


class Command(BaseCommand):
    help = "Import customers from a CSV file. Without --commit, says what it would do and writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workshop", required=True, metavar="SLUG", help="the workshop's address")
        parser.add_argument("file", type=Path)
        parser.add_argument("--commit", action="store_true", help="write the customers")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--duplicates", choices=Decision.values, default=Decision.SKIP.value)
        parser.add_argument("--criteria", nargs="*", choices=Criterion.values, help="default: the workshop's settings")
        parser.add_argument("--tag", action="append", default=[], help="a tag for every customer")

    def handle(self, *args: Any, **options: Any) -> None:
        workshop = find_workshop_by_slug(options["workshop"])
        if workshop is None:
            raise CommandError(_("There is no workshop with this address."))
        try:
            report = _run(workshop, options)
        except (RuleError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else _as_text(report))


def _run(workshop: Workshop, options: dict[str, Any]) -> dict[str, Any]:
    """Check the file, and with --commit import it; a check leaves nothing behind."""
    with workshop_scope(workshop.pk), options["file"].open("rb") as file:
        actor = _actor()
        held = keep_file(workshop=workshop, actor=actor, name=options["file"].name, file=file)
        criteria = held.criteria if options["criteria"] is None else options["criteria"]
        set_rules(held=held, criteria=criteria, decision=options["duplicates"], tags=options["tag"])
        start_now(held=held)
    try:
        held = _worked(workshop, held)
        if options["commit"]:
            with workshop_scope(workshop.pk):
                confirm_now(actor=actor, held=held)
            held = _worked(workshop, held)
        with workshop_scope(workshop.pk):
            return _report(held, committed=options["commit"])
    finally:
        if not options["commit"]:
            with workshop_scope(workshop.pk):
                abandon(actor=actor, held=held)


def _actor() -> Actor:
    """The command, on behalf of the workshop's first Owner: each customer that it brings belongs to a person."""
    owner = list_owners().order_by("pk").first()
    return Actor(label="import_customers", origin=Origin.COMMAND, user_id=owner.user_id if owner else None)


def _worked(workshop: Workshop, held: CustomerImport) -> CustomerImport:
    work_on_import(workshop_id=workshop.pk, import_pk=held.pk)
    with workshop_scope(workshop.pk):
        done = get_import(held.pk)
    if done.state == ImportState.FAILED:
        raise RuleError(done.failure)
    return done


def _report(held: CustomerImport, *, committed: bool) -> dict[str, Any]:
    counts = {name: getattr(held, name) for name in COUNTS}
    header = list(held.header)
    columns = {field: header[index] for field, index in held.mapping.items()}
    told = {"refused_lines": reasons(held, Outcome.REFUSED), "duplicate_lines": reasons(held, Outcome.DUPLICATE)}
    return {"file": held.file_name, "committed": committed, "lines": held.total, **counts, "columns": columns, **told}


def _as_text(report: dict[str, Any]) -> str:
    lines = [f"{name}: {report[name]}" for name in ("lines", *COUNTS)]
    lines += [f"line {row['line']}: {row['reason']}" for row in report["refused_lines"]]
    return "\n".join([*lines, "written" if report["committed"] else "nothing written (use --commit)"])
