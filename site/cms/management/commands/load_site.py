"""Put the supplied pages of the site in place."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Create the pages of the site that are missing; a page that an editor has changed is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            for content in settings.SITE_CONTENT:
                self.stdout.write(f"{content}: {import_string(content)()} pages")
