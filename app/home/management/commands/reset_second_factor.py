"""`manage.py reset_second_factor PERSON@EXAMPLE.FR --reason "…"`: see docs/runbooks/second-factor.md."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from app.accounts.selectors import find_person
from app.home.recovery import reset_second_factor
from app.kernel.errors import RuleError


class Command(BaseCommand):
    help = "Remove the second factor of somebody who has lost their device and their recovery codes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address that the person signs in with")
        parser.add_argument("--reason", required=True, help="how they were recognised; their workshops read it")

    def handle(self, *args: Any, **options: Any) -> None:
        person = find_person(options["email"])
        if person is None:
            raise CommandError("Nobody signs in with this address.")
        try:
            reset_second_factor(user=person, reason=options["reason"])
        except RuleError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{person.email}: second factor removed, sessions closed, person told.")
