"""Load the shared colour charts; running it again only repairs what differs."""

from django.core.management.base import BaseCommand

from app.powders.services.catalogue import load_catalogue


class Command(BaseCommand):
    """python manage.py load_catalogue"""

    help = "Load or refresh the shared colour charts (RAL Classic)."

    def handle(self, *args: object, **options: object) -> None:
        """Print how many colours the catalogue now holds."""
        self.stdout.write(f"{load_catalogue()} colours")
