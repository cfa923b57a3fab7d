"""The day's work on subscriptions, at a given moment."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from app.billing.services.daily import run_daily


class Command(BaseCommand):
    help = "Suspend, remind, end what is over, and compare each subscription with Stripe, as of a moment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="the moment, ISO 8601 (2026-12-01T06:00+01:00); now by default")

    def handle(self, *args: Any, **options: Any) -> None:
        done = run_daily(_moment(options["at"]))
        self.stdout.write(f"{done['workshops']} workshops compared, {done['failed']} to do again")
        if done["failed"]:
            raise CommandError("some workshops could not be compared; the log says why")


def _moment(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"not a moment: {text}") from error
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
