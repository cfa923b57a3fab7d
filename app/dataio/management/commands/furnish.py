"""python manage.py furnish COMMAND…: what a new installation holds, loaded by one process."""

from typing import Any

from django.core.management import BaseCommand, CommandParser, call_command


class Command(BaseCommand):
    help = "Run these commands one after another: starting takes longer than most of them do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("commands", nargs="+", metavar="COMMAND", help="such as load_plans; none takes an argument")

    def handle(self, *args: Any, **options: Any) -> None:
        for command in options["commands"]:
            call_command(command, stdout=self.stdout, stderr=self.stderr)
