"""Load the demonstration workshops."""

import json
import os
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from app.dataio.demo.loading import Loaded, load_demo

FILE = "demo.json"


class Command(BaseCommand):
    help = "Make the demonstration workshops where they are missing; how to sign in is written to demo.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="delete them first, with all that was done in them")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded, made = load_demo(reset=options["reset"])
        _write(loaded)
        self.stdout.write("Demonstration made" if made else "Demonstration already there")


def _write(loaded: Loaded) -> None:
    """Readable by the owner of the file only: it holds passwords."""
    path = settings.DATA_DIR / FILE
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(loaded), file, ensure_ascii=False, indent=2)
