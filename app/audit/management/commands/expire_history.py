"""Remove the history older than two years."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from app.audit.retention import end_of_retention
from app.audit.services import remove_expired


class Command(BaseCommand):
    help = "Remove the entries of the history older than two years, in every workshop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say how many entries would go.")

    def handle(self, *args: Any, **options: Any) -> None:
        before = end_of_retention()
        count = remove_expired(before=before, dry_run=options["dry_run"])
        verb = "would be removed" if options["dry_run"] else "removed"
        self.stdout.write(f"{count} entries older than {before:%Y-%m-%d} {verb}.")
