"""`manage.py read_catalogue`: read the maker's shop now, as the hourly task does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from app.powders.maker import find_source
from app.powders.services.sharing import read_catalogue


class Command(BaseCommand):
    help = "Read what changed in the maker's shop since the last time."

    def handle(self, *args: Any, **options: Any) -> None:
        source = find_source()
        if source is None:
            self.stdout.write("No shop is connected (CATALOGUE_URL, CATALOGUE_API_URL).")
            return
        reading = read_catalogue(source)
        if reading.failure:
            raise CommandError(reading.failure)
        self.stdout.write(f"Read up to {reading.cursor}; {len(reading.problems)} products not understood.")
        for problem in reading.problems:
            self.stdout.write(f"  {problem['reference'] or problem['number']}: {' '.join(problem['reasons'])}")
