"""Measure every component at a regular interval; a process of its own, exactly one of which runs."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from status.probing import Probing


class Command(BaseCommand):
    """`manage.py probe`, until SIGTERM or Ctrl-C; `--rounds 1` measures once."""

    help = "Measure every component of the service at a regular interval (STATUS_INTERVAL)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rounds", type=int, default=None, help="stop after so many rounds")

    def handle(self, *args: Any, rounds: int | None, **options: Any) -> None:
        stopping = threading.Event()

        def told_to_stop(_number: int, _frame: FrameType | None) -> None:
            stopping.set()

        signal.signal(signal.SIGTERM, told_to_stop)
        signal.signal(signal.SIGINT, told_to_stop)
        probing = Probing()
        probing.run(stopped=stopping.wait, rounds=rounds)
        if probing.keeping is not None:
            probing.keeping.join(timeout=10)
